import { startApi } from '#api/server.ts'
import { createLatestResults } from '#core/result/latest-results.ts'
import { createBus } from '#lib/run/bus.ts'
import { releaseMemory } from '#lib/run/release-memory.ts'
import { createTurns } from '#lib/run/turns.ts'
import { whenIdle } from '#lib/run/when-idle.ts'
import { systemRandom } from '#lib/time/chance.ts'
import { systemClock } from '#lib/time/clock.ts'
import { createSteadyClock, isSteady } from '#lib/time/steady-clock.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { createNames } from '#names/names.ts'
import { blindUntilNow } from '#pipeline/watch/blindness.ts'
import { createHeartbeat } from '#pipeline/watch/heartbeat.ts'
import { createTemplateFence } from '#templates/jinja/fence.ts'
import { createAbout, VERSION } from './server/about.ts'
import { createAddressEnricher } from './server/address-enricher.ts'
import { createAgreement } from './server/agreement.ts'
import { createButtons } from './server/buttons.ts'
import { keepClock } from './server/clock-keeper.ts'
import { startClockwork } from './server/clockwork.ts'
import { createConfiguration } from './server/configuration.ts'
import { createDeciding } from './server/deciding.ts'
import { createDelivery } from './server/delivery.ts'
import { createDeliveryNames } from './server/delivery-names.ts'
import { createFaults } from './server/faults.ts'
import { createHealth } from './server/health.ts'
import { createHistoryListener } from './server/history-listener.ts'
import { tellOfKeys } from './server/key-watch.ts'
import { createKnownStates } from './server/known-states.ts'
import { createLateHistory } from './server/late-history.ts'
import { createLateWatch } from './server/late-watch.ts'
import { uptimeMs } from './server/life.ts'
import type { Live } from './server/live-event.ts'
import { createObservability } from './server/observability.ts'
import { createAttending } from './server/operating.ts'
import type { Server, ServerOptions } from './server/options.ts'
import { createOwnEvents } from './server/own-events.ts'
import { createProbing } from './server/probing.ts'
import { createRecording } from './server/recording.ts'
import { createResolverWatch } from './server/resolver-watch.ts'
import { createSecurity } from './server/security.ts'
import { createSendContext } from './server/send-context.ts'
import { createServices } from './server/services.ts'
import { createSightWatch } from './server/sight-watch.ts'
import { openStore } from './server/store.ts'
import { startStoreWatch } from './server/store-watch.ts'
import { createTargets } from './server/targets.ts'
import { tellLinks } from './server/tell-links.ts'

export type { Server, ServerOptions } from './server/options.ts'

const STOP_PATIENCE_MS = 3000
/** The first round of looks is what is recorded most; one that takes longer is not waited for, ms. */
const LONGEST_ROUND_MS = 60_000
const RELEASE_AFTER_MS = 5000

/**
 * The composition root. Each part is made from those before it; what holds something is closed in the reverse order, also
 * when a later part cannot start. Throws StorageError when the store cannot be used, and ListenError when the address
 * cannot be bound.
 */
export const startServer = async (options: ServerOptions): Promise<Server> => {
  await using parts = new AsyncDisposableStack()
  const { log, listen, timers = systemTimers, random = systemRandom } = options
  const clock = options.clock ?? createSteadyClock({ uptimeMs })
  const steady = isSteady(clock) ? clock : undefined
  const { now } = clock
  const startedAt = now()
  const faults = createFaults(log)
  const live: Live = createBus()
  /** Rings when something new is in the outbox. */
  const outbox = createBus<[]>()
  const wake = outbox.publish
  /** Of looks by hand and on demand, and apart from them of deliveries: neither waits for the other. */
  const names = parts.adopt(createNames({ files: options.nameFiles }), ({ close }) => close())
  const deliveryNames = parts.adopt(createDeliveryNames({ ...options, timers }), ({ close }) => close())
  const common = { ...options, timers, random, wall: systemClock.now, names, clock, now, faults, live, wake }

  // What is stored, and what of it is in force.
  const store = parts.adopt(await openStore(common), ({ close }) => close())
  const { storage } = store
  const targets = createTargets(store.settings)
  const configuration = createConfiguration({ ...common, ...store })
  const { registry } = configuration
  if (options.wanted) await configuration.store(options.wanted)
  await configuration.takeOver()
  await configuration.takeOverRules()

  // What is known, and what becomes of an event.
  const latest = createLatestResults()
  const addresses = createAddressEnricher(log)
  addresses.set(options.wanted?.security)
  const deciding = await createDeciding({ ...common, storage, registry, latest, enrich: addresses.enrich })

  const tell = createOwnEvents({ ...store, ingest: deciding.ingest, faults })

  // How the server does, and what it shows of itself and of its machine.
  const watch = startStoreWatch({ storage, timers })
  parts.defer(watch.stop)
  const health = createHealth({
    ...store,
    watch,
    clock,
    late: await createLateWatch({ ...common, storage, tell }),
  })
  await tellOfKeys({ ...common, ...store, health, ingest: deciding.ingest })
  const observability = createObservability({
    ...common,
    storage,
    registry,
    latest,
    trouble: health.trouble,
    stats: health.stats,
    restarts: health.restarts,
    ingest: deciding.ingest,
    rulesChanged: configuration.takeOverRules,
  })
  parts.defer(observability.stop)

  // The logs of security tools.
  const security = createSecurity({ ...common, ...deciding, storage })
  parts.defer(security.stop)
  await security.set(options.wanted)

  // What is told to people, and what they answer.
  const fence = createTemplateFence()
  parts.defer(fence.close)
  const sendContext = createSendContext(options.environment, targets, deliveryNames.resolve)
  const telling = { ...common, ...store, ...deciding, registry, sendContext }
  const deliverer = createDelivery({ ...telling, fence, observability })
  parts.defer(() => deliverer.stop(STOP_PATIENCE_MS))
  outbox.listen(deliverer.wake)
  const attending = createAttending({ ...common, ...deciding, storage, registry })
  const buttons = createButtons({ ...telling, ...attending })
  parts.defer(buttons.stop)

  // Probing, and the record of what it finds.
  const probing = createProbing({
    ...common,
    ...store,
    registry,
    targets,
    clockOffset: steady?.offset,
    onRestart: () => health.restarted('engine'),
  })
  const recording = createRecording({ ...common, ...store, ...deciding, hurry: probing.hurry })
  parts.defer(recording.settled)
  const blindSince = await blindUntilNow(storage)
  const sight = createSightWatch({
    ...common,
    ...deciding,
    configuration,
    latest,
    blindSince,
    tell,
    record: recording.record,
  })

  const resolvers = await createResolverWatch({ ...common, ...store, ...deciding })
  const agreement = createAgreement({ ...common, storage, registry, latest, recording, sight })
  parts.defer(store.onRecovery(agreement.lookAtAll))

  const inTurn = createTurns()
  /** Puts in force what is stored of monitors and channels. */
  const reconfigure = () =>
    inTurn(async () => {
      const gone = await configuration.takeOver()
      recording.renew()
      sight.renew()
      for (const id of gone) latest.delete(id)
      await probing.configure(gone)
      deliveryNames.know(registry.channels())
      agreement.renew()
      wake()
      await buttons.sync()
    })

  // The faces.
  const history = createLateHistory()
  const shown = createKnownStates({ ...store, recording })
  const services = createServices({
    ...common,
    ...store,
    ...deciding,
    storage: shown,
    ...attending,
    takeOverRules: configuration.takeOverRules,
    registry,
    latest,
    targets,
    fence,
    sendContext,
    history: history.asked,
    bans: security.bans,
    sources: security.status,
    reconfigure,
    about: createAbout(options, health, startedAt),
  })
  const face = {
    ...common,
    ...store,
    storage: shown,
    registry,
    latest,
    version: VERSION,
    status: health.status,
    signal: probing.signal,
  }
  const prometheus = observability.faces
  const api =
    listen &&
    (await startApi({ ...face, ...listen, services: { ...services, ports: observability.ports }, prometheus }))
  parts.defer(async () => api?.close())

  // After the first thing that people can see, which does not wait for it.
  const opened = await history.open(
    storage,
    createHistoryListener({ ...common, ...store, health, ingest: deciding.ingest }),
  )
  parts.defer(opened.close)
  parts.defer(probing.stop)
  await probing.start({
    history: opened,
    onTransitions: sight.take,
    onResults: (batch, stats) => {
      health.hear(stats)
      latest.take(batch)
      sight.results(batch)
      sight.link(stats.cutOff)
      // Who reaches nobody reaches no resolver either.
      resolvers.note(stats.cutOff === undefined ? stats.names.silence : undefined)
      observability.results(batch)
      options.onResults?.(batch)
    },
    onPaths: recording.paths,
    onReady: (pingMethod) => {
      deciding.network.begin(now())
      agreement.renew()
      log.info({ pingMethod }, 'probe engine ready')
    },
  })
  deliveryNames.know(registry.channels())
  wake()
  await buttons.sync()
  const roundMs = registry.monitors().reduce((most, { monitor }) => Math.max(most, monitor.intervalMs), 0)
  const afterMs = Math.min(roundMs, LONGEST_ROUND_MS) + RELEASE_AFTER_MS
  parts.defer(whenIdle(() => recording.settled().then(releaseMemory), { afterMs }))
  if (listen) await observability.start()
  if (api) await tellLinks(api, registry.monitors(), store.pushKey, log)

  // What the clock does.
  if (steady) parts.defer(keepClock({ ...common, ...store, ...deciding, clock: steady, probing, recording, sight }))
  parts.defer(
    startClockwork({
      ...common,
      ...store,
      ...deciding,
      ...configuration,
      ...services,
      sight,
      recording,
      agreement,
      bans: security.bans,
    }),
  )
  const heartbeat = createHeartbeat({ timers, trouble: health.trouble, resolve: deliveryNames.resolve, log })
  parts.defer(heartbeat.stop)
  heartbeat.set(options.wanted?.heartbeat)
  // The first of all: what waits for a store that refuses waits no longer.
  parts.defer(store.endWaiting)

  const inTurnOfReloads = createTurns()
  const running = parts.move()
  return {
    address: api?.address,
    storage,
    monitors: registry.monitors,
    reload: (wanted) =>
      inTurnOfReloads(async () => {
        // What a file says waits for a store that refuses: nobody saves it once more.
        await store.persistence.write(async () => {
          await configuration.store(wanted)
          await configuration.takeOverRules()
          await attending.quietsInForce()
          await reconfigure()
        })
        addresses.set(wanted.security)
        await security.set(wanted)
        heartbeat.set(wanted.heartbeat)
        if (listen) await observability.reload(wanted)
      }),
    stop: () => running.disposeAsync(),
  }
}
