import { type Alert, isAcknowledged } from './alert.ts'

/** Why a notification exists: a closed set. */
const NOTIFY_REASONS = ['first', 'repeat', 'reminder', 'resolved', 'digest', 'escalated', 'test'] as const
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
}

/** What happened to the alert just now; `unattended`: nobody took care of it for as long as an escalation step waits. */
export type AlertChange = 'opened' | 'updated' | 'resolved' | 'tick' | 'unattended'

/** What was told of this alert so far. */
export type SentBefore = Pick<Alert, 'lastToldAt' | 'reminders'>

/** What else stands in the way of telling. */
export interface NotifyContext {
  /** When people were last told of this subject under this rule, earlier alerts included, ms; null for never. */
  readonly toldBefore?: number | null
  /** What keeps the alert quiet now: a silence, a window, a parent that is down, its own flapping. */
  readonly quiet?: { readonly kind: QuietKind; readonly until?: number } | undefined
}

export type QuietKind = 'silenced' | 'maintenance' | 'parent' | 'parent_pending' | 'flapping' | 'correlated'

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
}

/** Wait before reminder `number` (0 for the first), ms; undefined when there are none. */
const reminderWait = (policy: NotifyPolicy, number: number): number | undefined =>
  policy.reminderMs[Math.min(number, policy.reminderMs.length - 1)]

/** When the clock must look at a firing alert again, ms; null when it never needs to. */
export const nextReminderAt = (policy: NotifyPolicy, sent: SentBefore): number | null => {
  const wait = reminderWait(policy, sent.reminders)
  return wait === undefined || sent.lastToldAt === null ? null : sent.lastToldAt + wait
}

const afterCooldown = (
  reason: 'first' | 'repeat',
  toldAt: number | null,
  { cooldownMs }: NotifyPolicy,
  now: number,
): NotifyDecision => {
  // Told later than now: the clock has been set back since, and nothing may hold news for longer than the cooldown.
  const told = toldAt === null || toldAt > now ? Number.NEGATIVE_INFINITY : toldAt
  const until = told + cooldownMs
  return now < until ? { reason: null, held: 'cooldown', until } : { reason }
}

/** The one place that decides whether, and why, people are told of a change of an alert. Pure. */
export const notifyReason = (
  change: AlertChange,
  alert: Alert,
  policy: NotifyPolicy,
  now: number,
  { toldBefore = alert.lastToldAt, quiet }: NotifyContext = {},
): NotifyDecision => {
  if (change === 'resolved') {
    if (!policy.notifyRecovery) return { reason: null, held: 'recovery_off' }
    return alert.lastToldAt === null ? { reason: null, held: 'never_told' } : { reason: 'resolved' }
  }
  if (quiet) return { reason: null, held: quiet.kind, ...(quiet.until !== undefined && { until: quiet.until }) }
  if (isAcknowledged(alert, now))
    return {
      reason: null,
      held: 'acknowledged',
      ...(alert.acknowledgeUntil !== null && { until: alert.acknowledgeUntil }),
    }
  if (change === 'unattended') return { reason: 'escalated' }
  const news = alert.lastToldAt === null ? 'first' : 'repeat'
  if (change === 'opened') return afterCooldown('first', toldBefore, policy, now)
  if (change === 'updated')
    return policy.repeats ? afterCooldown(news, toldBefore, policy, now) : { reason: null, held: 'updates_quiet' }
  // The clock comes for an alert that was never told when what kept it quiet has ended.
  if (news === 'first') return { reason: 'first' }
  const due = nextReminderAt(policy, alert)
  if (due === null) return { reason: null, held: 'no_reminders' }
  return now < due ? { reason: null, held: 'not_due', until: due } : { reason: 'reminder' }
}
