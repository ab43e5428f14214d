import type { ValueFault } from '../../../src/core/value-fault.ts'
import { language } from './language.ts'
import { FAULTS, PROBLEMS } from './problems-es.ts'

interface Said {
  readonly message: string
  readonly fault?: ValueFault | undefined
}

/** What is wrong with a value, in the reader's language where it has a code; else as the server says it. */
export const faultText = ({ message, fault }: Said): string => {
  const spanish = language() === 'es' && fault ? FAULTS[fault.code] : undefined
  if (spanish === undefined) return message
  const facts: Readonly<Record<string, unknown>> = fault!.facts
  return spanish.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name]))
}

/** Why a request is refused as a whole, the same way. */
export const problemText = ({ code, ...said }: Said & { readonly code: string }): string => {
  if (said.fault) return faultText(said)
  const spanish: Readonly<Record<string, string>> = language() === 'es' ? PROBLEMS : {}
  return spanish[code] ?? said.message
}
