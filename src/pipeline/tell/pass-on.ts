import { because, type Cause } from '#core/cause/cause.ts'
import type { ChannelType, DeliveryOutcome, PassedOn, SendContext, Served } from '#core/channel.ts'
import type { DutyRota } from '#core/duty/duty.ts'
import { type DutyCall, dutyCall } from '#core/duty/duty-call.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Rendered } from '#core/message/message.ts'
import type { Notification } from '#core/message/notification.ts'
import type { Storage } from '#storage/index.ts'

/** Who is on duty now, and the channels that reach them. */
export interface DutyView {
  readonly rota: () => DutyRota
  /** The server's, for lists that name none. */
  readonly timeZone: () => string
  readonly channels: () => readonly Channel[]
  readonly channelTypes: ReadonlyMap<string, ChannelType>
}

export interface PassOnDeps extends DutyView {
  readonly storage: Pick<Storage, 'notifications'>
  readonly now: () => number
  readonly sendContext: (channel: Channel) => Omit<SendContext, 'signal' | 'timeoutMs' | 'references'>
}

/** One that was decided, as it is passed on: what it is about, and how far it has come. */
export interface Passing {
  readonly notification: Pick<
    Notification,
    'id' | 'alertId' | 'channelId' | 'reason' | 'createdAt' | 'firstAttemptAt' | 'served' | 'reference'
  > & { readonly payload: Pick<Notification['payload'], 'labels' | 'aboutChannel'> }
  /** Writes the words for one channel. */
  readonly words: (channel: Channel) => Promise<Rendered>
  /** The channel that passes it on. */
  readonly channel: Channel
  readonly lists: readonly string[]
  readonly only?: readonly string[] | undefined
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

/** Whom to reach, by what. */
interface Target extends PassedOn {
  /** Undefined where it is gone, or could not send. */
  readonly to: Channel | undefined
}

interface Tried {
  readonly target: Target
  readonly outcome: DeliveryOutcome
}

const BEHIND: DeliveryOutcome = {
  ok: false,
  kind: 'transient',
  reason: 'timeout',
  cause: because('duty_earlier_waits'),
}

/** Nobody on duty could be reached for so long: the fallback hears of it meanwhile. */
const UNREACHED_MS = 180_000

const GONE: DeliveryOutcome = {
  ok: false,
  kind: 'permanent',
  reason: 'bad_configuration',
  cause: because('channel_gone'),
}

/** A channel by its name, where it can send by itself. */
const usable = (name: string, { channels, channelTypes }: Pick<DutyView, 'channels' | 'channelTypes'>) => {
  const found = channels().find((one) => one.name === name)
  return found?.enabled && !found.locked && !channelTypes.get(found.type)?.passesOnTo ? found : undefined
}

const targetsOf = (call: DutyCall, view: DutyView): Target[] =>
  call.called.flatMap(({ person, why, channels }) =>
    channels.map((channel) => ({ channel, person, list: call.list, why, to: usable(channel, view) })),
  )

const fallbackOf = (call: DutyCall, why: 'nobody' | 'unreachable', view: DutyView): Target[] =>
  call.fallback.map((channel) => ({ channel, person: null, list: call.list, why, to: usable(channel, view) }))

const oncePerChannel = (targets: readonly Target[]): Target[] =>
  [...new Map(targets.toReversed().map((one) => [one.channel, one])).values()].toReversed()

/** Who heard of the trouble hears of its end, on duty or not: nobody is left with a false last word. */
const toldBefore = (
  { reason, channelId }: Passing['notification'],
  ofAlert: readonly Notification[],
  list: string,
  view: DutyView,
): Target[] =>
  reason !== 'resolved'
    ? []
    : ofAlert
        .filter((one) => one.channelId === channelId)
        .flatMap(({ served }) => served?.via ?? [])
        .filter(({ why }) => why !== 'told_there')
        .map(({ channel, person }) => ({ channel, person, list, why: 'told_before', to: usable(channel, view) }))

/**
 * True where the same message reaches a channel another way: it goes there by itself, or an older one of the same decision is
 * passed on there.
 */
const isToldThere = (
  { id, reason, createdAt }: Passing['notification'],
  ofAlert: readonly Notification[],
  view: DutyView,
  now: number,
) => {
  const same = ofAlert.filter(
    (one) =>
      one.id !== id &&
      one.reason === reason &&
      one.createdAt === createdAt &&
      one.status !== 'failed' &&
      one.status !== 'cancelled',
  )
  const reachedBy = (one: Notification): readonly string[] => {
    const channel = view.channels().find((other) => other.id === one.channelId)
    if (!channel) return []
    const lists = view.channelTypes.get(channel.type)?.passesOnTo?.(channel.options as never)
    if (!lists) return [channel.name]
    const had = one.served?.accepted ?? []
    if (one.id > id || one.status !== 'pending') return had
    const call = dutyCall(lists, view.rota(), one.payload.labels, now, view.timeZone())
    return [...had, ...(call ? targetsOf(call, view) : []).map(({ channel: name }) => name)]
  }
  const reached = new Set(same.flatMap(reachedBy))
  return (name: string) => reached.has(name)
}

/** References by the ids of channels, for each service has its own. */
const referencesIn = (text: string | null): Readonly<Record<string, unknown>> => {
  try {
    return (JSON.parse(text ?? '{}') as Readonly<Record<string, unknown>> | null) ?? {}
  } catch {
    return {}
  }
}

const referencesFor = (texts: readonly string[], id: number): readonly string[] =>
  texts.map((text) => referencesIn(text)[id]).filter((own) => typeof own === 'string')

const causeFor = ({ target, outcome }: Tried): Cause =>
  because('duty_channel_failed', {
    channel: target.channel,
    cause: outcome.ok ? because('channel_gone') : outcome.cause,
  })

const isWaiting = ({ outcome }: Tried): boolean => !outcome.ok && outcome.kind === 'transient'

/** What one round of sending comes to, with what earlier attempts had done. */
const concluded = (
  tried: readonly Tried[],
  { served: before, reference }: Pick<Notification, 'served' | 'reference'>,
  told: readonly Target[],
): DeliveryOutcome => {
  const well = tried.filter(({ outcome }) => outcome.ok)
  const via = [...(before?.via ?? []), ...told, ...well.map(({ target }) => target)].map(
    ({ channel, person, list, why }) => ({ channel, person, list, why }),
  )
  const accepted = [...(before?.accepted ?? []), ...well.map(({ target }) => target.channel)]
  const refused = tried
    .filter((one) => !one.outcome.ok && !isWaiting(one))
    .map((one) => ({ recipient: one.target.channel, answer: '', cause: causeFor(one) }))
  const references = {
    ...referencesIn(reference),
    ...Object.fromEntries(
      well.flatMap(({ target, outcome }) =>
        outcome.ok && outcome.reference !== undefined ? [[target.to!.id, outcome.reference]] : [],
      ),
    ),
  }
  const steps = tried.flatMap(({ target, outcome }) => [
    { name: target.channel, ms: 0, ...(target.person !== null && { detail: target.person }) },
    ...(outcome.steps ?? []),
  ])
  const served: Served = { accepted, refused, via }
  const shared = {
    steps,
    ...(Object.keys(references).length > 0 && { reference: JSON.stringify(references) }),
    ...(via.length > 0 && {
      response: via.map(({ person, channel }) => (person === null ? channel : `${person}: ${channel}`)).join(', '),
    }),
  }
  const waiting = tried.filter(isWaiting)
  const failed = tried.filter(({ outcome }) => !outcome.ok)
  const first = (waiting[0] ?? failed[0])?.outcome
  if (waiting.length === 0 && (via.length > 0 || failed.length === 0))
    return { ok: true, ...shared, served, ...(refused.length > 0 && { refused }) }
  const cause = because('duty_nobody_reached', { why: failed.map(causeFor) })
  const known = first && !first.ok ? first : (GONE as Extract<DeliveryOutcome, { ok: false }>)
  return {
    ...shared,
    ok: false,
    kind: waiting.length > 0 ? 'transient' : 'permanent',
    reason: known.reason,
    cause: accepted.length > 0 ? causeFor(waiting[0]!) : cause,
    ...(known.retryAfterMs !== undefined && { retryAfterMs: known.retryAfterMs }),
    // Who has it is kept; while nobody does, all of them are tried again.
    ...(accepted.length > 0 && { served }),
  }
}

/**
 * Sends a message by the channels of who is on duty at this moment, each once over all its attempts; by those of the fallback
 * where that is nobody, or where nobody of them can be reached. A channel that hears the same another way is left out.
 */
export const passOn = async (
  { notification, words, channel, lists, only, signal, timeoutMs }: Passing,
  deps: PassOnDeps,
): Promise<DeliveryOutcome> => {
  const now = deps.now()
  const { alertId, payload, served, firstAttemptAt } = notification
  const call = dutyCall(lists, deps.rota(), payload.labels, now, deps.timeZone())
  if (!call)
    return {
      ok: false,
      kind: 'permanent',
      reason: 'bad_configuration',
      cause: because('duty_list_gone', { lists: lists.join(', ') }),
    }
  const ofAlert = alertId === null ? [] : await deps.storage.notifications.ofAlert(alertId)
  const references =
    alertId === null || notification.reason === 'first'
      ? []
      : await deps.storage.notifications.references(alertId, channel.id)
  const isTold = isToldThere(notification, ofAlert, deps, now)
  const had = new Set(served?.accepted)
  // News of a failing channel never goes by that channel.
  const mine = ({ channel: name, to }: Target) =>
    !had.has(name) && (to === undefined || to.id !== payload.aboutChannel) && !isTold(name)

  const sendTo = async (target: Target): Promise<Tried> => {
    const { to } = target
    if (!to) return { target, outcome: GONE }
    if (only && !only.includes(target.channel)) return { target, outcome: BEHIND }
    const rendered = await words(to)
    const own = alertId === null ? [] : await deps.storage.notifications.references(alertId, to.id)
    const outcome = await deps.channelTypes.get(to.type)!.send(rendered, to.options as never, {
      ...deps.sendContext(to),
      references: [...referencesFor(references, to.id), ...own],
      signal,
      timeoutMs,
    })
    return { target, outcome }
  }
  const sendAll = (targets: readonly Target[]) => Promise.all(targets.filter(mine).map(sendTo))

  const wanted = oncePerChannel([...targetsOf(call, deps), ...toldBefore(notification, ofAlert, call.list, deps)])
  const told = wanted
    .filter(({ channel: name }) => isTold(name))
    .map(toldThere)
    .filter(isNew(served))
  const tried = await sendAll(wanted)
  const reached =
    had.size > 0 || told.length > 0 || tried.some(({ outcome, target }) => outcome.ok && target.why !== 'told_before')
  const isBehind = tried.some(({ outcome }) => outcome === BEHIND)
  const waitsYet = tried.some(isWaiting) && (firstAttemptAt ?? now) + UNREACHED_MS > now
  if (reached || isBehind || waitsYet) return concluded(tried, notification, told)
  const instead = fallbackOf(call, call.called.length === 0 ? 'nobody' : 'unreachable', deps)
  const byFallback = await sendAll(instead)
  const toldInstead = instead.filter(({ channel: name }) => isTold(name)).map(toldThere)
  if (byFallback.length + toldInstead.length + tried.length === 0 && had.size === 0)
    return {
      ...(GONE as Extract<DeliveryOutcome, { ok: false }>),
      cause: because('duty_no_channel', { list: call.list }),
    }
  const wellInstead = toldInstead.length > 0 || byFallback.some(({ outcome }) => outcome.ok)
  // Once the fallback has it, who could not be reached is not waited for.
  const left = wellInstead
    ? tried.filter((one) => !isWaiting(one)).concat(tried.filter(isWaiting).map(asRefused))
    : tried
  return concluded([...left, ...byFallback], notification, [...told, ...toldInstead])
}

const toldThere = (one: Target): Target => ({ ...one, why: 'told_there' })

const isNew =
  (served: Served | null) =>
  ({ channel }: Target): boolean =>
    !(served?.via ?? []).some((one) => one.channel === channel)

const asRefused = ({ target, outcome }: Tried): Tried => ({
  target,
  outcome: outcome.ok ? outcome : { ...outcome, kind: 'permanent' },
})
