import type { Alert } from '#core/alert/alert.ts'
import { causeOf } from '#core/alert/alert-facts.ts'
import { isUnseenEnd } from '#core/alert/unseen-end.ts'
import type { CauseFields } from '#core/cause/cause-fields.ts'
import { eventKind } from '#core/event/event.ts'
import { cutOffCount } from '#core/message/cut-off-count.ts'
import type { DigestItem } from '#core/message/message.ts'
import type { Notice } from '#core/message/notice.ts'
import type { Notification } from '#core/message/notification.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import type { Repositories } from '#storage/index.ts'
import { eventSaid } from '#templates/said.ts'
import { troubleNow } from './trouble-now.ts'

type DigestStore = Pick<Repositories, 'alerts' | 'notifications' | 'monitors' | 'states'>

/**
 * What a digest tells, one item per subject that it holds, of its latest alert: the state at this moment, so that what has recovered is
 * listed as recovered.
 */
export const digestItems = async (
  { id, payload }: Pick<Notification, 'id' | 'payload'>,
  store: DigestStore,
  latest: LatestAffected = asDecided,
): Promise<DigestItem[]> => {
  // A copy that goes by another channel tells what the original holds.
  const original = payload.insteadOf
  const members = [
    ...(original ? await store.notifications.membersOf(original.notification) : []),
    ...(await store.notifications.membersOf(id)),
  ]
  const bySubject = Map.groupBy(members, ({ about, alertId, id }) => about ?? alertId ?? `one ${id}`)
  return Promise.all([...bySubject.values()].map((group) => digestItem(group, store, latest)))
}

/** The facts of an open alert, with what stands behind its monitor as it is known now. */
export type LatestAffected = (facts: NotificationFacts) => NotificationFacts

const asDecided: LatestAffected = (facts) => facts

/** Those that are cut off while it is down, else those that stand behind it. */
const affectedOf = ({ affected }: NotificationFacts, state: string): { readonly affected?: number } => {
  if (!affected) return {}
  const cutOff = state === 'down' ? cutOffCount(affected) : 0
  const count = cutOff > 0 || state === 'down' ? cutOff : affected.count
  return count > 0 ? { affected: count } : {}
}

const kindOf = ({ event, rate }: NotificationFacts): Pick<DigestItem, 'kind' | 'rate'> =>
  event ? { kind: eventKind({ ...event.data, type: event.type }), ...(rate && { rate }) } : {}

/** Why it is so: of an event that says no cause, what its own fields come to. */
const whyOf = ({ event, rate }: NotificationFacts, alert: Alert | undefined): CauseFields => {
  const known: CauseFields = alert ? causeOf(alert) : { cause: null }
  if (known.cause !== null || !event || rate?.distinct !== undefined) return known
  return eventSaid({ ...event.data, type: event.type })
}

/** What is about no monitor is neither up nor down: it is open. */
const openState = (facts: NotificationFacts, alert: Alert | undefined): string =>
  facts.monitor === null ? 'open' : (alert?.facts.state ?? facts.state ?? 'down')

/** How it stands now, or that it ended and nobody saw how, or is in trouble again of which nothing is told here. */
const stateOf = (facts: NotificationFacts, alert: Alert | undefined, inTrouble: boolean): string => {
  if (alert?.status === 'resolved') return inTrouble || isUnseenEnd(alert.resolvedBy) ? 'ended' : 'up'
  return openState(facts, alert)
}

/** Nobody looks at its monitor: how it stands is how it was seen last. */
const isPaused = async (alert: Alert | undefined, { monitors }: Pick<Repositories, 'monitors'>): Promise<boolean> =>
  alert?.status === 'firing' && alert.monitorId !== null && (await monitors.byId(alert.monitorId))?.paused === true

const noticeItem = ({ subject, severity, since }: NotificationFacts, notice: Notice, held: number): DigestItem => ({
  subject,
  state: 'notice',
  severity,
  since: new Date(since).toISOString(),
  cause: null,
  held,
  notice,
})

const digestItem = async (
  group: readonly Notification[],
  { alerts, notifications, monitors, states }: DigestStore,
  affectedNow: LatestAffected,
): Promise<DigestItem> => {
  const hears = async ({ id }: Alert, channelId: number) =>
    (await notifications.channelsHearing(id)).includes(channelId)
  const latest = group.at(-1)!
  const facts = latest.payload
  if (facts.notice) return noticeItem(facts, facts.notice, group.length)
  const told = latest.alertId === null ? undefined : await alerts.byId(latest.alertId)
  // It may be over and have begun again without a message of its own: what is so now is told.
  const trouble = told?.status === 'resolved' ? await troubleNow(told, { alerts, states }) : undefined
  const open = trouble?.open
  // What this channel does not hear of is told by itself, and its end only then: here the end of what went before is.
  const isUnheard = latest.reason === 'resolved' && open !== undefined && !(await hears(open, latest.channelId))
  const alert = open?.fingerprint === told?.fingerprint && !isUnheard ? (open ?? told) : told
  const state = stateOf(facts, alert, trouble !== undefined)
  return {
    subject: facts.subject,
    state,
    severity: alert?.severity ?? facts.severity,
    since: new Date(alert?.resolvedAt ?? alert?.since ?? facts.since).toISOString(),
    ...whyOf(facts, alert),
    ...(alert?.facts.code !== undefined && { code: alert.facts.code }),
    ...kindOf(facts),
    held: group.length,
    ...((await isPaused(alert, { monitors })) && { paused: true as const }),
    ...affectedOf(alert?.status === 'firing' ? affectedNow(facts) : facts, state),
  }
}
