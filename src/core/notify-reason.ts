import type { Alert } from './alert.ts'

/** Why a notification exists: a closed set. */
export const NOTIFY_REASONS = ['first', 'repeat', 'reminder', 'resolved', 'digest', 'escalated', 'test'] as const
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

/** What happened to the alert just now. */
export type AlertChange = 'opened' | 'updated' | 'resolved' | 'tick'

/** What was told of this alert so far. */
export type SentBefore = Pick<Alert, 'lastToldAt' | 'reminders'>

export interface NotifyDecision {
  readonly reason: NotifyReason | null
  /** Why not, for `explain`; absent when there is a reason. */
  readonly held?:
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
export const reminderWait = (policy: NotifyPolicy, number: number): number | undefined =>
  policy.reminderMs[Math.min(number, policy.reminderMs.length - 1)]

const acknowledged = (alert: Alert, now: number): boolean =>
  alert.acknowledgedAt !== null && (alert.acknowledgeUntil === null || now < alert.acknowledgeUntil)

/** When the clock must look at a firing alert again, ms; null when it never needs to. */
export const nextReminderAt = (policy: NotifyPolicy, sent: SentBefore): number | null => {
  const wait = reminderWait(policy, sent.reminders)
  return wait === undefined || sent.lastToldAt === null ? null : sent.lastToldAt + wait
}

/** The one place that decides whether, and why, people are told of a change of an alert. Pure. */
export const notifyReason = (
  change: AlertChange,
  alert: Alert,
  policy: NotifyPolicy,
  now: number,
  sent: SentBefore = alert,
): NotifyDecision => {
  if (change === 'opened') return { reason: 'first' }
  if (change === 'resolved') {
    if (!policy.notifyRecovery) return { reason: null, held: 'recovery_off' }
    return sent.lastToldAt === null ? { reason: null, held: 'never_told' } : { reason: 'resolved' }
  }
  if (acknowledged(alert, now)) return { reason: null, held: 'acknowledged' }
  if (change === 'updated') {
    if (!policy.repeats) return { reason: null, held: 'updates_quiet' }
    const until = (sent.lastToldAt ?? Number.NEGATIVE_INFINITY) + policy.cooldownMs
    return now < until ? { reason: null, held: 'cooldown', until } : { reason: 'repeat' }
  }
  const due = nextReminderAt(policy, sent)
  if (due === null) return { reason: null, held: 'no_reminders' }
  return now < due ? { reason: null, held: 'not_due', until: due } : { reason: 'reminder' }
}
