import { because, type Cause } from '#core/cause/cause.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Notification } from '#core/message/notification.ts'
import type { InsteadOf } from '#core/message/notification-facts.ts'
import type { Repositories } from '#storage/index.ts'
import { inEnglish } from '#templates/said.ts'

/** An attempt that was written down just now, and what is known of its channel. */
export interface Settled {
  readonly notification: Notification
  readonly delivered: boolean
  readonly channels: readonly Channel[]
  /** True for a channel that people read: one that machines read gets each notification, however late. */
  readonly forPeople: (channel: Channel) => boolean
  readonly now: number
}

type Store = Pick<Repositories, 'notifications'>

const insteadOf = ({ payload }: Notification): InsteadOf | undefined => payload.insteadOf

const waits = ({ status }: Notification): boolean => status === 'pending' || status === 'held'

/** The copy of a notification that goes by its fallback. */
const copyOf = async ({ id, fallbackId }: Notification, { notifications }: Store) => {
  const copy = fallbackId === null || fallbackId === id ? undefined : await notifications.byId(fallbackId)
  // What the other channel was told anyway is no copy: this one is a channel in its own right.
  return copy && insteadOf(copy)?.notification === id ? copy : undefined
}

/** The same, once it is delivered. */
const deliveredCopy = async (notification: Notification, store: Store) => {
  const copy = await copyOf(notification, store)
  if (!copy || copy.status === 'delivered') return copy
  const digest = copy.digestId === null ? undefined : await store.notifications.byId(copy.digestId)
  return digest?.status === 'delivered' ? copy : undefined
}

/** The channel by which all that a notification says has been told; undefined when it has something to say yet. */
const tellerOf = async (notification: Notification, store: Store): Promise<number | undefined> => {
  const copy = await deliveredCopy(notification, store)
  if (copy) return copy.channelId
  if (notification.reason !== 'digest') return undefined
  let teller: number | undefined
  for (const member of await store.notifications.membersOf(notification.id)) {
    teller = (await deliveredCopy(member, store))?.channelId
    if (teller === undefined) return undefined
  }
  return teller
}

/** Ends one that waits: another channel has told it. The end of what was not told here goes where its beginning went. */
const cancel = async (
  waiting: Notification,
  teller: Channel,
  cause: Cause,
  now: number,
  { notifications }: Store,
): Promise<void> => {
  const why = { error: inEnglish(cause), cause }
  await notifications.cancel(waiting.id, why, now)
  if (waiting.alertId === null) return
  const ofAlert = await notifications.ofAlert(waiting.alertId)
  const here = ofAlert.filter(({ channelId }) => channelId === waiting.channelId)
  if (here.some(({ status }) => status === 'delivered' || status === 'digested')) return
  for (const one of here)
    if (waits(one) && one.reason === 'resolved' && (await notifications.sameOn(teller.id, one)) !== undefined)
      await notifications.cancel(one.id, why, now)
}

/** Ends a notification that waits while its fallback has told all of it. */
const endOriginal = async (original: Notification, settled: Settled, store: Store): Promise<void> => {
  const { channels, forPeople, now } = settled
  const own = channels.find(({ id }) => id === original.channelId)
  if (!waits(original) || !own || !forPeople(own)) return
  const tellerId = await tellerOf(original, store)
  const teller = channels.find(({ id }) => id === tellerId)
  if (teller) await cancel(original, teller, because('sent_by_fallback', { channel: teller.name }), now, store)
}

/** Ends the copy, if it still waits, of what its own channel has delivered after all. */
const endCopy = async (original: Notification, channel: Channel, now: number, store: Store): Promise<void> => {
  const copy = await copyOf(original, store)
  if (copy && waits(copy)) await cancel(copy, channel, because('sent_after_all', { channel: channel.name }), now, store)
}

/** What a message told: itself, and what it held. */
const toldBy = async (notification: Notification, { notifications }: Store): Promise<readonly Notification[]> => {
  const fresh = await notifications.byId(notification.id)
  return [...(fresh ? [fresh] : []), ...(await notifications.membersOf(notification.id))]
}

/** What a copy stands for, as it waits now: itself, or within a digest. */
const originalOf = async (copy: Notification, { notifications }: Store): Promise<Notification | undefined> => {
  const of = insteadOf(copy)
  const original = of && (await notifications.byId(of.notification))
  return original?.digestId == null ? original : notifications.byId(original.digestId)
}

/**
 * Ends what another channel has told in its place, so that people do not hear the same by both: the original when its
 * copy was delivered, the copy when the original was. What is being sent at that moment is ended when its attempt has
 * failed; one that succeeds cannot be taken back.
 */
export const endToldElsewhere = async (settled: Settled, store: Store): Promise<void> => {
  const { notification, delivered, channels, now } = settled
  const channel = channels.find(({ id }) => id === notification.channelId)
  // A read for each message would be felt: only channels that stand in for one another are looked at.
  const standsIn = channel && channels.some(({ fallback }) => fallback?.to === channel.name)
  if (!channel || (!standsIn && !channel.fallback)) return
  if (!delivered) {
    const fresh = await store.notifications.byId(notification.id)
    if (fresh) await endOriginal(fresh, settled, store)
    return
  }
  for (const told of await toldBy(notification, store)) {
    const original = await originalOf(told, store)
    if (original) await endOriginal(original, settled, store)
    await endCopy(told, channel, now, store)
  }
}
