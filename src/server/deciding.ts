import type { NewEvent, VigiaEvent } from '#core/event/event.ts'
import { hasFailedSince, type LatestLookup } from '#core/result/latest-results.ts'
import { type Correlation, createCorrelation } from '#detectors/correlation.ts'
import type { BanDeps } from '#pipeline/ban/ban-deps.ts'
import { type Correlated, createCorrelated } from '#pipeline/decide/correlated.ts'
import { createIngest, createIngestOnce, createRecorder } from '#pipeline/decide/ingest.ts'
import { createNetwork, FLAP_MEMORY_MS, type Network } from '#pipeline/decide/network.ts'
import { createQuietBook, type QuietBook } from '#pipeline/decide/quiets.ts'
import type { RecordDeps } from '#pipeline/decide/record.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import { createWouldHear } from '#pipeline/decide/would-hear.ts'
import type { Storage } from '#storage/index.ts'
import { type Live, publishEvents } from './live-event.ts'

export interface DecidingDeps {
  readonly storage: Storage
  readonly registry: Registry
  readonly latest: LatestLookup
  readonly live: Live
  /** Something new is in the outbox. */
  readonly wake: () => void
  readonly now: () => number
  /** Adds what is known of an event before it is stored. */
  readonly enrich?: ((event: NewEvent) => NewEvent) | undefined
}

/** What becomes of an event, and what is remembered from one to the next. */
export interface Deciding {
  readonly quiets: QuietBook
  readonly network: Network
  readonly correlated: Correlated
  readonly tooOldMs: number
  /** The above, as every stage of the pipeline looks at it. */
  readonly looking: RecordDeps & { readonly correlated: Correlated }
  /** The door for events from outside. */
  ingest(events: readonly NewEvent[]): Promise<readonly number[]>
  /** The same for a sender that may send again. */
  readonly ingestOnce: ReturnType<typeof createIngestOnce>
  /** What would become of an event, of which nothing stays. */
  readonly wouldHear: ReturnType<typeof createWouldHear>
  /** The door for events that a source stores together with how far it has read. */
  readonly record: BanDeps['record']
}

/** An event that was older than this when it came opens no alert. */
const TOO_OLD_MS = 3_600_000

const restoreNetwork = async ({ storage, registry, latest, now }: DecidingDeps): Promise<Network> => {
  const network = createNetwork({
    topology: registry.topology,
    monitor: registry.monitor,
    seenWellSince: (id, since) => {
      const result = latest.get(id)
      return result !== undefined && result.code === 'ok' && result.at >= since
    },
    failedSince: (id, since) => hasFailedSince(latest.get(id), since),
  })
  const remembered = {
    states: await storage.states.all(),
    recent: await storage.transitions.since(now() - FLAP_MEMORY_MS),
    flapping: await storage.alerts.flappingMonitors(),
    open: await storage.alerts.firingMonitors(),
  }
  network.restore(remembered, now())
  for (const { monitor } of registry.monitors()) if (network.state(monitor.id) === 'down') network.mute(monitor.id)
  return network
}

const HOUR_MS = 3_600_000
/** Signals of the last hour are looked for among so many events, the newest. */
const REMEMBERED_EVENTS = 1000

/** What was stored within the last hour goes on being part of a story. */
const restoreCorrelation = async ({ storage, now }: DecidingDeps): Promise<Correlation> => {
  const correlation = createCorrelation()
  const { items } = await storage.events.page({ limit: REMEMBERED_EVENTS })
  correlation.observe(items.filter(({ at }) => now() - at <= HOUR_MS).reverse())
  return correlation
}

/** Takes up what the server before this one knew. */
export const createDeciding = async (deps: DecidingDeps): Promise<Deciding> => {
  const { storage, registry, live, wake, now, enrich } = deps
  const quiets = createQuietBook(storage, now)
  await quiets.reload()
  const network = await restoreNetwork(deps)
  const correlated = createCorrelated()
  await correlated.restore(storage)
  const correlation = await restoreCorrelation(deps)

  const looking = { storage, registry, quiets: quiets.current, network, correlated, now, tooOldMs: TOO_OLD_MS }
  const taking = {
    ...looking,
    wake,
    enrich,
    correlate: correlation.observe,
    onEvents: (events: readonly VigiaEvent[]) => publishEvents(live, events),
  }
  return {
    quiets,
    network,
    correlated,
    tooOldMs: TOO_OLD_MS,
    looking,
    ingest: createIngest(taking),
    ingestOnce: createIngestOnce(taking),
    wouldHear: createWouldHear({ ...looking, enrich }),
    record: createRecorder(taking),
  }
}
