import type { Attempt } from '#core/attempt.ts'
import type { ChannelType, DeliveryOutcome, SendContext } from '#core/channel.ts'
import type { Channel } from '#core/channel-spec.ts'
import { afterAttempt, DEFAULT_RETRY } from '#core/delivery.ts'
import type { Rendered } from '#core/message.ts'
import type { Notification } from '#core/notification.ts'
import type { Clock } from '#lib/clock.ts'
import type { RetryPolicy } from '#lib/retry.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { fallBack, fallBackLate } from './fallback.ts'
import { gatherAll } from './gather.ts'
import type { Persistence } from './persistence.ts'

/** A delivery may take this long; its lease is longer, so that nobody else takes it over meanwhile. */
const SEND_TIMEOUT_MS = 30_000
const LEASE_MS = 60_000
/** The outbox is looked at this often even when nobody calls, for what other nodes left behind. */
const LONGEST_SLEEP_MS = 30_000

export interface DeliverDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  /** The configured channel of an id; undefined when it was removed or is disabled. */
  readonly channelOf: (id: number) => Channel | undefined
  readonly channels: () => readonly Channel[]
  /** The server's, for the quiet hours of channels that name none. */
  readonly timeZone: string
  /** Writes the text of a notification for its channel, at this moment. */
  readonly render: (notification: Notification, channel: Channel) => Promise<Rendered>
  readonly sendContext: (channel: Channel) => Omit<SendContext, 'signal' | 'timeoutMs' | 'references'>
  /** Waits for a store that refuses: an attempt that is forgotten would be made twice. */
  readonly write: Persistence['write']
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
  /** Lets what is being sent end, within `timeoutMs`; the rest stays in the outbox. */
  stop(timeoutMs: number): Promise<void>
  stats(): { readonly sending: number }
}

const GONE: DeliveryOutcome = {
  ok: false,
  kind: 'permanent',
  reason: 'bad_configuration',
  message: 'the channel was removed or is disabled',
}

const LOCKED: DeliveryOutcome = {
  ok: false,
  kind: 'transient',
  reason: 'key_missing',
  message: 'its secrets cannot be read: the key that sealed them is missing',
  cure: 'Set VIGIA_KEY, or bring secret.key back into the data folder, and restart; or enter the secrets again.',
}

const attemptOf = (at: number, durationMs: number, outcome: DeliveryOutcome): Attempt => ({
  at,
  durationMs,
  ok: outcome.ok,
  code: outcome.code ?? null,
  failure: outcome.ok ? null : outcome.reason,
  error: outcome.ok ? refusals(outcome) : outcome.message,
  response: outcome.response ?? null,
})

const refusals = ({ refused }: Extract<DeliveryOutcome, { ok: true }>): string | null =>
  refused && refused.length > 0
    ? refused.map(({ recipient, answer }) => `${recipient} was refused: ${answer}`).join('; ')
    : null

/**
 * Empties the outbox: takes what is due, writes its text, sends it, and records what happened, several at once per
 * channel. What was taken and not recorded (the process was killed) is taken again when its lease ends.
 */
export const createDeliverer = (deps: DeliverDeps): Deliverer => {
  const { storage, clock, channelTypes, channelOf, channels, timeZone, render, sendContext, write, onAttempt } = deps
  const { retry = DEFAULT_RETRY } = deps
  const forPeople = (channel: Channel) => channelTypes.get(channel.type)?.audience === 'people'
  const stopping = new AbortController()
  const sending = new Map<number, number>()
  const underWay = new Set<Promise<void>>()
  const launched = new Set<number>()
  let timer: NodeJS.Timeout | undefined
  let looking = false
  let lookAgain = false

  const send = async (notification: Notification, channel: Channel | undefined): Promise<DeliveryOutcome> => {
    const type = channel && channelTypes.get(channel.type)
    if (!channel?.enabled || !type) return GONE
    if (channel.locked) return LOCKED
    const timeout = AbortSignal.timeout(SEND_TIMEOUT_MS)
    try {
      const references =
        notification.alertId === null ? [] : await storage.notifications.references(notification.alertId, channel.id)
      const rendered = await render(notification, channel)
      return await type.send(rendered, channel.options as never, {
        ...sendContext(channel),
        references,
        signal: AbortSignal.any([timeout, stopping.signal]),
        timeoutMs: SEND_TIMEOUT_MS,
      })
    } catch (error) {
      // A bug in a channel type must not lose the message: it is tried again and seen in the log.
      const message = `internal error: ${error instanceof Error ? error.name : 'unknown'}`
      return { ok: false, kind: 'transient', reason: 'bad_answer', message }
    }
  }

  const deliver = async (notification: Notification): Promise<void> => {
    const at = clock.now()
    const started = clock.monotonic()
    const channel = channelOf(notification.channelId)
    const outcome = await send(notification, channel)
    const attempt = attemptOf(at, clock.monotonic() - started, outcome)
    // Cut off by our own stop: it did not fail, it goes at the next start.
    if (!outcome.ok && stopping.signal.aborted) return storage.notifications.release(notification.id)
    const after = afterAttempt(outcome, notification.attempts, notification.firstAttemptAt ?? at, clock.now(), retry)
    const note = async (repositories: Repositories) => {
      const { notifications } = repositories
      if (after.status === 'delivered')
        await notifications.delivered(notification.id, attempt, (outcome.ok && outcome.reference) || null)
      else if (after.status === 'retry') await notifications.retry(notification.id, attempt, after.at)
      else {
        await notifications.failed(notification.id, attempt)
        if (channel) await fallBack(notification, channel, channels(), clock.now(), repositories)
      }
    }
    await write(() => storage.transaction(note))
    onAttempt?.(notification, channel, outcome, after.status !== 'retry')
  }

  const launch = (notification: Notification) => {
    const { channelId } = notification
    launched.add(notification.id)
    sending.set(channelId, (sending.get(channelId) ?? 0) + 1)
    const work = deliver(notification)
      .catch(() => {})
      .finally(() => {
        sending.set(channelId, sending.get(channelId)! - 1)
        underWay.delete(work)
        launched.delete(notification.id)
        wake()
      })
    underWay.add(work)
  }

  const freePlaces = (channelId: number): number => {
    const channel = channelOf(channelId)
    const most = (channel && channelTypes.get(channel.type)?.concurrency) ?? 1
    return most - (sending.get(channelId) ?? 0)
  }

  /** One look at the outbox; returns when it must be looked at next, ms. */
  const look = async (): Promise<number> => {
    const now = clock.now()
    let next = now + LONGEST_SLEEP_MS
    await fallBackLate(now, { storage, channels })
    const held = await gatherAll(now, { storage, channelOf, forPeople, timeZone })
    next = Math.min(next, held ?? next)
    for (const channelId of await storage.notifications.dueChannels(now)) {
      const limit = freePlaces(channelId)
      if (limit <= 0) continue
      const claim = { channelId, now, leaseMs: LEASE_MS, limit }
      const taken = await storage.transaction(({ notifications }) => notifications.claim(claim))
      // One whose lease ran out while the store refused its record is still ours.
      for (const notification of taken) if (!launched.has(notification.id)) launch(notification)
    }
    const due = await storage.notifications.nextDueAt(now)
    return due === null ? next : Math.min(next, due)
  }

  const wake = () => {
    if (stopping.signal.aborted) return
    lookAgain = true
    if (looking) return
    looking = true
    clearTimeout(timer)
    void (async () => {
      let next = clock.now() + LONGEST_SLEEP_MS
      while (lookAgain && !stopping.signal.aborted) {
        lookAgain = false
        // A store that cannot answer now is asked again; the outbox loses nothing by waiting.
        next = await look().catch(() => clock.now() + 1000)
      }
      looking = false
      if (!stopping.signal.aborted) timer = setTimeout(wake, Math.max(10, next - clock.now()))
    })()
  }

  return {
    wake,
    stop: async (timeoutMs) => {
      clearTimeout(timer)
      const patience = setTimeout(() => stopping.abort(), timeoutMs)
      const idle = async () => {
        lookAgain = false
        await Promise.allSettled(underWay)
      }
      await idle()
      clearTimeout(patience)
      stopping.abort()
      clearTimeout(timer)
      await Promise.allSettled(underWay)
    },
    stats: () => ({ sending: underWay.size }),
  }
}
