import type { Severity } from '../event/severity.ts'

type None = Readonly<Record<never, never>>

/** Why a rule did nothing about an event: each code with what its sentence names. */
interface MissedFacts {
  readonly rule_disabled: None
  readonly rule_newer: None
  /** A recovery, and no alert was open under this rule. */
  readonly no_episode: None
  /** The first condition that does not hold, as a sentence. */
  readonly conditions: { readonly condition: string }
  readonly severity: { readonly severity: Severity; readonly needed: Severity }
  readonly rule_changed: None
  /** Of the rule that a monitor carries, and of the server's own: the same as `no_episode`. */
  readonly nothing_to_end: None
  readonly no_own_channel: None
  /** `since` in ISO 8601; `changes` until then. */
  readonly flapping: { readonly since: string; readonly changes: number; readonly state: string }
  readonly unknown_state: None
  readonly no_change: None
}
export type MissedCode = keyof MissedFacts
export type Missed = {
  readonly [Code in MissedCode]: { readonly code: Code; readonly facts: MissedFacts[Code] }
}[MissedCode]
type MissedOf<Code extends MissedCode> = Extract<Missed, { readonly code: Code }>['facts']

/** What is told next of what flaps: `core/monitor/flapping.ts` and `pipeline/decide/network.ts` say when. */
export const FLAPPING_ENDS =
  'what is told next is its end: steady again after ten to fifteen quiet minutes, or down after five minutes without an answer'

/** Since when it flaps, and how it does now. */
export const flappingSince = ({ since, changes, state }: MissedOf<'flapping'>): string =>
  `it flaps since ${since} (${changes} changes until then; now it is ${state})`

const SENTENCE: { readonly [Code in MissedCode]: (facts: MissedOf<Code>) => string } = {
  rule_disabled: () => 'the rule is disabled',
  rule_newer: () => 'the rule did not exist yet',
  no_episode: () => 'the end of an episode that had no open alert under this rule',
  conditions: ({ condition }) => `not matched: ${condition}`,
  severity: ({ severity, needed }) => `not matched: severity ${severity} is below ${needed}`,
  rule_changed: () => 'it matches now, but did not when the event came: the rule was changed since',
  nothing_to_end: () => 'no alert was open that this could have ended',
  no_own_channel: () =>
    'no channel hears of the server itself: name some under witnesses.channels, or under defaults.channels',
  flapping: (facts) => `recorded, and not told: ${flappingSince(facts)}; ${FLAPPING_ENDS}`,
  unknown_state: () => 'what is unknown neither opens an alert nor ends one',
  no_change: () => 'it changed no alert',
}

/** The sentence of the API and the command line. */
export const missedText = ({ code, facts }: Missed): string => SENTENCE[code](facts as never)
