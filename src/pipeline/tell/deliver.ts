import type { AttendedAlert } from '#core/alert/alert.ts'
import type { DeliveryOutcome } from '#core/channel.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import { type AfterAttempt, afterAttempt, DEFAULT_RETRY } from '#core/message/delivery.ts'
import type { Rendered } from '#core/message/message.ts'
import type { Notification } from '#core/message/notification.ts'
import type { RetryPolicy } from '#lib/run/retry.ts'
import type { Random } from '#lib/time/chance.ts'
import type { Timer, Timers } from '#lib/time/timers.ts'
import type { Repositories } from '#storage/index.ts'
import type { Claim, Settlement } from '#storage/outbox.ts'
import { type PresentChannels, readdress } from '../decide/readdress.ts'
import type { Persistence } from '../watch/persistence.ts'
import { fallBack, fallBackLate } from './fallback.ts'
import { gatherAll } from './gather.ts'
import { createLane, type Lane } from './lane.ts'
import { createRecentAlerts } from './recent-alerts.ts'
import { SEND_TIMEOUT_MS, type SendDeps, type Sent, send } from './send.ts'
import { endToldElsewhere } from './told-elsewhere.ts'

/** What was taken may wait for its turn and must still be ours when its delivery ends. */
const LEASE_MS = 2 * SEND_TIMEOUT_MS
/** The outbox is looked at this often even when nobody calls, for what other nodes left behind. */
const LONGEST_SLEEP_MS = 30_000
/** What has been sent is written down within this time, together: each commit costs a flush of the disk. */
const SETTLE_WITHIN_MS = 100
/** A store that cannot answer is asked again; the outbox loses nothing by waiting. */
const AGAIN_AFTER_MS = 1000

export interface DeliverDeps extends Omit<SendDeps, 'anyPartly' | 'render'> {
  /** Writes the text of a notification for its channel, at this moment; its alert comes along where it was just read. */
  readonly render: (notification: Notification, channel: Channel, alert: AttendedAlert | undefined) => Promise<Rendered>
  /** The configured channel of an id; undefined when it was removed or is disabled. */
  readonly channelOf: (id: number) => Channel | undefined
  readonly channels: () => readonly Channel[]
  /** Channels that hear of an alert now; absent: what was to go by a channel that is gone goes nowhere. */
  readonly presentOf?: PresentChannels
  /** The server's, for the quiet hours of channels that name none. */
  readonly timeZone: string
  /** Waits for a store that refuses: an attempt that is forgotten would be made twice. */
  readonly write: Persistence['write']
  readonly timers: Timers
  /** Spreads the next tries of what failed together. */
  readonly random: Random
  readonly retry?: RetryPolicy
  /** Hears of each attempt: logs, metrics, and the event that a failing channel is. */
  readonly onAttempt?: (
    notification: Notification,
    channel: Channel | undefined,
    outcome: DeliveryOutcome,
    final: boolean,
  ) => void
}

export interface Deliverer {
  /** Something new is in the outbox. */
  wake(): void
  /** Resolves when all that was due has been tried and written down: nothing is under way. */
  settled(): Promise<void>
  /** Lets what is being sent end, within `timeoutMs`; the rest stays in the outbox. */
  stop(timeoutMs: number): Promise<void>
  stats(): { readonly sending: number }
}

/** An attempt that has ended and is not written down yet. */
interface Ended extends Settlement {
  readonly notification: Notification
  /** By how much the clock is ahead of the monotonic one when this is reckoned, ms. */
  readonly aheadMs: number
  readonly tell: () => void
}

interface Exchange {
  readonly settling: readonly Ended[]
  readonly releasing: readonly number[]
  readonly wanted: readonly Pick<Claim, 'channelId' | 'limit'>[]
}

interface Taken {
  readonly taken: readonly Notification[]
  /** How theirs stand. */
  readonly alerts: readonly AttendedAlert[]
}

type Exchanged = Pick<Taken, 'taken'> & { readonly settled: readonly Ended[] }

/**
 * Empties the outbox, turn by turn: in one commit it writes down what was sent since the last turn and takes what is
 * due, while each channel's lane sends on. What was taken and not written down (the process was killed) is taken again
 * when its lease ends.
 */
export const createDeliverer = (deps: DeliverDeps): Deliverer => {
  const { timers, random } = deps
  const { storage, clock, channelTypes, channelOf, channels, presentOf, write, retry = DEFAULT_RETRY, onAttempt } = deps
  const forPeople = (channel: Channel) => channelTypes.get(channel.type)?.audience === 'people'
  const cutOff = new AbortController()
  const lanes = new Map<number, Lane>()
  const underWay = new Set<Promise<void>>()
  /** Ids that were taken and not given back: one whose lease ran out in our hands is still ours. */
  const ours = new Set<number>()
  let ended: Ended[] = []
  let returned: number[] = []
  let stopping = false
  let timer: Timer | undefined
  let pending: Timer | undefined
  let turning: Promise<void> | undefined
  let turnAgain = false
  /** Until then, ms of the monotonic clock, the store may come to hold an exchange of which we did not hear. */
  let unsureUntil = Number.NEGATIVE_INFINITY
  const isUnsure = () => clock.monotonic() < unsureUntil
  /** Asked anew when it may have become false; what an earlier run left is not known. */
  let partly = true
  const recent = createRecentAlerts(clock)
  const sendDeps: SendDeps = {
    ...deps,
    render: (notification, channel) => deps.render(notification, channel, recent.of(notification.alertId)),
    anyPartly: () => partly,
  }

  const concurrencyOf = (channelId: number): number => {
    const channel = channelOf(channelId)
    return (channel && channelTypes.get(channel.type)?.concurrency) ?? 1
  }

  const laneOf = (channelId: number): Lane => {
    const lane = lanes.get(channelId) ?? createLane()
    lanes.set(channelId, lane)
    return lane
  }

  const conclude = (notification: Notification, channel: Channel | undefined, { outcome, attempt }: Sent) => {
    const { id, attempts, firstAttemptAt } = notification
    // Cut off by our own stop: it did not fail, it goes at the next start.
    if (!outcome.ok && cutOff.signal.aborted) return void returned.push(id)
    // Reckoned by the clock of the attempt: it may have been set while this was under way.
    const endedAt = Math.round(attempt.at + attempt.durationMs)
    const follows = afterAttempt(outcome, attempts, firstAttemptAt ?? attempt.at, endedAt, retry, random)
    const after = follows.status === 'retry' ? { ...follows, at: clock.now() + follows.at - endedAt } : follows
    const reference = outcome.reference ?? null
    const served = outcome.served ?? null
    const tell = () => onAttempt?.(notification, channel, outcome, after.status !== 'retry')
    ended.push({ id, notification, attempt, after, reference, served, tell, aheadMs: aheadMs() })
  }

  const launch = (notification: Notification, lane: Lane) => {
    const channel = channelOf(notification.channelId)
    const work = send(notification, channel, sendDeps, cutOff.signal).then((sent) => {
      underWay.delete(work)
      lane.done()
      if (sent) conclude(notification, channel, sent)
      else returned.push(notification.id)
      advance(notification.channelId, lane)
      if (lane.hungry()) wake()
      else wakeSoon()
    })
    underWay.add(work)
  }

  /** Sends what is ready, as many at once as the channel takes. */
  const advance = (channelId: number, lane: Lane) => {
    const concurrency = concurrencyOf(channelId)
    while (!stopping) {
      const notification = lane.next(concurrency)
      if (!notification) return
      if ((notification.leaseUntil ?? 0) - clock.now() > SEND_TIMEOUT_MS) launch(notification, lane)
      else {
        // It waited too long here: its lease would end while it is being sent.
        lane.done()
        returned.push(notification.id)
        wakeSoon()
      }
    }
  }

  /** What the end of an attempt means for the same message on other channels. */
  const afterwards = (
    { status }: AfterAttempt,
    notification: Notification,
    now: number,
    repositories: Repositories,
  ) => {
    if (status === 'failed') {
      const isGone = !channelOf(notification.channelId)?.enabled
      if (isGone && presentOf) return readdress(notification, presentOf, now, repositories)
      return fallBack(notification, channels(), now, repositories)
    }
    const settled = { notification, delivered: status === 'delivered', channels: channels(), forPeople, now }
    return endToldElsewhere(settled, repositories)
  }

  /**
   * Of an exchange that failed nobody knows whether the store has it: what it wrote down is not written down again, and
   * what it took for us goes back.
   */
  const sortOut = async ({ settling, releasing, wanted }: Exchange, { notifications }: Repositories) => {
    const claimed = new Set(await notifications.claimedIds())
    await notifications.release([...claimed].filter((id) => !ours.has(id)))
    return {
      settling: settling.filter(({ id }) => claimed.has(id)),
      releasing: releasing.filter((id) => claimed.has(id)),
      wanted,
    }
  }

  const aheadMs = () => clock.now() - clock.monotonic()

  /** The next attempt moves with a clock that was set before this is written down. */
  const moved = <One extends Ended>(one: One): One =>
    one.after.status === 'retry'
      ? { ...one, after: { ...one.after, at: one.after.at + Math.round(aheadMs() - one.aheadMs) } }
      : one

  const exchangeIn = async (repositories: Repositories, given: Exchange): Promise<Taken> => {
    const { notifications } = repositories
    const { settling, releasing, wanted } = isUnsure() ? await sortOut(given, repositories) : given
    // It may have waited long for the store.
    const now = clock.now()
    await notifications.settle(settling.map(moved))
    for (const { after, notification } of settling) await afterwards(after, notification, now, repositories)
    await notifications.release(releasing)
    const taken: Notification[] = []
    for (const want of wanted) taken.push(...(await notifications.claim({ ...want, now, leaseMs: LEASE_MS })))
    const ids = taken.map(({ alertId }) => alertId).filter((id) => id !== null)
    return { taken, alerts: await repositories.alerts.attendedAll(ids) }
  }

  /** Writes down what has ended and takes what the lanes want of the channels, in one commit. */
  const exchange = async (channelIds: readonly number[]): Promise<Exchanged> => {
    const wanted = channelIds
      .map((channelId) => ({ channelId, limit: laneOf(channelId).wants(concurrencyOf(channelId)) }))
      .filter(({ limit }) => limit > 0)
    const [settling, releasing] = [ended, returned]
    if (settling.length + releasing.length + wanted.length === 0 && !isUnsure()) return { taken: [], settled: [] }
    ended = []
    returned = []
    if (settling.some(({ served, after }) => served && after.status === 'retry')) partly = true
    const { taken, alerts } = await write(() =>
      storage
        .transaction((repositories) => exchangeIn(repositories, { settling, releasing, wanted }))
        .catch((error) => {
          unsureUntil = clock.monotonic() + LEASE_MS
          throw error
        }),
    ).catch((error) => {
      ended = [...settling, ...ended]
      returned = [...releasing, ...returned]
      throw error
    })
    recent.note(alerts)
    for (const id of [...settling.map(({ id }) => id), ...releasing]) ours.delete(id)
    return { taken, settled: settling }
  }

  /** One turn; returns when the next one is due, ms. */
  const turn = async (): Promise<number> => {
    const now = clock.now()
    if (partly) partly = await storage.notifications.anyPartly()
    const late = await fallBackLate(now, deps)
    const limited = await gatherAll(now, { ...deps, forPeople })
    const due = stopping ? [] : await storage.notifications.dueChannels(now)
    const { taken, settled } = await exchange(due)
    const fresh = taken.filter(({ id }) => !ours.has(id))
    for (const { id } of fresh) ours.add(id)
    for (const [channelId, portion] of Map.groupBy(fresh, ({ channelId }) => channelId)) {
      const lane = laneOf(channelId)
      lane.fill(portion, now)
      advance(channelId, lane)
    }
    for (const { tell } of settled) tell()
    // What failed for good may have left a copy to a channel that had nothing due.
    if (settled.some(({ after }) => after.status === 'failed')) turnAgain = true
    const next = await storage.notifications.nextDueAt(now)
    const known = [limited, late, next].filter((at) => at !== null)
    return Math.min(now + (isUnsure() ? AGAIN_AFTER_MS : LONGEST_SLEEP_MS), ...known)
  }

  const turns = async () => {
    let next = clock.now()
    while (turnAgain) {
      turnAgain = false
      next = await turn().catch(() => clock.now() + AGAIN_AFTER_MS)
    }
    turning = undefined
    if (!stopping) timer = timers.after(Math.max(10, next - clock.now()), wake)
  }

  const wake = () => {
    turnAgain = true
    timers.clear(pending)
    pending = undefined
    if (turning) return
    timers.clear(timer)
    turning = turns()
  }

  const wakeSoon = () => {
    pending ??= timers.after(SETTLE_WITHIN_MS, wake)
  }

  return {
    wake: () => {
      if (!stopping) wake()
    },
    settled: async () => {
      while (turning || pending || underWay.size > 0) {
        if (pending) wake()
        await turning
        await Promise.allSettled(underWay)
      }
    },
    stop: async (timeoutMs) => {
      stopping = true
      const patience = timers.after(timeoutMs, () => cutOff.abort())
      await turning
      for (const lane of lanes.values()) returned.push(...lane.empty().map(({ id }) => id))
      await Promise.allSettled(underWay)
      timers.clear(patience)
      wake()
      await turning
      timers.clear(timer)
    },
    stats: () => ({ sending: underWay.size }),
  }
}
