import type { JsonObject } from '#lib/json.ts'

/** What became of an event under a rule that it matched: a reason that was told, or why nothing was. */
const DECISION_OUTCOMES = [
  'first',
  'repeat',
  'reminder',
  'resolved',
  'cooldown',
  'silenced',
  'maintenance',
  'parent',
  'parent_pending',
  'flapping',
  'correlated',
  'paused',
  'acknowledged',
  'recovery_off',
  'updates_quiet',
  'never_told',
  'rate',
  'too_old',
  'no_effect',
  'no_channels',
  'merged',
] as const
export type DecisionOutcome = (typeof DECISION_OUTCOMES)[number]

/** Kept for `explain`: rules whose conditions did not hold are not kept, they are looked at again. */
export interface Decision {
  readonly eventId: number
  /** Null for the rule that a monitor carries. */
  readonly ruleId: number | null
  readonly alertId: number | null
  readonly at: number
  readonly outcome: DecisionOutcome
  /** Until when it is held back, ms. */
  readonly until: number | null
  /** Facts: the count of a rate, the silence, the notifications. */
  readonly detail: JsonObject
}
