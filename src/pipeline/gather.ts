import type { Channel } from '#core/channel-spec.ts'
import { isUrgent } from '#core/delivery.ts'
import {
  type DigestWhy,
  type Gatherer,
  gather,
  LATE_MS,
  type SentBefore,
  STORM_MS,
  type Waiting,
} from '#core/gather.ts'
import type { Notification } from '#core/notification.ts'
import { quietUntil } from '#core/quiet-hours.ts'
import type { Severity } from '#core/severity.ts'
import { wallClock } from '#lib/zoned-time.ts'
import type { Repositories, Storage } from '#storage/index.ts'

export interface GatherDeps {
  readonly storage: Storage
  readonly channels: () => readonly Channel[]
  /** True for a channel that people read. */
  readonly forPeople: (channel: Channel) => boolean
  /** The server's, for the quiet hours of channels that name none. */
  readonly timeZone: string
}

const DAY_MINUTES = 24 * 60
const severityOf = ({ payload }: Notification): Severity => payload.severity as Severity

const groupOf = (labels: unknown, by: readonly string[]): string =>
  by.map((name) => String((labels as Record<string, unknown> | undefined)?.[name] ?? '')).join('\u0000')

const gathererOf = (channel: Channel, now: number, { forPeople, timeZone }: GatherDeps): Gatherer => {
  const { quiet, rateLimit, urgent, group } = channel
  const zone = channel.timeZone ?? timeZone
  const minute = (at: number) => Math.floor(wallClock(at, zone) / 60_000) % DAY_MINUTES
  return {
    people: forPeople(channel),
    quietUntil: quiet ? quietUntil(quiet, now, minute) : null,
    ...(quiet?.below && { quietBelow: quiet.below }),
    ...(rateLimit && { rateLimit }),
    ...(urgent && { urgent }),
    ...(group && { group }),
  }
}

const sentBefore = async (
  { id, rateLimit, group }: Channel,
  now: number,
  { notifications }: Repositories,
): Promise<SentBefore> => {
  const groupSentAt = new Map<string, number>()
  if (group)
    for (const { payload, at } of await notifications.deliveredSince(id, now - group.intervalMs))
      if (payload.aboutServer !== true) groupSentAt.set(groupOf(payload.labels, group.by), at)
  return {
    sentAt: rateLimit ? await notifications.sentAt(id, now - rateLimit.perMs, now) : [],
    openedAt: await notifications.openedAt(id, now - STORM_MS),
    groupSentAt,
  }
}

const waitingOf = (notification: Notification, by: readonly string[]): Waiting => ({
  id: notification.id,
  alertId: notification.alertId,
  reason: notification.reason,
  severity: severityOf(notification),
  held: notification.status === 'held',
  attempts: notification.attempts,
  createdAt: notification.createdAt,
  group: groupOf(notification.payload.labels, by),
  alone: notification.payload.aboutServer === true,
  together: typeof notification.payload.together === 'string' ? notification.payload.together : null,
})

/** A digest's own facts; its items are read when it is sent, so that it tells the state of that moment. */
const digestPayload = (why: DigestWhy, members: readonly Notification[], by: readonly string[]) => ({
  why,
  severity: members.map(severityOf).reduce((worst, one) => (isUrgent(one, worst) ? one : worst)),
  subject: 'digest',
  since: Math.min(...members.map(({ createdAt }) => createdAt)),
  labels: Object.fromEntries(
    by.map((name) => [name, (members[0]!.payload.labels as Record<string, string> | undefined)?.[name] ?? '']),
  ),
  monitor: null,
  target: null,
  state: null,
  previousState: null,
  cause: null,
  rule: null,
})

/** An urgent message does not wait behind what is held of the same alert: it tells that as well. */
const freeTheWay = async (channel: Channel, waiting: readonly Notification[], { notifications }: Repositories) => {
  for (const urgent of waiting.filter((one) => isUrgent(severityOf(one), channel.urgent))) {
    const behind = waiting.filter(
      ({ status, alertId, id }) =>
        status === 'held' && alertId !== null && alertId === urgent.alertId && id < urgent.id,
    )
    const ids = behind.map(({ id }) => id)
    if (ids.length > 0) await notifications.toldBy(ids, urgent.id)
  }
}

const gatherChannel = async (
  channel: Channel,
  now: number,
  deps: GatherDeps,
  repositories: Repositories,
): Promise<number | null> => {
  const { notifications } = repositories
  const by = channel.group?.by ?? []
  const all = (await notifications.waiting(channel.id, now)).filter(({ reason }) => reason !== 'test')
  await freeTheWay(channel, all, repositories)
  const waiting = all.filter(({ reason, status }) => reason !== 'digest' && status !== 'digested')
  if (waiting.length === 0) return null
  const digest = all.find(({ reason }) => reason === 'digest')
  const found = gather(
    waiting.map((one) => waitingOf(one, by)),
    digest ? { failing: digest.attempts > 0 } : null,
    gathererOf(channel, now, deps),
    await sentBefore(channel, now, repositories),
    now,
  )
  await notifications.hold(found.hold)
  await notifications.unhold(found.release, now)
  if (found.absorb.length > 0) await notifications.toldBy(found.absorb, digest!.id)
  for (const { why, ids } of found.digests) {
    const chosen = new Set(ids)
    const members = waiting.filter(({ id }) => chosen.has(id))
    // One that is late says by how much: it is as old as the oldest that it tells.
    const createdAt = why === 'late' ? Math.min(...members.map((one) => one.createdAt)) : now
    const payload = digestPayload(why, members, by)
    const [id] = await notifications.insert([
      { alertId: null, channelId: channel.id, reason: 'digest', payload, createdAt, nextAttemptAt: now },
    ])
    await notifications.toldBy(ids, id!)
  }
  // What fails becomes late at a moment that nobody announces.
  const failing = waiting.filter(({ attempts }) => attempts > 0).map(({ createdAt }) => createdAt + LATE_MS)
  const lateAt = failing.filter((at) => at > now)
  return found.nextAt ?? (lateAt.length > 0 ? Math.min(...lateAt) : null)
}

const gathers = (channel: Channel, deps: GatherDeps): boolean =>
  deps.forPeople(channel) ||
  channel.rateLimit !== undefined ||
  channel.group !== undefined ||
  channel.quiet !== undefined

/**
 * Looks at what waits for each channel and decides what leaves by itself, what is gathered to one message, and what
 * waits. Returns when to look again, ms; null when nothing is held.
 */
export const gatherAll = async (now: number, deps: GatherDeps): Promise<number | null> => {
  const { storage } = deps
  const waiting: Channel[] = []
  const outbox = storage.notifications
  // Most turns find nothing, and a read costs no transaction. What was held by a limit that is gone must leave as well.
  for (const channel of deps.channels())
    if (await (gathers(channel, deps) ? outbox.waits(channel.id) : outbox.holds(channel.id))) waiting.push(channel)
  if (waiting.length === 0) return null
  return storage.transaction(async (repositories) => {
    let next: number | null = null
    for (const channel of waiting) {
      const at = await gatherChannel(channel, now, deps, repositories)
      if (at !== null) next = next === null ? at : Math.min(next, at)
    }
    return next
  })
}
