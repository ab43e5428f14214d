import type { Told } from '../../../src/core/said.ts'
import { language } from './language.ts'
import { FAULTS, PROBLEMS } from './problems-es.ts'

interface Refused extends Told {
  readonly message: string
}

/** What is wrong with a value, in the reader's language where it has a code; else as the server says it. */
export const faultText = ({ message, fault, 'x-es': said }: Refused): string => {
  if (language() === 'en') return message
  // A server that is newer than this page may have a code that this page does not know.
  const spanish = fault && FAULTS[fault.code]
  if (spanish === undefined) return said?.message ?? message
  const facts: Readonly<Record<string, unknown>> = fault!.facts
  return spanish.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name]))
}

/** Why a request is refused as a whole, the same way. */
export const problemText = ({ code, ...said }: Refused & { readonly code: string }): string => {
  if (said.fault || said['x-es']) return faultText(said)
  const spanish: Readonly<Record<string, string>> = language() === 'es' ? PROBLEMS : {}
  return spanish[code] ?? said.message
}
