import { type ApiServer, startApi } from '#api/server.ts'
import { leaveAddress } from '#lib/run/address-file.ts'
import type { Names } from '#names/names.ts'
import type { Schedules } from '#pipeline/clockwork/schedules.ts'
import { createAbout, VERSION } from './about.ts'
import { createBringing } from './bringing.ts'
import { createConfigurationFace } from './configuration-face.ts'
import { createKnownStates } from './known-states.ts'
import type { Live } from './live-event.ts'
import { createOperating } from './operating.ts'
import type { ServerOptions } from './options.ts'
import { createPeriodicWork } from './periodic-work.ts'
import { heldByFile } from './place.ts'
import { createServices } from './services.ts'
import type { Storing } from './storing.ts'
import type { Systems } from './systems.ts'
import { keepTables, type Tables } from './tables/keep-tables.ts'
import { tableEvent } from './tables/table-event.ts'
import type { Telling } from './telling.ts'
import type { Watching } from './watching.ts'
import { createWriting } from './writing.ts'

export interface FacesDeps {
  readonly options: Pick<
    ServerOptions,
    | 'dataDir'
    | 'databaseUrl'
    | 'wanted'
    | 'environment'
    | 'wanted'
    | 'language'
    | 'timeZone'
    | 'region'
    | 'url'
    | 'listen'
    | 'trustedProxies'
    | 'log'
  >
  readonly systems: Pick<Systems, 'clock' | 'timers'>
  readonly startedAt: number
  readonly storing: Pick<Storing, 'store' | 'configuration' | 'targets' | 'place'>
  readonly telling: Omit<Telling, 'buttons'>
  readonly watching: Pick<Watching, 'probing' | 'recording' | 'seeing' | 'history' | 'reconfigure'>
  /** Of looks by hand. */
  readonly names: Names
  readonly live: Live
  /** Something new is in the outbox. */
  readonly wake: () => void
}

/** What people and programs ask at. */
export interface Faces extends AsyncDisposable {
  /** Undefined where nobody listens. */
  readonly api: ApiServer | undefined
  /** The server's own periodic work, which the clock does and people may. */
  readonly schedules: Schedules
  /** Tables that are read again and again. */
  readonly tables: Tables
}

/** Throws ListenError when the address cannot be bound. */
export const openFaces = async (deps: FacesDeps): Promise<Faces> => {
  const { options, startedAt, names, live, wake } = deps
  const { environment, listen, trustedProxies, log } = options
  const { clock, timers } = deps.systems
  const { store, configuration, targets, place } = deps.storing
  const held = heldByFile(options)
  const timeZone = () => place().timeZone
  const { persistence, settings, alive, sealer, ackKey, pushKey } = store
  const { registry, takeOverRules } = configuration
  const { latest, addresses, deciding, health, observability, security, fence, sendContext, attending } = deps.telling
  const { ingest, ingestOnce, quiets, network, tooOldMs } = deciding
  const { operate, quietsInForce, alerts, attention } = attending
  const { probing, recording, seeing, history, reconfigure } = deps.watching
  const { bans } = security
  const { now } = clock
  const storage = createKnownStates({ storage: store.storage, persistence, recording })

  const { duty, takeOverDuty } = configuration
  const writing = createWriting({ storage, registry, fence, clock, place, sendContext, duty })
  const schedules = createPeriodicWork({
    storage,
    persistence,
    history,
    settings,
    alive,
    ingest,
    now,
    timers,
    timeZone,
    log,
  })
  const operations = createOperating({
    operate,
    quietsInForce,
    alerts,
    environment,
    heldByFile: held,
    sendTest: writing.sendTest,
    wouldHear: deciding.wouldHear,
    checkTemplates: writing.checkTemplates,
    storage,
    registry,
    settings,
    schedules,
    bans,
    verdictsInForce: security.verdicts.reload,
    live,
    targets,
    sealer,
    wake,
    now,
    reconfigure,
    takeOverRules,
    duty,
    takeOverDuty,
  })
  const bringing = createBringing({
    options,
    storage,
    operate,
    registry,
    sealer,
    history,
    quietsInForce,
    takeOverRules,
    reconfigure,
    timeZone,
    now,
    timers,
  })
  const tables = keepTables({
    ...bringing,
    store: { dataDir: options.dataDir, databaseUrl: options.databaseUrl },
    environment,
    monitors: operations.monitors,
    resolve: names.resolve,
    timeZone,
    now,
    timers,
    tell: (table, waiting) => deps.telling.tell(tableEvent(table, waiting, now())),
    onBug: (error) => log.error({ err: error }, 'internal error'),
  })
  await tables.set(options.wanted?.polled)
  const services = createServices({
    uploads: bringing.uploads,
    tables,
    storage,
    operations,
    schedules,
    settings,
    configuration: createConfigurationFace({
      storage,
      operate,
      configuration,
      sealer,
      heldByFile: held,
      checkTemplates: writing.checkTemplates,
      tooOldMs,
      inForce: async () => {
        await settings.reload()
        await reconfigure()
        await takeOverRules()
        await takeOverDuty()
        await quietsInForce()
      },
      now,
    }),
    attention,
    ingest,
    ingestOnce,
    bans,
    ports: observability.ports,
    sources: security.status,
    addressFacts: addresses.of,
    about: createAbout({ dataDir: options.dataDir, place, heldByFile: [...held] }, health, startedAt),
    sight: seeing,
    now,
    monotonic: clock.monotonic,
    registry,
    duty: { rota: duty, timeZone },
    targets,
    names,
    quiets,
    network,
    latest,
    history,
    writing,
    tooOldMs,
    ackKey,
    pushKey,
    live,
    timers,
    timeZone,
  })
  const api =
    listen &&
    (await startApi({
      host: listen.host,
      port: listen.port,
      version: VERSION,
      services,
      storage,
      registry,
      latest,
      status: health.status,
      clock,
      timers,
      timeZone,
      region: () => place().region,
      log,
      sealer,
      trustedProxies,
      prometheus: observability.faces,
      pushKey,
      signal: probing.signal,
    }))
  // Commands beside the server ask it, for two never write to one folder.
  const forgetAddress = api && leaveAddress(options.dataDir, api.address)
  return {
    api,
    schedules,
    tables,
    [Symbol.asyncDispose]: async () => {
      forgetAddress?.()
      await api?.close()
      await tables.stop()
      bringing.uploads.close()
    },
  }
}
