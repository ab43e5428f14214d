import { inTheWay, overtaken } from '#core/alert/overtaken.ts'
import type { Severity } from '#core/event/severity.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import { isUrgent } from '#core/message/delivery.ts'
import type { DigestWhy } from '#core/message/digest-why.ts'
import { type Gatherer, gather, LATE_MS, type Waiting } from '#core/message/gather.ts'
import type { Notification } from '#core/message/notification.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import { quietUntil } from '#core/message/quiet-hours.ts'
import { wallClock } from '#lib/time/zoned-time.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { groupOf, type Hearing, isAlone, sentBefore, sentToShare } from './sent-before.ts'
import { commonLabels, type Left, type ShareOf } from './shares.ts'

export interface GatherDeps {
  readonly storage: Storage
  readonly channels: () => readonly Channel[]
  /** True for a channel that people read. */
  readonly forPeople: (channel: Channel) => boolean
  /** Who hears of what by a channel that passes on; absent: everybody hears of all of it. */
  readonly sharesOf?: (channel: Channel, now: number) => ShareOf | undefined
  /** The server's, for the quiet hours of channels that name none. */
  readonly timeZone: () => string
}

const DAY_MINUTES = 24 * 60
const severityOf = ({ payload }: Notification): Severity => payload.severity

const gathererOf = (channel: Channel, now: number, { forPeople, timeZone }: GatherDeps): Gatherer => {
  const { quiet, rateLimit, urgent, group } = channel
  const zone = channel.timeZone ?? timeZone()
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

const waitingOf = (notification: Notification, by: readonly string[]): Waiting => ({
  id: notification.id,
  alertId: notification.alertId,
  about: notification.about,
  reason: notification.reason,
  severity: severityOf(notification),
  held: notification.status === 'held',
  ...(notification.heldFor !== null && { heldFor: notification.heldFor }),
  attempts: notification.attempts,
  createdAt: notification.createdAt,
  group: groupOf(notification.payload.labels, by),
  alone: isAlone(notification.payload),
  together: notification.payload.together ?? null,
})

/** A digest's own facts; its items are read when it is sent, so that it tells the state of that moment. */
const digestPayload = (
  why: DigestWhy,
  members: readonly Notification[],
  labels: NotificationFacts['labels'],
): NotificationFacts => ({
  why,
  severity: members.map(severityOf).reduce((worst, one) => (isUrgent(one, worst) ? one : worst)),
  subject: 'digest',
  since: Math.min(...members.map(({ createdAt }) => createdAt)),
  labels,
  monitor: null,
  target: null,
  state: null,
  previousState: null,
  cause: null,
  rule: null,
})

/**
 * What nothing holds does not wait behind what is held of the same subject, nor the news of a subject behind what an older
 * episode of it could not deliver: it tells that as well. Returns what still waits.
 */
const freeTheWay = async (
  gatherer: Gatherer,
  waiting: readonly Notification[],
  { notifications }: Repositories,
): Promise<readonly Notification[]> => {
  const { people, urgent, quietUntil: quiet, quietBelow } = gatherer
  const passes = ({ severity }: Pick<Waiting, 'severity'>) =>
    isUrgent(severity, urgent) || (quiet !== null && quietBelow !== undefined && isUrgent(severity, quietBelow))
  const ordered = waiting.map((one) => waitingOf(one, []))
  const merged = [...inTheWay(ordered, passes), ...(people ? overtaken(ordered) : [])]
  if (merged.length === 0) return waiting
  const gone = new Set<number>()
  for (const { by, ids } of merged) {
    if (gone.has(by)) continue
    const left = ids.filter((id) => !gone.has(id))
    for (const id of left) gone.add(id)
    await notifications.toldBy(left, by)
  }
  return waiting.filter(({ id }) => !gone.has(id))
}

/**
 * What can still grow: with what has a copy elsewhere, or is one, more would end than is told when the other of the two
 * has arrived.
 */
const grows = ({ reason, fallbackId, payload }: Notification): boolean =>
  reason === 'digest' && fallbackId === null && payload.insteadOf === undefined

/** Part of what waits for a channel, which is gathered by itself. */
interface Gathered {
  readonly waiting: readonly Notification[]
  readonly digest: Notification | undefined
  /** Absent: all that wait for the channel hear of all of it. */
  readonly hearing?: Hearing
}

/** What leaves, and when to look again. */
interface Turn {
  readonly left: readonly Left[]
  readonly nextAt: number | null
}

const gatherPart = async (
  channel: Channel,
  { waiting, digest, hearing }: Gathered,
  gatherer: Gatherer,
  now: number,
  repositories: Repositories,
): Promise<Turn> => {
  const { notifications } = repositories
  const by = channel.group?.by ?? []
  const before = hearing
    ? await sentToShare(channel, hearing, now, repositories)
    : await sentBefore(channel, now, repositories)
  const found = gather(
    waiting.map((one) => waitingOf(one, by)),
    digest ? { failing: digest.attempts > 0 } : null,
    gatherer,
    before,
    now,
  )
  for (const [why, held] of Map.groupBy(found.heldFor, ([, why]) => why))
    await notifications.hold(
      held.map(([id]) => id),
      why,
    )
  await notifications.unhold(found.release, now)
  if (found.absorb.length > 0) {
    await notifications.toldBy(found.absorb, digest!.id)
    await notifications.renew(digest!.id)
  }
  const labelsOf = (members: readonly Notification[]) =>
    hearing
      ? commonLabels(members.map(({ payload }) => payload.labels))
      : Object.fromEntries(by.map((name) => [name, members[0]!.payload.labels[name] ?? '']))
  for (const { why, ids } of found.digests) {
    const chosen = new Set(ids)
    const members = waiting.filter(({ id }) => chosen.has(id))
    // One that is late says by how much: it is as old as the oldest that it tells.
    const createdAt = why === 'late' ? Math.min(...members.map((one) => one.createdAt)) : now
    const payload = digestPayload(why, members, labelsOf(members))
    const [id] = await notifications.insert([
      { alertId: null, channelId: channel.id, reason: 'digest', payload, createdAt, nextAttemptAt: now },
    ])
    await notifications.toldBy(ids, id!)
  }
  // What fails becomes late at a moment that nobody announces.
  const failing = waiting.filter(({ attempts }) => attempts > 0).map(({ createdAt }) => createdAt + LATE_MS)
  const lateAt = failing.filter((at) => at > now)
  const stays = new Set([...found.hold, ...found.absorb, ...found.digests.flatMap(({ ids }) => ids)])
  const singles = waiting.filter(({ id }) => !stays.has(id)).map(({ payload }) => payload.labels)
  const gathered = found.digests.map(({ ids }) => waiting.find(({ id }) => id === ids[0])!.payload.labels)
  return {
    left: [...singles, ...gathered].map((labels) => ({ at: now, labels })),
    nextAt: found.nextAt ?? (lateAt.length > 0 ? Math.min(...lateAt) : null),
  }
}

const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

/** What each of those hears who are on duty, by himself: a night of one fills nobody else's limits. */
const gatherShares = async (
  channel: Channel,
  { waiting, digests }: { readonly waiting: readonly Notification[]; readonly digests: readonly Notification[] },
  of: ShareOf,
  gatherer: Gatherer,
  now: number,
  repositories: Repositories,
): Promise<number | null> => {
  let nextAt: number | null = null
  let leaving: readonly Left[] = []
  const shareOf = ({ payload }: Notification) => of(payload.labels)
  for (const [key, own] of Map.groupBy(waiting, (one) => shareOf(one).key)) {
    const hearing = { share: shareOf(own[0]!), of, leaving }
    const digest = digests.find((one) => shareOf(one).key === key)
    const turn = await gatherPart(channel, { waiting: own, digest, hearing }, gatherer, now, repositories)
    leaving = [...leaving, ...turn.left]
    nextAt = earlier(nextAt, turn.nextAt)
  }
  return nextAt
}

const gatherChannel = async (
  channel: Channel,
  now: number,
  deps: GatherDeps,
  repositories: Repositories,
): Promise<number | null> => {
  const { notifications } = repositories
  const all = (await notifications.waiting(channel.id, now)).filter(({ reason }) => reason !== 'test')
  const gatherer = gathererOf(channel, now, deps)
  const waiting = await freeTheWay(
    gatherer,
    all.filter(({ reason }) => reason !== 'digest'),
    repositories,
  )
  if (waiting.length === 0) return null
  const digests = all.filter(grows)
  const of = deps.sharesOf?.(channel, now)
  if (of) return gatherShares(channel, { waiting, digests }, of, gatherer, now, repositories)
  return (await gatherPart(channel, { waiting, digest: digests[0] }, gatherer, now, repositories)).nextAt
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
      next = earlier(next, await gatherChannel(channel, now, deps, repositories))
    }
    return next
  })
}
