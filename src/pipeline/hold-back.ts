import type { Channel } from '#core/channel-spec.ts'
import { isUrgent, rateBudget } from '#core/delivery.ts'
import type { Notification } from '#core/notification.ts'
import type { Severity } from '#core/severity.ts'
import type { Repositories, Storage } from '#storage/index.ts'

export interface HoldBackDeps {
  readonly storage: Storage
  readonly channels: () => readonly Channel[]
}

const severityOf = ({ payload }: Notification): Severity => payload.severity as Severity

/** Notifications that one digest tells: the held ones, and what follows them about the same alerts. */
const digestMembers = (waiting: readonly Notification[]): readonly Notification[] => {
  const held = waiting.filter(({ status }) => status === 'held')
  const alerts = new Set(held.map(({ alertId }) => alertId))
  return waiting.filter(({ status, alertId }) => status === 'held' || (alertId !== null && alerts.has(alertId)))
}

/**
 * Applies one channel's limit: beyond it messages are held, and when a place is free again one digest tells all that
 * was held. Returns when to look again, ms; null when nothing is held.
 */
const limitChannel = async (channel: Channel, now: number, repositories: Repositories): Promise<number | null> => {
  const { notifications } = repositories
  const limit = channel.rateLimit!
  const waiting = (await notifications.waiting(channel.id, now)).filter(({ reason }) => reason !== 'test')
  const ready = waiting.filter(({ reason }) => reason !== 'digest')
  if (ready.length === 0) return null
  const urgent = ready.filter((one) => isUrgent(severityOf(one), channel.urgent))
  for (const one of urgent) await freeTheWay(one, ready, repositories)
  const ordinary = ready.filter((one) => !urgent.includes(one))
  const sentAt = await notifications.sentAt(channel.id, now - limit.perMs, now)
  const { free, freeAt } = rateBudget(limit, sentAt, now)
  const members = digestMembers(ordinary)
  // A retry of a digest is already on its way: what is held waits for the next one.
  const digestWaits = waiting.some(({ reason }) => reason === 'digest')
  if (members.length > 0 && free > 0 && !digestWaits) {
    const [digest] = await notifications.insert([
      { alertId: null, channelId: channel.id, reason: 'digest', payload: digestPayload(members), createdAt: now },
    ])
    await notifications.toldBy(
      members.map(({ id }) => id),
      digest!,
    )
    return null
  }
  const fresh = ordinary.filter(
    ({ status, alertId }) => status === 'pending' && !members.some((held) => held.alertId === alertId),
  )
  const queueing = members.length > 0
  const over = queueing ? fresh : fresh.slice(free)
  await notifications.hold(over.map(({ id }) => id))
  return over.length > 0 || queueing ? Math.max(freeAt, now + 1000) : null
}

/** An urgent message does not wait behind what is held of the same alert: it tells that as well. */
const freeTheWay = async (urgent: Notification, waiting: readonly Notification[], { notifications }: Repositories) => {
  const behind = waiting.filter(
    ({ status, alertId, id }) => status === 'held' && alertId !== null && alertId === urgent.alertId && id < urgent.id,
  )
  if (behind.length > 0)
    await notifications.toldBy(
      behind.map(({ id }) => id),
      urgent.id,
    )
}

/** A digest's own facts; its items are read when it is sent, so that it tells the state of that moment. */
const digestPayload = (members: readonly Notification[]) => ({
  severity: members.map(severityOf).reduce((worst, one) => (isUrgent(one, worst) ? one : worst)),
  subject: 'digest',
  since: Math.min(...members.map(({ createdAt }) => createdAt)),
  labels: {},
  monitor: null,
  target: null,
  state: null,
  previousState: null,
  cause: null,
  rule: null,
})

/**
 * Holds back what is over the limits of the channels, and turns what was held into digests when their time has come.
 * Returns when to look again, ms; null when nothing is held.
 */
export const holdBack = async (now: number, { storage, channels }: HoldBackDeps): Promise<number | null> => {
  const limited = channels().filter(({ rateLimit }) => rateLimit !== undefined)
  if (limited.length === 0) return null
  return storage.transaction(async (repositories) => {
    let next: number | null = null
    for (const channel of limited) {
      const at = await limitChannel(channel, now, repositories)
      if (at !== null) next = next === null ? at : Math.min(next, at)
    }
    return next
  })
}
