import { channelTypes } from '#channels/index.ts'
import type { DutyRota } from '#core/duty/duty.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { ServerPlace } from '#core/server-place.ts'
import { ackToken } from '#lib/ack-token.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Network } from '#pipeline/decide/network.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import { failureOf } from '#pipeline/tell/attempt.ts'
import { channelFailed } from '#pipeline/tell/channel-failed.ts'
import { createDeliverer, type DeliverDeps, type Deliverer } from '#pipeline/tell/deliver.ts'
import { createRenderer } from '#pipeline/tell/write.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { Storage } from '#storage/index.ts'
import type { TemplateFence } from '#templates/jinja/fence.ts'
import { inEnglish } from '#templates/said.ts'
import type { Faults } from './faults.ts'
import type { Live } from './live-event.ts'
import type { Observability } from './observability.ts'
import type { ServerOptions } from './options.ts'

export interface DeliveryDeps
  extends Pick<DeliverDeps, 'sendContext' | 'timers' | 'random'>,
    Pick<ServerOptions, 'retry' | 'listen' | 'log'> {
  readonly place: () => ServerPlace
  readonly storage: Storage
  readonly clock: Clock
  readonly registry: Registry
  readonly network: Pick<Network, 'affected'>
  readonly persistence: Persistence
  readonly fence: TemplateFence
  /** Who is on duty. */
  readonly duty: () => DutyRota
  /** Signs what lets people acknowledge an alert from its message. */
  readonly ackKey: string | undefined
  readonly live: Live
  readonly observability: Pick<Observability, 'attempt'>
  readonly ingest: (events: readonly NewEvent[]) => Promise<unknown>
  readonly faults: Faults
}

/** The outbox is emptied; of each attempt the log, live listeners, metrics and, where a channel failed, rules hear. */
export const createDelivery = (deps: DeliveryDeps): Deliverer => {
  const { storage, clock, registry, network, persistence, fence, ackKey, place, log, live } = deps

  const render = createRenderer({
    storage,
    clock,
    place,
    // Who only watches for a minute hears nobody, and must not take the presses of another server's bot.
    ...(deps.listen && ackKey !== undefined && { ackToken: (id: number) => ackToken(ackKey, id) }),
    affected: (name) => {
      const known = registry.monitorNamed(name)
      return known && network.affected(known.monitor.id)
    },
    fence,
    templatesOf: (id) => registry.rule(id)?.spec.templates,
    onProblem: (rule, problem) =>
      log.warn({ rule, problem: problem.message }, 'a template failed; our own words were sent'),
  })

  const onAttempt: DeliverDeps['onAttempt'] = (notification, channel, outcome, final) => {
    const facts = { notification: notification.id, channel: channel?.name, attempt: notification.attempts }
    const failure = failureOf(outcome)
    if (failure) {
      const what = outcome.ok ? 'partly delivered' : final ? 'delivery failed' : 'delivery will be retried'
      log.warn({ ...facts, failure: failure.reason, error: inEnglish(failure.cause) }, what)
    } else log.info({ ...facts, reason: notification.reason }, 'delivered')
    live.publish('notification', { id: notification.id, alert: notification.alertId, ok: outcome.ok, final })
    if (channel) deps.observability.attempt(channel.type, outcome.ok, final)
    if (!failure || !final || !channel) return
    const failed = channelFailed(notification, channel, failure, clock.now())
    if (failed) persistence.write(() => deps.ingest([failed])).catch(deps.faults.bug)
  }

  return createDeliverer({
    storage,
    clock,
    channelTypes,
    channelOf: registry.channel,
    channels: registry.channels,
    presentOf: (alert) => registry.ruleOf(alert)?.rule.channelIds ?? [],
    timeZone: () => place().timeZone,
    write: persistence.write,
    timers: deps.timers,
    random: deps.random,
    render,
    sendContext: deps.sendContext,
    duty: { rota: deps.duty, timeZone: () => place().timeZone },
    ...(deps.retry && { retry: deps.retry }),
    onAttempt,
  })
}
