import type { JsonObject } from '#lib/json.ts'
import type { Cause } from './cause.ts'

/** A cause as it is stored: its English sentence, and its code and facts, which an older version did not know. */
export interface StoredCause {
  /** Empty for none. */
  readonly sentence: string
  readonly cause: Cause | undefined
}

/** A cause as programs are told: in events, alerts, messages and answers of the API. */
export type CauseFields = {
  /** One English sentence; null for none. */
  readonly cause: string | null
  /** What the sentence is made of, where it is one of ours: for who says it in another language. */
  readonly cause_code?: string
  readonly cause_facts?: JsonObject
}

/** Code and facts as they stand beside an English sentence; nothing where there are none. */
export const codeFields = (cause: Cause | undefined): Pick<CauseFields, 'cause_code' | 'cause_facts'> =>
  cause === undefined ? {} : { cause_code: cause.code, cause_facts: cause.facts as unknown as JsonObject }

/** A cause for programs: its English sentence, its code and facts. */
export const causeFields = (sentence: string, cause: Cause | undefined): CauseFields & { readonly cause: string } => ({
  cause: sentence,
  ...codeFields(cause),
})

/** The cause that was stored as a code and facts; undefined where there is none. */
export const storedCause = (
  code: string | null | undefined,
  facts: Cause['facts'] | null | undefined,
): Cause | undefined => (code ? { code: code as Cause['code'], facts: facts ?? {} } : undefined)
