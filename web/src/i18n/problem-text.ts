import type { Told } from '../../../src/core/said.ts'
import { language } from './language.ts'
import { fill } from './sentences.ts'

type Spanish = typeof import('./problems-es.ts')

interface Refused extends Told {
  readonly message: string
}

/** Comes by itself, for who reads Spanish; until then a refusal is told as the server says it. */
let spanish: Spanish | undefined

export const loadSpanish = async (): Promise<void> => {
  spanish = await import('./problems-es.ts')
}

/** What is wrong with a value, in the reader's language where it has a code; else as the server says it. */
export const faultText = ({ message, fault, 'x-es': said }: Refused): string => {
  if (language() === 'en') return message
  // A server that is newer than this page may have a code that this page does not know.
  const sentence = fault && spanish?.FAULTS[fault.code]
  return sentence === undefined ? (said?.message ?? message) : fill(sentence, fault!.facts)
}

/** Why a request is refused as a whole, the same way. */
export const problemText = ({ code, ...said }: Refused & { readonly code: string }): string => {
  if (said.fault || said['x-es']) return faultText(said)
  const sentences: Readonly<Record<string, string>> = (language() === 'es' && spanish?.PROBLEMS) || {}
  return sentences[code] ?? said.message
}
