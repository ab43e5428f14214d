import type { Alert } from '#core/alert/alert.ts'
import { isUnseenEnd } from '#core/alert/unseen-end.ts'
import type { Meanwhile } from '#core/message/message.ts'
import type { Notification } from '#core/message/notification.ts'
import type { Repositories } from '#storage/index.ts'
import { troubleNow } from './trouble-now.ts'

type Store = Pick<Repositories, 'alerts' | 'notifications' | 'states'>

/** A message that is younger and was not tried before leaves as it was decided. */
const FRESH_MS = 5000

type Over = Alert & { readonly resolvedAt: number }
const isOver = (alert: Alert | undefined): alert is Over => alert != null && alert.resolvedAt !== null

const iso = (ms: number): string => new Date(ms).toISOString()

const again = ({ monitorId, facts, since }: Alert): Meanwhile => ({
  state: monitorId === null ? 'open' : String(facts.state),
  since: iso(since),
})

/**
 * An end says that the trouble is back only where the next end will follow: to who hears of that trouble as well. To others it
 * says no more than that it ended.
 */
const againFor = async (over: Over, channelId: number, store: Store): Promise<Meanwhile | undefined> => {
  const trouble = await troubleNow(over, store)
  if (!trouble) return undefined
  const { open } = trouble
  // What another rule had told before, and tells on, is not trouble again.
  if (open && open.fingerprint !== over.fingerprint && open.since < over.resolvedAt) return undefined
  if (!open || !(await store.notifications.channelsHearing(open.id)).includes(channelId))
    return { state: 'ended', since: iso(over.resolvedAt) }
  return again(open)
}

/** The beginning of what is over by now: in trouble again, well, or unsure. */
const overBy = async (over: Over, channelId: number, store: Store): Promise<Meanwhile> => {
  const trouble = await troubleNow(over, store)
  // Where no end follows, as a rule tells none, it stays the last word of what goes on and may have no message of its own.
  const endFollows = async () =>
    (await store.notifications.ofAlert(over.id)).some((one) => one.channelId === channelId && one.reason === 'resolved')
  if (trouble?.open?.fingerprint === over.fingerprint && !(await endFollows())) return again(trouble.open)
  const isUnsure = isUnseenEnd(over.resolvedBy) || trouble !== undefined
  return { state: isUnsure ? 'ended' : 'over', since: iso(over.resolvedAt) }
}

/**
 * What is so by now of what a message tells that could not leave in time; undefined when that is still so, and where nothing
 * can be said that stays the last word. `known`: its alert, as it is now.
 */
export const meanwhileOf = async (
  { reason, attempts, createdAt, channelId }: Notification,
  known: Pick<Alert, 'id' | 'status'>,
  now: number,
  store: Store,
): Promise<Meanwhile | undefined> => {
  if (attempts <= 1 && now - createdAt < FRESH_MS) return undefined
  const isEnd = reason === 'resolved'
  if (!isEnd && known.status === 'firing') return undefined
  const alert = await store.alerts.byId(known.id)
  // An end may be told of what goes on: to machines, of a monitor that is paused.
  if (!isOver(alert)) return undefined
  return isEnd ? againFor(alert, channelId, store) : overBy(alert, channelId, store)
}
