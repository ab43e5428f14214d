import { endsBySource } from '../event/ends-by-source.ts'
import { type Severity, severityRank } from '../event/severity.ts'
import { type Alert, isAcknowledged } from './alert.ts'

/** Why a notification exists: a closed set. */
const NOTIFY_REASONS = ['first', 'repeat', 'reminder', 'resolved', 'digest', 'escalated', 'test', 'notice'] as const
export type NotifyReason = (typeof NOTIFY_REASONS)[number]

/** What of a rule decides about telling. Durations in ms. */
export interface NotifyPolicy {
  /** Waits between reminders; the last one goes on. Empty for none. */
  readonly reminderMs: readonly number[]
  /** Smallest gap between two tellings of further events of an open alert. */
  readonly cooldownMs: number
  /** True tells each further event once the cooldown is over; false tells the opening only. */
  readonly repeats: boolean
  readonly notifyRecovery: boolean
  /** The end is told all the same where the event's own source tells it. */
  readonly recoveryOfSource?: boolean
}

/** What happened to the alert just now; `unattended`: nobody took care of it for as long as an escalation step waits. */
export type AlertChange = 'opened' | 'updated' | 'resolved' | 'tick' | 'unattended'

/** What was told of this alert so far. */
export type SentBefore = Pick<Alert, 'lastToldAt' | 'reminders'>

/** What else stands in the way of telling. */
export interface NotifyContext {
  /** When people were last told of this subject under this rule, earlier alerts included, ms; null for never. */
  readonly toldBefore?: number | null
  /** How severe that was; null where it is not known. */
  readonly severityBefore?: Severity | null
  /** That alert has ended, and people were told so. */
  readonly endTold?: boolean
  /** What keeps the alert quiet now: a silence, a window, a parent that is down, its own flapping. */
  readonly quiet?: { readonly kind: QuietKind; readonly until?: number } | undefined
}

type QuietKind = 'silenced' | 'maintenance' | 'parent' | 'parent_pending' | 'flapping' | 'correlated' | 'paused'

export interface NotifyDecision {
  readonly reason: NotifyReason | null
  /** Why not, for `explain`; absent when there is a reason. */
  readonly held?:
    | QuietKind
    | 'cooldown'
    | 'acknowledged'
    | 'not_due'
    | 'recovery_off'
    | 'no_reminders'
    | 'updates_quiet'
    | 'never_told'
  /** Until when it is held, ms, where that is known. */
  readonly until?: number
  /** It must be looked at again then: until then people's last word is not what is so. */
  readonly again?: true
}

/** Wait before reminder `number` (0 for the first), ms; undefined when there are none. */
const reminderWait = (policy: NotifyPolicy, number: number): number | undefined =>
  policy.reminderMs[Math.min(number, policy.reminderMs.length - 1)]

/** When the clock must look at a firing alert again, ms; null when it never needs to. */
export const nextReminderAt = (policy: NotifyPolicy, sent: SentBefore): number | null => {
  const wait = reminderWait(policy, sent.reminders)
  return wait === undefined || sent.lastToldAt === null ? null : sent.lastToldAt + wait
}

/** True when a severity is higher than the one that was told; false where that is not known. */
export const isWorse = (severity: Severity, than: Severity | null): boolean =>
  than !== null && severityRank(severity) > severityRank(than)

type Word = Pick<Alert, 'severity' | 'toldSeverity' | 'toldState' | 'facts'>

/** True when an alert is worse than people were told: no repetition, and nobody's acknowledgement was of this. */
const hasGrown = ({ severity, toldSeverity, toldState, facts }: Word): boolean =>
  isWorse(severity, toldSeverity) || (toldState === 'degraded' && facts.state === 'down')

/** True when its monitor is in another state than people were told. */
const hasChanged = ({ toldState, facts }: Word): boolean => toldState !== null && facts.state !== toldState

const afterCooldown = (
  reason: 'first' | 'repeat',
  toldAt: number | null,
  { cooldownMs }: NotifyPolicy,
  now: number,
  falseUntilThen: boolean,
): NotifyDecision => {
  // Told later than now: the clock has been set back since, and nothing may hold news for longer than the cooldown.
  const told = toldAt === null || toldAt > now ? Number.NEGATIVE_INFINITY : toldAt
  const until = told + cooldownMs
  if (now >= until) return { reason }
  return { reason: null, held: 'cooldown', until, ...(falseUntilThen && { again: true }) }
}

/** The opening of an alert: news, unless the same was told under an earlier one a moment ago. */
const opening = (alert: Alert, policy: NotifyPolicy, now: number, context: NotifyContext): NotifyDecision => {
  const { toldBefore = null, severityBefore = null, endTold = false } = context
  return isWorse(alert.severity, severityBefore)
    ? { reason: 'first' }
    : afterCooldown('first', toldBefore, policy, now, endTold)
}

/** What is told of an open alert that people know of, when something happens or the clock looks. */
const further = (
  change: 'updated' | 'tick',
  alert: Alert,
  policy: NotifyPolicy,
  now: number,
  toldBefore: number | null,
): NotifyDecision => {
  if (hasGrown(alert)) return { reason: 'repeat' }
  if (hasChanged(alert)) return afterCooldown('repeat', toldBefore, policy, now, true)
  if (change === 'updated')
    return policy.repeats
      ? afterCooldown('repeat', toldBefore, policy, now, false)
      : { reason: null, held: 'updates_quiet' }
  const due = nextReminderAt(policy, alert)
  if (due === null) return { reason: null, held: 'no_reminders' }
  return now < due ? { reason: null, held: 'not_due', until: due } : { reason: 'reminder' }
}

/** Whether a rule tells the end of an alert. */
export const tellsEnd = (
  { notifyRecovery, recoveryOfSource }: Pick<NotifyPolicy, 'notifyRecovery' | 'recoveryOfSource'>,
  { facts }: Pick<Alert, 'facts'>,
): boolean => notifyRecovery || (recoveryOfSource === true && endsBySource(facts.event_type ?? ''))

/** The one place that decides whether, and why, people are told of a change of an alert. Pure. */
export const notifyReason = (
  change: AlertChange,
  alert: Alert,
  policy: NotifyPolicy,
  now: number,
  context: NotifyContext = {},
): NotifyDecision => {
  const { toldBefore = alert.lastToldAt, quiet } = context
  const { lastToldAt, acknowledgeUntil: until } = alert
  if (change === 'resolved') {
    if (!tellsEnd(policy, alert)) return { reason: null, held: 'recovery_off' }
    return lastToldAt === null ? { reason: null, held: 'never_told' } : { reason: 'resolved' }
  }
  if (quiet) return { reason: null, held: quiet.kind, ...(quiet.until !== undefined && { until: quiet.until }) }
  // That somebody takes care of it is no reason why others never hear of it.
  const isNews = change !== 'unattended' && (lastToldAt === null || hasGrown(alert) || hasChanged(alert))
  if (isAcknowledged(alert, now) && !isNews)
    return { reason: null, held: 'acknowledged', ...(until !== null && { until }) }
  if (change === 'unattended') return { reason: 'escalated' }
  // The clock comes for an alert that was never told when what kept it quiet has ended.
  if (change === 'opened' || lastToldAt === null)
    return change === 'updated' && !policy.repeats
      ? { reason: null, held: 'updates_quiet' }
      : opening(alert, policy, now, { ...context, toldBefore })
  return further(change, alert, policy, now, toldBefore)
}
