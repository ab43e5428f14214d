import type { AttendedAlert } from '#core/alert/alert.ts'
import type { DeliveryOutcome } from '#core/channel.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import { afterAttempt, DEFAULT_RETRY } from '#core/message/delivery.ts'
import type { Rendered } from '#core/message/message.ts'
import type { Notification } from '#core/message/notification.ts'
import type { RetryPolicy } from '#lib/run/retry.ts'
import { createWaking } from '#lib/run/waking.ts'
import type { Random } from '#lib/time/chance.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Repositories } from '#storage/index.ts'
import { type PresentChannels, readdress } from '../decide/readdress.ts'
import type { Persistence } from '../watch/persistence.ts'
import { createExchange, type Ended } from './exchange.ts'
import { fallBack, fallBackLate } from './fallback.ts'
import { gatherAll } from './gather.ts'
import { createRecentAlerts } from './recent-alerts.ts'
import { SEND_TIMEOUT_MS, type SendDeps, type Sent, send } from './send.ts'
import { createSending } from './sending.ts'
import { sharesOf } from './shares.ts'
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
  /** Channels that hear of an alert now; absent: what was to go by a channel that is gone goes nowhere. */
  readonly presentOf?: PresentChannels
  /** The server's, for the quiet hours of channels that name none. */
  readonly timeZone: () => string
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

/** An attempt that has ended; `tell` is called once that is written down. */
interface Tried extends Ended {
  readonly tell: () => void
}

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
  let stopping = false
  /** Asked anew when it may have become false; what an earlier run left is not known. */
  let partly = true
  const recent = createRecentAlerts(clock)
  const sendDeps: SendDeps = {
    ...deps,
    render: (notification, channel) => deps.render(notification, channel, recent.of(notification.alertId)),
    anyPartly: () => partly,
  }

  /** What the end of an attempt means for the same message on other channels. */
  const afterwards = async ({ after, notification }: Ended, now: number, repositories: Repositories) => {
    if (after.status === 'failed') {
      const isGone = !channelOf(notification.channelId)?.enabled
      if (isGone && presentOf) return readdress(notification, presentOf, now, repositories)
      return fallBack(notification, channels(), now, repositories)
    }
    const delivered = after.status === 'delivered'
    await endToldElsewhere({ notification, delivered, channels: channels(), forPeople, now }, repositories)
  }
  const outbox = createExchange<Tried>({ storage, clock, write, leaseMs: LEASE_MS, afterwards })

  const conclude = (notification: Notification, channel: Channel | undefined, { outcome, attempt }: Sent) => {
    const { id, attempts, firstAttemptAt } = notification
    // Cut off by our own stop: it did not fail, it goes at the next start.
    if (!outcome.ok && cutOff.signal.aborted) return outbox.giveBack(id)
    // Reckoned by the clock of the attempt: it may have been set while this was under way.
    const endedAt = Math.round(attempt.at + attempt.durationMs)
    const follows = afterAttempt(outcome, attempts, firstAttemptAt ?? attempt.at, endedAt, retry, random)
    const after = follows.status === 'retry' ? { ...follows, at: clock.now() + follows.at - endedAt } : follows
    const reference = outcome.reference ?? null
    const served = outcome.served ?? null
    const tell = () => onAttempt?.(notification, channel, outcome, after.status !== 'retry')
    outbox.note({ id, notification, attempt, after, reference, served, tell })
  }

  const sending = createSending({
    now: clock.now,
    channelOf,
    concurrencyOf: ({ type }) => channelTypes.get(type)?.concurrency ?? 1,
    send: (notification, channel) => send(notification, channel, sendDeps, cutOff.signal),
    onSent: conclude,
    giveBack: outbox.giveBack,
    onProgress: (hungry) => (hungry ? waking.wake() : waking.wakeSoon()),
  })

  /** One turn; returns when the next one is due, ms. */
  const turn = async (): Promise<number> => {
    const now = clock.now()
    if (partly) partly = await storage.notifications.anyPartly()
    const late = await fallBackLate(now, deps)
    const limited = await gatherAll(now, { ...deps, forPeople, sharesOf: (channel, at) => sharesOf(channel, at, deps) })
    const due = stopping ? [] : await storage.notifications.dueChannels(now)
    const { taken, alerts, settled } = await outbox.exchange(sending.wantsOf(due))
    if (settled.some(({ served, after }) => served && after.status === 'retry')) partly = true
    recent.note(alerts)
    sending.fill(taken)
    for (const { tell } of settled) tell()
    // What failed for good may have left a copy to a channel that had nothing due.
    if (settled.some(({ after }) => after.status === 'failed')) waking.wake()
    const next = await storage.notifications.nextDueAt(now)
    const known = [limited, late, next].filter((at) => at !== null)
    return Math.min(now + (outbox.isUnsure() ? AGAIN_AFTER_MS : LONGEST_SLEEP_MS), ...known)
  }
  const waking = createWaking({
    turn,
    now: clock.now,
    timers,
    againAfterMs: AGAIN_AFTER_MS,
    soonMs: SETTLE_WITHIN_MS,
  })

  return {
    wake: () => {
      if (!stopping) waking.wake()
    },
    settled: async () => {
      while (!waking.isIdle() || sending.count() > 0) {
        await waking.rest()
        await sending.ended()
      }
    },
    stop: async (timeoutMs) => {
      stopping = true
      waking.stop()
      const patience = timers.after(timeoutMs, () => cutOff.abort())
      await waking.rest()
      sending.stop()
      await sending.ended()
      timers.clear(patience)
      waking.wake()
      await waking.rest()
    },
    stats: () => ({ sending: sending.count() }),
  }
}
