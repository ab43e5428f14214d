import type { Cause } from '../cause/cause.ts'
import type { PassedOn } from '../channel.ts'
import type { VigiaEvent } from '../event/event.ts'
import type { Severity } from '../event/severity.ts'
import type { Attempt } from '../message/attempt.ts'
import type { PathKind, PathSnapshot } from '../monitor/path.ts'
import type { ConditionStep } from '../rule/condition.ts'
import type { Decision } from './decision.ts'
import type { Missed } from './missed.ts'

/** What one rule made of an event. */
export interface RuleExplanation {
  /** Null for the rule that the event's monitor carries, and for that under which the server tells of itself. */
  readonly rule: { readonly id: number; readonly name: string } | null
  /** True when the rule was changed after it looked: conditions are shown as they are now. */
  readonly changedSince: boolean
  readonly conditions: { readonly passed: boolean; readonly steps: readonly ConditionStep[] } | null
  readonly severity: { readonly needed: Severity | null; readonly actual: Severity; readonly passed: boolean }
  /** Of the decisions that were kept; empty when the rule did not match. */
  readonly decisions: readonly Decision[]
  /** What became of it, and why. */
  readonly cause: Cause
  /** The same of a rule that did nothing; null where there are decisions. */
  readonly missed: Missed | null
}

export interface NotificationExplanation {
  readonly id: number
  readonly channel: string | null
  readonly reason: string
  readonly status: string
  readonly nextAttemptAt: number | null
  /** The channel by which a copy of it went. */
  readonly fallback: string | null
  /** Of a channel that passes its messages on: by which channels it went, to whom, and why to them. */
  readonly via?: readonly PassedOn[]
  readonly attempts: readonly Attempt[]
}

export interface Explanation {
  readonly event: VigiaEvent
  readonly rules: readonly RuleExplanation[]
  readonly notifications: readonly NotificationExplanation[]
  /** Of a monitor that is down: the way to its host, as far as it was seen. */
  readonly paths?: Partial<Readonly<Record<PathKind, PathSnapshot>>>
  /** One sentence for the whole. */
  readonly summary: Cause
}
