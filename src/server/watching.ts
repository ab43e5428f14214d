import type { Services } from '#api/services.ts'
import type { Bus } from '#lib/run/bus.ts'
import { releaseMemory } from '#lib/run/release-memory.ts'
import { createTurns } from '#lib/run/turns.ts'
import { whenIdle } from '#lib/run/when-idle.ts'
import { blindUntilNow } from '#pipeline/watch/blindness.ts'
import { type Agreement, createAgreement } from './agreement.ts'
import { keepClock } from './clock-keeper.ts'
import type { DeliveryNames } from './delivery-names.ts'
import type { Faults } from './faults.ts'
import { createHistoryListener } from './history-listener.ts'
import { createLateHistory } from './late-history.ts'
import type { Live } from './live-event.ts'
import type { ServerOptions } from './options.ts'
import { createProbing, type Probing } from './probing.ts'
import { createRecording, type Recording } from './recording.ts'
import { createResolverWatch } from './resolver-watch.ts'
import { createSightWatch, type SightWatch } from './sight-watch.ts'
import type { Storing } from './storing.ts'
import type { Systems } from './systems.ts'
import type { Telling } from './telling.ts'
import { type ImportedBefore, withImported } from './with-imported.ts'

export interface WatchingDeps {
  readonly options: Pick<ServerOptions, 'dataDir' | 'nameFiles' | 'onResults' | 'log'>
  readonly systems: Systems
  readonly storing: Pick<Storing, 'store' | 'configuration' | 'targets'>
  readonly telling: Pick<Telling, 'latest' | 'deciding' | 'tell' | 'health' | 'observability' | 'buttons'>
  readonly deliveryNames: Pick<DeliveryNames, 'know'>
  readonly live: Live
  /** Rings when something new is in the outbox. */
  readonly outbox: Bus<[]>
  readonly faults: Faults
}

/** Probing, and the record of what it finds. */
export interface Watching extends AsyncDisposable {
  readonly probing: Probing
  readonly recording: Recording
  readonly sight: SightWatch
  /** What keeps us from seeing the network. */
  readonly seeing: Services['sight']
  readonly agreement: Agreement
  readonly history: ImportedBefore
  /** Puts in force what is stored of monitors and channels. */
  reconfigure(): Promise<void>
  /** Begins to look. What is returned ends that. */
  start(): Promise<AsyncDisposable>
}

/** The first round of looks is what is recorded most; one that takes longer is not waited for, ms. */
const LONGEST_ROUND_MS = 60_000
const RELEASE_AFTER_MS = 5000

export const createWatching = async (deps: WatchingDeps): Promise<Watching> => {
  await using making = new AsyncDisposableStack()
  const { options, systems, deliveryNames, live, outbox, faults } = deps
  const { dataDir, nameFiles, onResults, log } = options
  const { clock, steady, timers, startPart } = systems
  const { store, configuration, targets } = deps.storing
  const { storage, persistence, alive } = store
  const { registry } = configuration
  const { latest, deciding, tell, health, observability, buttons } = deps.telling
  const { ingest, looking, network, quiets } = deciding
  const { now } = clock
  const wake = outbox.publish

  const probing = createProbing({
    nameFiles,
    dataDir,
    storage,
    registry,
    targets,
    now,
    timers,
    startPart,
    clockOffset: steady?.offset,
    persistence,
    faults,
    log,
    onRestart: () => health.restarted('engine'),
  })
  const recording = createRecording({ looking, persistence, live, wake, hurry: probing.hurry, faults, log })
  making.defer(recording.settled)
  const sight = createSightWatch({
    configuration,
    latest,
    network,
    blindSince: await blindUntilNow(storage),
    record: recording.record,
    tell,
    now,
    log,
  })
  const resolvers = await createResolverWatch({ storage, persistence, clock, ingest, faults, log })
  const agreement = createAgreement({ storage, registry, latest, recording, sight, now, log })
  making.defer(store.onRecovery(agreement.lookAtAll))
  const history = createLateHistory(storage, createHistoryListener({ health, persistence, ingest, now, faults, log }))

  /** What channels need to be told by is at hand, and what people press under messages is heard. */
  const reachChannels = async () => {
    deliveryNames.know(registry.channels())
    wake()
    await buttons.sync()
  }

  const inTurn = createTurns()
  const reconfigure = () =>
    inTurn(async () => {
      const gone = await configuration.takeOver()
      recording.renew()
      sight.renew()
      for (const id of gone) latest.delete(id)
      await probing.configure(gone)
      agreement.renew()
      await reachChannels()
    })

  const start = async (): Promise<AsyncDisposable> => {
    await using starting = new AsyncDisposableStack()
    starting.defer(history.close)
    starting.defer(probing.stop)
    await probing.start({
      history: history.open,
      awaited: () => health.late() || sight.blindSince() !== null || resolvers.standing() !== undefined,
      onRest: async (rests) => {
        health.rests(rests)
        if (rests) await history.rest()
      },
      onTransitions: sight.take,
      onResults: (batch, stats) => {
        health.hear(stats)
        latest.take(batch)
        sight.results(batch)
        sight.link(stats.cutOff)
        // Who reaches nobody reaches no resolver either.
        resolvers.note(stats.cutOff === undefined ? stats.names.silence : undefined)
        observability.results(batch)
        onResults?.(batch)
      },
      onPaths: recording.paths,
      onReady: (pingMethod) => {
        network.begin(now())
        agreement.renew()
        log.info({ pingMethod }, 'probe engine ready')
      },
    })
    await reachChannels()
    const roundMs = registry.monitors().reduce((most, { monitor }) => Math.max(most, monitor.intervalMs), 0)
    const afterMs = Math.min(roundMs, LONGEST_ROUND_MS) + RELEASE_AFTER_MS
    starting.defer(whenIdle(() => recording.settled().then(releaseMemory), { afterMs }))
    if (steady)
      starting.defer(
        keepClock({
          clock: steady,
          storage,
          persistence,
          alive,
          probing,
          recording,
          network,
          sight,
          quiets,
          wake,
          timers,
          faults,
          log,
        }),
      )
    const started = starting.move()
    return { [Symbol.asyncDispose]: () => started.disposeAsync() }
  }

  const made = making.move()
  return {
    probing,
    recording,
    sight,
    seeing: () => {
      const silent = resolvers.standing()
      const silentResolver = silent && { servers: silent.subject, since: silent.since }
      return { blindSince: sight.blindSince(), silentResolver }
    },
    agreement,
    history: withImported(history.asked, storage.importedHistory),
    reconfigure,
    start,
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  }
}
