import type { NewEvent } from '#core/event/event.ts'
import { createLatestResults, type LatestResults } from '#core/result/latest-results.ts'
import type { Bus } from '#lib/run/bus.ts'
import type { Names } from '#names/names.ts'
import type { Receivers } from '#pipeline/tell/receive.ts'
import { createTemplateFence, type TemplateFence } from '#templates/jinja/fence.ts'
import { type AddressEnricher, createAddressEnricher } from './address-enricher.ts'
import { createButtons } from './buttons.ts'
import { createDeciding, type Deciding } from './deciding.ts'
import { createDelivery } from './delivery.ts'
import type { DeliveryNames } from './delivery-names.ts'
import type { Faults } from './faults.ts'
import { createHealth, type Health } from './health.ts'
import { tellOfKeys } from './key-watch.ts'
import { createLateWatch } from './late-watch.ts'
import type { Live } from './live-event.ts'
import { createObservability, type Observability } from './observability.ts'
import { type Attending, createAttending } from './operating.ts'
import type { ServerOptions } from './options.ts'
import { createOwnEvents } from './own-events.ts'
import { ownHosts } from './own-hosts.ts'
import { createSecurity, type Security } from './security.ts'
import { createSendContext } from './send-context.ts'
import { startStoreWatch } from './store-watch.ts'
import type { Storing } from './storing.ts'
import type { Systems } from './systems.ts'
import { createVapid } from './vapid.ts'

export interface TellingDeps {
  readonly options: Pick<ServerOptions, 'dataDir' | 'environment' | 'retry' | 'listen' | 'wanted' | 'log'>
  readonly systems: Systems
  readonly storing: Pick<Storing, 'store' | 'configuration' | 'targets' | 'place'>
  /** Of probes on demand. */
  readonly names: Names
  readonly deliveryNames: Pick<DeliveryNames, 'resolve'>
  readonly live: Live
  /** Rings when something new is in the outbox. */
  readonly outbox: Bus<[]>
  readonly faults: Faults
}

/** What becomes of an event, what people are told of it and what they answer; and what the server says of itself. */
export interface Telling extends AsyncDisposable {
  /** The last result of each monitor, which probing brings. */
  readonly latest: LatestResults
  readonly deciding: Deciding
  readonly addresses: AddressEnricher
  /** Tells of the server itself. */
  readonly tell: (event: NewEvent) => void
  readonly health: Health
  readonly observability: Observability
  readonly security: Security
  readonly fence: TemplateFence
  readonly sendContext: ReturnType<typeof createSendContext>
  readonly attending: Attending
  readonly buttons: Receivers
}

const STOP_PATIENCE_MS = 3000

export const startTelling = async (deps: TellingDeps): Promise<Telling> => {
  await using starting = new AsyncDisposableStack()
  const { options, names, deliveryNames, live, outbox, faults } = deps
  const { dataDir, environment, retry, listen, wanted, log } = options
  const { clock, timers, random, wall } = deps.systems
  const { store, configuration, targets, place } = deps.storing
  const { storage, persistence, ackKey } = store
  const { registry } = configuration
  const { now } = clock
  const wake = outbox.publish

  const latest = createLatestResults()
  const addresses = createAddressEnricher(log)
  addresses.set(wanted?.security)
  const deciding = await createDeciding({ storage, registry, latest, live, wake, now, enrich: addresses.enrich })
  const { ingest, record, quiets, network, correlated } = deciding
  const tell = createOwnEvents({ ingest, persistence, faults })

  // How the server does, and what it shows of itself and of its machine.
  const watch = startStoreWatch({ storage, timers })
  starting.defer(watch.stop)
  const late = await createLateWatch({ storage, clock, tell, log })
  const health = createHealth({ storage, watch, persistence, clock, late })
  const { keyTrouble, missingKeys } = store
  await tellOfKeys({ keyTrouble, missingKeys, storage, health, persistence, ingest, now, faults })
  const observability = createObservability({
    clock,
    timers,
    wall,
    now,
    names,
    wanted,
    environment,
    dataDir,
    storage,
    registry,
    latest,
    live,
    log,
    trouble: health.trouble,
    stats: health.stats,
    restarts: health.restarts,
    ingest,
    rulesChanged: configuration.takeOverRules,
  })
  starting.defer(observability.stop)

  // The logs of security tools.
  const own = {
    hosts: () => ownHosts({ registry, environment, heartbeat: configuration.wanted()?.heartbeat?.url }),
    resolve: names.resolve,
  }
  const security = createSecurity({ storage, clock, timers, wall, language: () => place().language, log, record, own })
  starting.defer(security.stop)
  await security.set(wanted)

  // What is told to people, and what they answer.
  const fence = createTemplateFence({ timers })
  starting.defer(fence.close)
  const sendContext = createSendContext(
    environment,
    targets,
    deliveryNames.resolve,
    deps.systems,
    createVapid(ackKey, place),
  )
  const deliverer = createDelivery({
    network: deciding.network,
    storage,
    clock,
    timers,
    random,
    place,
    retry,
    listen,
    log,
    registry,
    persistence,
    fence,
    duty: configuration.duty,
    ackKey,
    live,
    observability,
    ingest,
    sendContext,
    faults,
  })
  starting.defer(() => deliverer.stop(STOP_PATIENCE_MS))
  outbox.listen(deliverer.wake)
  const attending = createAttending({
    storage,
    registry,
    quiets,
    network,
    correlated,
    live,
    wake,
    now,
    timeZone: () => place().timeZone,
  })
  const { attention } = attending
  const buttons = createButtons({
    listen,
    place,
    log,
    sendContext,
    registry,
    attention,
    duty: configuration.duty,
    ackKey,
    now,
    timers,
    random,
    faults,
  })
  starting.defer(buttons.stop)

  const started = starting.move()
  return {
    latest,
    deciding,
    addresses,
    tell,
    health,
    observability,
    security,
    fence,
    sendContext,
    attending,
    buttons,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}
