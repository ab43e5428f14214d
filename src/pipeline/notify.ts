import type { Alert } from '#core/alert.ts'
import type { VigiaEvent } from '#core/event.ts'
import type { Monitor } from '#core/monitor.ts'
import { notificationFacts } from '#core/notification-facts.ts'
import { type AlertChange, type NotifyDecision, nextReminderAt, notifyReason } from '#core/notify-reason.ts'
import type { Rule } from '#core/rule.ts'
import type { Repositories } from '#storage/index.ts'

export interface NotifyInput {
  readonly change: AlertChange
  readonly alert: Alert
  readonly rule: Rule
  readonly event: VigiaEvent | undefined
  readonly monitor: Monitor | undefined
  readonly now: number
}

/**
 * Turns a change of an alert into notifications, or into the reason why there are none. Runs inside the transaction
 * that changed the alert. A recovery goes only where its problem went.
 */
export const notify = async (
  { change, alert, rule, event, monitor, now }: NotifyInput,
  { alerts, notifications }: Repositories,
): Promise<NotifyDecision> => {
  const decision = notifyReason(change, alert, rule, now)
  const told = decision.reason !== null && decision.reason !== 'resolved'
  const lastToldAt = told ? now : alert.lastToldAt
  const reminders = decision.reason === 'reminder' ? alert.reminders + 1 : alert.reminders
  const firing = alert.status === 'firing'
  const nextDueAt = firing ? nextReminderAt(rule, { lastToldAt, reminders }) : null
  const updated = { ...alert, lastToldAt, reminders, nextDueAt }
  await alerts.update(alert.id, { lastToldAt, reminders, nextDueAt: heldUntil(decision) ?? nextDueAt })
  if (decision.reason === null) return decision
  const channelIds = decision.reason === 'resolved' ? await notifications.channelsTold(alert.id) : rule.channelIds
  await notifications.insert(
    channelIds.map((channelId) => ({
      alertId: alert.id,
      channelId,
      reason: decision.reason!,
      payload: notificationFacts(updated, event, monitor, rule.name),
      createdAt: now,
    })),
  )
  return decision
}

/** An acknowledgement that expires or a clock that was early is looked at again when it ends. */
const heldUntil = ({ held, until }: NotifyDecision): number | undefined => (held === 'not_due' ? until : undefined)
