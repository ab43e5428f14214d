import type { NotifyReason } from '../alert/notify-reason.ts'
import type { Severity } from '../event/severity.ts'
import { isUrgent, type RateLimit, rateBudget } from './delivery.ts'
import type { DigestWhy } from './digest-why.ts'

/** A notification that waits for a channel, as gathering sees it. Times in ms. */
export interface Waiting {
  readonly id: number
  readonly alertId: number | null
  /** What it is about (`core/event/about.ts`). */
  readonly about: number | null
  readonly reason: NotifyReason
  readonly severity: Severity
  /** Held back by an earlier look. */
  readonly held: boolean
  /** What held it back then; absent where that is not known. */
  readonly heldFor?: DigestWhy
  readonly attempts: number
  readonly createdAt: number
  /** Values of the labels by which the channel groups. */
  readonly group: string
  /** It is about the server itself: what else is told depends on it, and it is part of no group. */
  readonly alone: boolean
  /** What it must be told together with: those with the same text were held for the same reason. */
  readonly together: string | null
}

/** How a channel gathers. */
export interface Gatherer {
  /** People read it: a storm and what comes late are told as one. */
  readonly people: boolean
  readonly rateLimit?: RateLimit
  readonly urgent?: Severity
  readonly group?: { readonly waitMs: number; readonly intervalMs: number }
  /** When the quiet hours that run now end; null outside them. */
  readonly quietUntil: number | null
  /** What is less severe than this waits for their end; absent: everything. */
  readonly quietBelow?: Severity
}

/** What left on the channel before. */
export interface SentBefore {
  /** Times within the period of the rate limit. */
  readonly sentAt: readonly number[]
  /** Openings within the last half minute. */
  readonly openedAt: readonly number[]
  /** Last time for each group. */
  readonly groupSentAt: ReadonlyMap<string, number>
}

export interface Gathering {
  /** To be held, or held on for another reason. */
  readonly hold: readonly number[]
  /** What holds each of those. */
  readonly heldFor: ReadonlyMap<number, DigestWhy>
  /** Held ones that may leave by themselves now. */
  readonly release: readonly number[]
  /** Each becomes one message. */
  readonly digests: readonly { readonly why: DigestWhy; readonly ids: readonly number[] }[]
  /** Join the digest that already waits. */
  readonly absorb: readonly number[]
  /** When to look again; null when nothing is held. */
  readonly nextAt: number | null
}

/** More openings than this within `STORM_MS` are one message. */
const STORM_OPENINGS = 10
export const STORM_MS = 30_000
/** Once this many have come in quick succession, the next ones wait a moment for their company. */
const FLURRY_OPENINGS = 3
const FLURRY_MS = 2000
/** What waited longer for a channel that could not be reached is told as one truth. */
export const LATE_MS = 300_000

const isOpening = ({ reason }: Pick<Waiting, 'reason'>): boolean => reason === 'first'

interface Plan {
  readonly one: Waiting
  readonly at: number
  readonly why: DigestWhy | null
}

/** Until when one must wait for its group or its hour, and why. */
const planOf = (one: Waiting, channel: Gatherer, sent: SentBefore, groupSince: ReadonlyMap<string, number>): Plan => {
  const { quietUntil, quietBelow, group } = channel
  if (quietUntil !== null && (quietBelow === undefined || !isUrgent(one.severity, quietBelow)))
    return { one, at: quietUntil, why: 'quiet' }
  if (!group || one.alone) return { one, at: one.createdAt, why: null }
  const last = sent.groupSentAt.get(one.group)
  const waited = groupSince.get(one.group)! + group.waitMs
  return { one, at: Math.max(waited, last === undefined ? 0 : last + group.intervalMs), why: 'group' }
}

/** One set of messages that leave together; a set of one leaves as it is. */
interface Batch {
  readonly why: DigestWhy
  readonly ids: number[]
}

/**
 * Decides what of a channel's waiting messages leaves now, by itself or gathered with others, and what waits. Pure. In
 * this order: what is late becomes one truth; urgent messages pass; quiet hours and groups wait; a storm becomes one
 * message; the rate limit holds the rest.
 */
export const gather = (
  waiting: readonly Waiting[],
  digestWaits: { readonly failing: boolean } | null,
  channel: Gatherer,
  sent: SentBefore,
  now: number,
): Gathering => {
  const late = channel.people && waiting.some(({ attempts, createdAt }) => attempts > 0 && now - createdAt > LATE_MS)
  if (channel.people && digestWaits?.failing && waiting.length > 0)
    return { ...NOTHING, absorb: waiting.map(({ id }) => id) }
  if (late && waiting.length > 1) return { ...NOTHING, digests: [{ why: 'late', ids: waiting.map(({ id }) => id) }] }

  const urgent = waiting.filter(({ severity }) => isUrgent(severity, channel.urgent))
  const groupSince = new Map<string, number>()
  for (const { group, createdAt } of waiting)
    groupSince.set(group, Math.min(createdAt, groupSince.get(group) ?? createdAt))
  const plans = waiting.filter((one) => !urgent.includes(one)).map((one) => planOf(one, channel, sent, groupSince))
  const later = plans.filter(({ at }) => at > now)
  const ready = plans.filter(({ at }) => at <= now)
  const flurry = flurryOf(ready, channel, sent, now)
  const batches = batchesOf(
    ready.filter(({ one }) => !flurry.includes(one)),
    channel,
    sent,
    now,
  )
  const before = new Map(waiting.filter((one) => one.held).map((one) => [one.id, one.heldFor]))
  const limited = limit(batches, before, channel, sent, now)
  const wanted: readonly (readonly [number, DigestWhy])[] = [
    ...later.map(({ one, why }) => [one.id, why!] as const),
    ...flurry.map(({ id }) => [id, 'storm'] as const),
    ...limited.hold.map((id) => [id, 'limit'] as const),
  ]
  const heldFor = new Map(wanted.filter(([id, why]) => !before.has(id) || before.get(id) !== why))
  const nextAts = [
    ...later.map(({ at }) => at),
    ...flurry.map(({ createdAt }) => createdAt + FLURRY_MS),
    ...(limited.nextAt === null ? [] : [limited.nextAt]),
  ]
  const singles = [...urgent.map(({ id }) => id), ...limited.singles]
  return {
    hold: [...heldFor.keys()],
    heldFor,
    release: singles.filter((id) => before.has(id)),
    digests: limited.digests,
    absorb: [],
    nextAt: nextAts.length === 0 ? null : Math.max(now + 1, Math.min(...nextAts)),
  }
}

const NOTHING: Gathering = { hold: [], heldFor: new Map(), release: [], digests: [], absorb: [], nextAt: null }

/** Openings that come thick wait a moment, so that a storm is seen as one before half of it has left. */
const flurryOf = (ready: readonly Plan[], channel: Gatherer, sent: SentBefore, now: number): Waiting[] => {
  if (!channel.people || channel.group) return []
  const openings = ready.map(({ one }) => one).filter((one) => isOpening(one) && one.together === null && !one.alone)
  const before = sent.openedAt.filter((at) => at > now - FLURRY_MS).length
  if (before + openings.length <= FLURRY_OPENINGS || before + openings.length > STORM_OPENINGS) return []
  return openings.filter(({ createdAt }) => now - createdAt < FLURRY_MS)
}

const batchesOf = (ready: readonly Plan[], channel: Gatherer, sent: SentBefore, now: number): Batch[] => {
  const all = ready.map(({ one }) => one)
  const ones = all.filter(({ alone }) => !alone)
  const single = all.filter(({ alone }) => alone).map(({ id }): Batch => ({ why: 'group', ids: [id] }))
  const recent = sent.openedAt.filter((at) => at > now - STORM_MS).length
  const openings = ones.filter(isOpening).length
  if (channel.people && !channel.group && openings > 0 && recent + openings > STORM_OPENINGS)
    return [...single, { why: 'storm', ids: ones.map(({ id }) => id) }]
  const keyOf = (one: Waiting) => {
    if (one.together !== null) return `together ${one.together}`
    if (channel.group) return `group ${one.group}`
    return one.held && one.heldFor === 'quiet' ? 'quiet' : `one ${one.id}`
  }
  const byKey = Map.groupBy(ones, keyOf)
  const gathered = [...byKey].map(
    ([key, members]): Batch => ({
      why: key.startsWith('together') ? 'together' : key === 'quiet' ? 'quiet' : 'group',
      ids: members.map(({ id }) => id),
    }),
  )
  return [...single, ...gathered]
}

/**
 * Applies the rate limit to what would leave now: the first ones leave, the rest waits, and when a place is free again
 * everything is one message with what the limit held. What waited for something else is no queue.
 */
const limit = (
  batches: readonly Batch[],
  before: ReadonlyMap<number, DigestWhy | undefined>,
  channel: Gatherer,
  sent: SentBefore,
  now: number,
) => {
  const split = (chosen: readonly Batch[]) => ({
    singles: chosen.filter(({ ids }) => ids.length === 1).flatMap(({ ids }) => ids),
    digests: chosen.filter(({ ids }) => ids.length > 1),
  })
  if (!channel.rateLimit || batches.length === 0) return { ...split(batches), hold: [], nextAt: null }
  const { free, freeAt } = rateBudget(channel.rateLimit, sent.sentAt, now)
  const queued = batches.some(({ ids }) => ids.some((id) => before.get(id) === 'limit'))
  const leaving: readonly Batch[] =
    queued && free > 0
      ? [{ why: 'limit', ids: batches.flatMap(({ ids }) => ids) }]
      : queued
        ? []
        : batches.slice(0, free)
  const left = new Set(leaving.flatMap(({ ids }) => ids))
  const hold = batches.flatMap(({ ids }) => ids).filter((id) => !left.has(id))
  return { ...split(leaving), hold, nextAt: hold.length === 0 ? null : Math.max(freeAt, now + 1000) }
}
