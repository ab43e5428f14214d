import type { ValueFault } from './value-fault.ts'

/** A sentence of a type for people: in English, with the Spanish beside it, where the type itself stands. */
export interface Said {
  readonly message: string
  readonly 'x-es': { readonly message: string }
}

/** A sentence in both languages. */
export const says = (english: string, spanish: string): Said => ({ message: english, 'x-es': { message: spanish } })

/** What an English sentence about something wrong comes with, for other languages: a code with facts, or its Spanish. */
export interface Told {
  readonly fault?: ValueFault
  readonly 'x-es'?: Said['x-es']
}

/** What goes beside an English sentence: the code, or the Spanish; nothing for undefined. */
export const toldBy = (told: ValueFault | Said | undefined): Told => {
  if (told === undefined) return {}
  return 'code' in told ? { fault: told } : { 'x-es': told['x-es'] }
}
