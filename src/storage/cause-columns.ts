import type { Cause } from '#core/cause/cause.ts'
import { storedCause } from '#core/cause/cause-fields.ts'

/** Code and facts of a cause, as columns beside its English sentence; null of what an older version stored. */
export interface CauseColumns {
  readonly cause_code: string | null
  readonly cause_facts: string | null
}

export const causeOfRow = ({ cause_code, cause_facts }: CauseColumns): Cause | undefined =>
  storedCause(cause_code, cause_facts === null ? null : (JSON.parse(cause_facts) as Cause['facts']))

/** Values of the two columns, in order. */
export const causeValues = (cause: Cause | undefined): readonly (string | null)[] =>
  cause ? [cause.code, JSON.stringify(cause.facts)] : [null, null]
