import type { Told } from '../../../src/core/said.ts'
import { language } from './language.ts'

type Spanish = typeof import('./problems-es.ts')

interface Refused extends Told {
  readonly message: string
}

/** Comes by itself, for who reads Spanish; until then a refusal is told as the server says it. */
let spanish: Spanish | undefined

export const loadSpanish = async (): Promise<void> => {
  spanish = await import('./problems-es.ts')
}

/** What is wrong with a value, in the reader's language where the server says it in that. */
export const faultText = ({ message, 'x-es': said }: Refused): string =>
  language() === 'es' ? (said?.message ?? message) : message

/** Why a request is refused as a whole, the same way. */
export const problemText = ({ code, ...said }: Refused & { readonly code: string }): string => {
  if (said['x-es']) return faultText(said)
  const sentences: Readonly<Record<string, string>> = (language() === 'es' && spanish?.PROBLEMS) || {}
  return sentences[code] ?? said.message
}
