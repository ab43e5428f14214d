import { because } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import type { ChannelType, DeliveryOutcome, SendContext } from '#core/channel.ts'
import { NO_ROTA } from '#core/duty/duty.ts'
import type { Attempt } from '#core/message/attempt.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Rendered } from '#core/message/message.ts'
import type { Notification } from '#core/message/notification.ts'
import type { Clock } from '#lib/time/clock.ts'
import { createDeadline } from '#lib/time/deadline.ts'
import type { Storage } from '#storage/index.ts'
import { isPassing } from '#storage/storage-error.ts'
import { attemptOf } from './attempt.ts'
import { type DutyView, passOn } from './pass-on.ts'

/** A delivery may take this long. */
export const SEND_TIMEOUT_MS = 30_000

export interface SendDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  /** Writes the text of a notification for its channel, at this moment. */
  readonly render: (notification: Notification, channel: Channel) => Promise<Rendered>
  /** True while a message waits that only some of its recipients have: a question to the store that is hardly needed. */
  readonly anyPartly: () => boolean
  readonly sendContext: (channel: Channel) => Omit<SendContext, 'signal' | 'timeoutMs' | 'references'>
  /** Who is on duty; absent: nobody is ever. */
  readonly duty?: Pick<DutyView, 'rota' | 'timeZone'>
  readonly channels: () => readonly Channel[]
}

export interface Sent {
  readonly outcome: DeliveryOutcome
  readonly attempt: Attempt
}

const GONE: DeliveryOutcome = {
  ok: false,
  kind: 'permanent',
  reason: 'bad_configuration',
  cause: because('channel_gone'),
}

const LOCKED: DeliveryOutcome = {
  ok: false,
  kind: 'transient',
  reason: 'key_missing',
  cause: because('channel_locked'),
  cure: helps('bring_back_the_key'),
}

/** What earlier messages of the same alert left to answer to; the first one has none before it. */
const referencesOf = async ({ reason, alertId, channelId }: Notification, { storage }: SendDeps): Promise<string[]> =>
  alertId === null || reason === 'first' ? [] : storage.notifications.references(alertId, channelId)

/** Who may read it now, where an earlier message of the alert still waits for some; undefined for all. */
const onlyOf = async (
  notification: Notification,
  { storage, anyPartly }: SendDeps,
): Promise<readonly string[] | undefined> => {
  if (!anyPartly()) return undefined
  const earlier = await storage.notifications.partlyServed(notification)
  const had = earlier.map(
    ({ accepted, refused }) => new Set([...accepted, ...refused.map(({ recipient }) => recipient)]),
  )
  return had.length === 0 ? undefined : [...had.reduce((all, one) => all.intersection(one))]
}

/** What a channel needs of the store to send; undefined while the store does not answer. */
const prepare = async (notification: Notification, channel: Channel, deps: SendDeps) => {
  try {
    const references = await referencesOf(notification, deps)
    const rendered = await deps.render(notification, channel)
    const only = await onlyOf(notification, deps)
    return { rendered, context: { references, ...(only && { only }) } }
  } catch (error) {
    if (isPassing(error)) return undefined
    throw error
  }
}

/** Notes the names whose older addresses served, since nobody gave newer ones. */
const noting = ({ resolve }: Pick<SendContext, 'resolve'>) => {
  const names = new Set<string>()
  const noted: SendContext['resolve'] =
    resolve &&
    (async (host, family, signal) => {
      const found = await resolve(host, family, signal)
      if ('lastKnownMs' in found) names.add(host)
      return found
    })
  return { names, ...(noted && { resolve: noted }) }
}

/** What failed at an old address may have moved: it is said with the failure. */
const withLastKnown = (outcome: DeliveryOutcome, names: ReadonlySet<string>): DeliveryOutcome => {
  if (outcome.ok || names.size === 0) return outcome
  const hosts = [...names].join(', ')
  return { ...outcome, cause: because('delivery_by_last_known_address', { cause: outcome.cause, hosts }) }
}

/** Passes a message on to who is on duty, as a part of this attempt. */
const passingOn =
  (
    notification: Notification,
    channel: Channel,
    only: readonly string[] | undefined,
    deps: SendDeps,
    signal: AbortSignal,
  ) =>
  (lists: readonly string[]): Promise<DeliveryOutcome> => {
    const { duty = NO_DUTY, clock, render } = deps
    const words = (to: Channel) => render(notification, to)
    const passing = { notification, channel, lists, only, words, signal, timeoutMs: SEND_TIMEOUT_MS }
    return passOn(passing, { ...deps, ...duty, now: clock.now })
  }

const NO_DUTY: NonNullable<SendDeps['duty']> = { rota: () => NO_ROTA, timeZone: () => 'UTC' }

const attemptDelivery = async (
  notification: Notification,
  channel: Channel | undefined,
  deps: SendDeps,
  stopping: AbortSignal,
): Promise<DeliveryOutcome | undefined> => {
  const type = channel && deps.channelTypes.get(channel.type)
  if (!channel?.enabled || !type) return GONE
  if (channel.locked) return LOCKED
  const deadline = createDeadline(SEND_TIMEOUT_MS, stopping)
  try {
    const prepared = await prepare(notification, channel, deps)
    if (!prepared) return undefined
    const context = deps.sendContext(channel)
    const { names, ...noted } = noting(context)
    const outcome = await type.send(prepared.rendered, channel.options as never, {
      ...context,
      ...noted,
      ...prepared.context,
      ...(notification.served && { served: notification.served }),
      ...(type.passesOnTo && {
        passOn: passingOn(notification, channel, prepared.context.only, deps, deadline.signal),
      }),
      signal: deadline.signal,
      timeoutMs: SEND_TIMEOUT_MS,
    })
    return withLastKnown(outcome, names)
  } catch (error) {
    // A bug in a channel type must not lose the message: it is tried again and seen in the log.
    const cause = because('delivery_internal_error', { error: error instanceof Error ? error.name : 'unknown' })
    return { ok: false, kind: 'transient', reason: 'bad_answer', cause }
  } finally {
    deadline.clear()
  }
}

/**
 * Sends a notification once and tells what happened. Never throws; `stopping` cuts it off. Undefined where the store did
 * not answer before anything was sent: that is no attempt, and none of the channel's fault.
 */
export const send = async (
  notification: Notification,
  channel: Channel | undefined,
  deps: SendDeps,
  stopping: AbortSignal,
): Promise<Sent | undefined> => {
  const { clock } = deps
  const at = clock.now()
  const started = clock.monotonic()
  const outcome = await attemptDelivery(notification, channel, deps, stopping)
  return outcome && { outcome, attempt: attemptOf(at, clock.monotonic() - started, outcome) }
}
