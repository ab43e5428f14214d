import type { Alert } from '#core/alert/alert.ts'
import { eventKind } from '#core/event/event.ts'
import type { DigestItem } from '#core/message/message.ts'
import type { Notification } from '#core/message/notification.ts'
import type { InsteadOf, NotificationFacts } from '#core/message/notification-facts.ts'
import type { Repositories } from '#storage/index.ts'
import { openNow } from './open-now.ts'

/**
 * What a digest tells, one item per subject that it holds, of its latest alert: the state at this moment, so that what has recovered is
 * listed as recovered.
 */
export const digestItems = async (
  { id, payload }: Pick<Notification, 'id' | 'payload'>,
  { notifications, alerts, monitors }: Pick<Repositories, 'notifications' | 'alerts' | 'monitors'>,
): Promise<DigestItem[]> => {
  // A copy that goes by another channel tells what the original holds.
  const original = payload.insteadOf as InsteadOf | undefined
  const members = [
    ...(original ? await notifications.membersOf(original.notification) : []),
    ...(await notifications.membersOf(id)),
  ]
  const bySubject = Map.groupBy(members, ({ about, alertId, id }) => about ?? alertId ?? `one ${id}`)
  return Promise.all([...bySubject.values()].map((group) => digestItem(group, { alerts, monitors })))
}

const affectedOf = ({ affected }: Record<string, unknown>): { readonly affected?: number } => {
  const count = (affected as { readonly count?: unknown } | undefined)?.count
  return typeof count === 'number' ? { affected: count } : {}
}

const kindOf = ({ event }: Record<string, unknown>): { readonly kind?: string } => {
  const found = event as NotificationFacts['event']
  return found ? { kind: eventKind({ ...found.data, type: found.type }) } : {}
}

/** What is about no monitor is neither up nor down: it is open. */
const openState = (facts: Record<string, unknown>, alert: Alert | undefined): string =>
  facts.monitor === null ? 'open' : String(alert?.data.state ?? facts.state ?? 'down')

/** Ends that say nothing of how the subject is; by time means no more than that nothing new came. */
const UNSEEN: ReadonlySet<Alert['resolvedBy']> = new Set(['time', 'removed', 'changed', 'paused', 'hand'])

/** How it stands now, or that it ended and nobody saw how, or is in trouble again of which nothing is told here. */
const stateOf = (facts: Record<string, unknown>, alert: Alert | undefined, isOpen: boolean): string => {
  if (alert?.status === 'resolved') return isOpen || UNSEEN.has(alert.resolvedBy) ? 'ended' : 'up'
  return openState(facts, alert)
}

/** Nobody looks at its monitor: how it stands is how it was seen last. */
const isPaused = async (alert: Alert | undefined, { monitors }: Pick<Repositories, 'monitors'>): Promise<boolean> =>
  alert?.status === 'firing' && alert.monitorId !== null && (await monitors.byId(alert.monitorId))?.paused === true

const digestItem = async (
  group: readonly Notification[],
  { alerts, monitors }: Pick<Repositories, 'alerts' | 'monitors'>,
): Promise<DigestItem> => {
  const latest = group.at(-1)!
  const facts = latest.payload as Record<string, unknown>
  const told = latest.alertId === null ? undefined : await alerts.byId(latest.alertId)
  // It may be over and have begun again without a message of its own: what is so now is told.
  const open = told?.status === 'resolved' ? await openNow(told, { alerts }) : undefined
  const alert = open?.fingerprint === told?.fingerprint ? (open ?? told) : told
  const state = stateOf(facts, alert, open !== undefined)
  return {
    subject: String(facts.subject),
    state,
    severity: alert?.severity ?? (facts.severity as DigestItem['severity']),
    since: new Date(alert?.resolvedAt ?? alert?.since ?? Number(facts.since)).toISOString(),
    cause: typeof alert?.data.cause === 'string' ? alert.data.cause : null,
    ...(typeof alert?.data.code === 'string' && { code: alert.data.code }),
    ...kindOf(facts),
    held: group.length,
    ...((await isPaused(alert, { monitors })) && { paused: true as const }),
    ...affectedOf(facts),
  }
}
