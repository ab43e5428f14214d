import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Logger } from 'pino'
import { pushKey } from '#api/push.ts'
import { type ApiServer, type ServerStatus, startApi } from '#api/server.ts'
import { channelTypes } from '#channels/index.ts'
import { applyWanted, configured, type Wanted } from '#config/apply.ts'
import type { SendContext } from '#core/channel.ts'
import type { Channel } from '#core/channel-spec.ts'
import { createLatestResults } from '#core/latest-results.ts'
import type { Language } from '#core/message.ts'
import type { Monitor } from '#core/monitor.ts'
import type { LiveBatch } from '#core/result-batch.ts'
import { type Engine, startEngine } from '#engine/engine.ts'
import type { EngineStats } from '#engine/messages.ts'
import { systemClock } from '#lib/clock.ts'
import { pushToken } from '#lib/push-token.ts'
import { releaseMemory } from '#lib/release-memory.ts'
import type { RetryPolicy } from '#lib/retry.ts'
import { channelFailed } from '#pipeline/channel-failed.ts'
import { createDeliverer } from '#pipeline/deliver.ts'
import { startHeartbeat } from '#pipeline/heartbeat.ts'
import { createPersistence } from '#pipeline/persistence.ts'
import { createQuietBook } from '#pipeline/quiets.ts'
import { recordTransitions } from '#pipeline/record.ts'
import { createRegistry, type KnownMonitor } from '#pipeline/registry.ts'
import { tick } from '#pipeline/tick.ts'
import { createRenderer } from '#pipeline/write.ts'
import { probeTypes } from '#probes/index.ts'
import type { History } from '#storage/history/index.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { isPassing } from '#storage/storage-error.ts'

export interface ServerOptions {
  readonly dataDir: string
  readonly databaseUrl?: string | undefined
  /** What a file or a command line names; absent: what the database holds. */
  readonly wanted?: Wanted | undefined
  readonly heartbeat?: { readonly url: string; readonly everyMs: number } | undefined
  readonly language: Language
  readonly timeZone: string
  /** Base of links in messages; absent: none. */
  readonly url?: string | undefined
  /** Absent: no HTTP. */
  readonly listen?: { readonly host: string; readonly port: number } | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly retry?: RetryPolicy | undefined
  readonly log: Logger
  readonly onResults?: (batch: LiveBatch) => void
}

export interface Server {
  /** Where HTTP answers; undefined when it does not. */
  readonly address: string | undefined
  readonly storage: Storage
  monitors(): readonly KnownMonitor[]
  /** Takes over a new configuration without losing turns, states or open alerts. */
  reload(wanted: Wanted): Promise<void>
  stop(): Promise<void>
}

/** A silence of the server longer than this is remembered as a gap: nothing is known about that time. */
const GAP_FROM_MS = 30_000
const ALIVE_EVERY_MS = 10_000
const TICK_EVERY_MS = 1000
/** An event that was older than this when it came opens no alert. */
const TOO_OLD_MS = 3_600_000
const RETAIN_EVERY_MS = 3_600_000
const DAY_MS = 86_400_000
const KEPT = { resultsMs: 30 * DAY_MS, hoursMs: 730 * DAY_MS }
const STOP_PATIENCE_MS = 3000
const RESTART_AFTER_MS = 1000
/** A configuration of this size leaves as much memory behind when it has been read. */
const MANY_MONITORS = 5000
const RELEASE_AFTER_MS = 5000
/** Delivery is in trouble when something has waited this long. */
const STUCK_AFTER_MS = 600_000

const describeMonitor = ({ type, options }: Monitor): string => probeTypes.get(type)?.describe(options) ?? type

/** A passive monitor is of use only to who knows its URL. */
const tellPushUrls = async (monitors: readonly KnownMonitor[], address: string, storage: Storage, log: Logger) => {
  const passive = monitors.filter(({ monitor }) => probeTypes.get(monitor.type)?.judge)
  if (passive.length === 0) return
  const key = await pushKey(storage)
  for (const { monitor } of passive)
    log.info(`push URL of ${monitor.name}: ${address}/push/${pushToken(key, monitor.id)}`)
}

/** Notes the time in which no server ran, once at the start. */
const rememberGap = async (storage: Storage, now: number) => {
  const last = await storage.settings.get<number>('last_alive_at')
  if (last !== undefined && now - last > GAP_FROM_MS)
    await storage.gaps.insert({ from: last, to: now, reason: 'not_running' })
  await storage.settings.set('last_alive_at', now)
}

/**
 * The composition root: storage, configuration, outbox, engine and HTTP, started in this order and stopped in the
 * reverse. Throws StorageError when the store cannot be used, and the system's error when the address cannot be bound.
 */
export const startServer = async (options: ServerOptions): Promise<Server> => {
  const { log, environment } = options
  const clock = systemClock
  const storage = await openStorage({ dataDir: options.dataDir, databaseUrl: options.databaseUrl })
  const registry = createRegistry(describeMonitor)
  const latest = createLatestResults()
  let engine: Engine
  let history: History
  let lastResultsAt = clock.monotonic()
  let engineStats: EngineStats | undefined
  let stopping = false

  const reportBug = (error: unknown) => log.error({ err: error }, 'internal error')
  const ending = new AbortController()
  const persistence = createPersistence({
    signal: ending.signal,
    onChange: (trouble) => {
      if (trouble) log.error({ trouble }, 'the store takes no writes; what is decided meanwhile waits in memory')
      else log.info('the store takes writes again; nothing was lost')
    },
  })

  await rememberGap(storage, clock.now())
  if (storage.engine === 'sqlite') await storage.notifications.releaseAll(clock.now())
  const applied = options.wanted ? await applyWanted(storage, options.wanted, clock.now()) : await configured(storage)
  registry.replace(applied.monitors, applied.channels)

  const sendContext = (_channel: Channel): Omit<SendContext, 'signal' | 'timeoutMs' | 'references'> => ({ environment })
  const deliverer = createDeliverer({
    storage,
    clock,
    channelTypes,
    channelOf: registry.channel,
    write: persistence.write,
    render: createRenderer({
      storage,
      clock,
      language: options.language,
      timeZone: options.timeZone,
      url: options.url,
    }),
    sendContext,
    ...(options.retry && { retry: options.retry }),
    onAttempt: (notification, channel, outcome, final) => {
      const facts = { notification: notification.id, channel: channel?.name, attempt: notification.attempts }
      if (outcome.ok) log.info({ ...facts, reason: notification.reason }, 'delivered')
      else
        log.warn(
          { ...facts, failure: outcome.reason, error: outcome.message },
          final ? 'delivery failed' : 'delivery will be retried',
        )
      if (!outcome.ok && final && channel)
        storage
          .transaction((repositories) => channelFailed(notification, channel, outcome, clock.now(), repositories))
          .catch(reportBug)
    },
  })

  const quiets = createQuietBook(storage, clock.now)
  await quiets.reload()
  registry.replaceRules(await storage.rules.list())
  const evaluating = { storage, registry, quiets: quiets.current, now: clock.now, tooOldMs: TOO_OLD_MS }

  /** Commits one batch after the other, in the order in which the engine decided them. */
  let recording: Promise<void> = Promise.resolve()
  const record = (transitions: Parameters<typeof recordTransitions>[0]) => {
    for (const { monitorId, from, to, cause } of transitions) {
      const name = registry.monitor(monitorId)?.monitor.name
      // A monitor that is seen for the first time and is well is no news.
      const level = from === 'unknown' && to === 'up' ? 'debug' : 'info'
      log[level]({ monitor: name, from, to, ...(cause && { cause }) }, 'state changed')
    }
    recording = recording
      .then(() => persistence.write(() => recordTransitions(transitions, evaluating)))
      .then(deliverer.wake, reportBug)
  }

  const connectHistory = (): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    history.connect(port1)
    return port2
  }

  const launchEngine = (): Engine =>
    startEngine({
      history: connectHistory(),
      onTransitions: record,
      onResults: (batch, stats) => {
        engineStats = stats
        lastResultsAt = clock.monotonic()
        latest.take(batch)
        options.onResults?.(batch)
      },
      onReady: (pingMethod) => log.info({ pingMethod }, 'probe engine ready'),
      onCrash: (reason) => {
        log.error({ reason }, 'the probe engine stopped; starting it again')
        if (!stopping) setTimeout(restartEngine, RESTART_AFTER_MS)
      },
    })

  const scheduled = async (monitors: readonly Monitor[]) => {
    const states = new Map((await storage.states.all()).map((state) => [state.monitorId, state]))
    return monitors.map((monitor) => {
      const state = states.get(monitor.id)
      return {
        monitor,
        ...(state && { remembered: { state: state.state, beneath: state.beneath, since: state.since } }),
        ...(state?.lastSignal && { lastSignal: state.lastSignal }),
      }
    })
  }

  const restartEngine = () => {
    if (stopping) return
    engine = launchEngine()
    const monitors = registry.monitors().map(({ monitor }) => monitor)
    scheduled(monitors).then((upsert) => engine.configure(upsert, []), reportBug)
  }

  /** What keeps the server from its work, in words; undefined when nothing does. */
  const troubleOf = async (): Promise<string | undefined> => {
    const trouble = persistence.trouble()
    if (trouble) return trouble
    const silent = clock.monotonic() - lastResultsAt
    if (silent > 10_000) return `no results from the probe engine for ${Math.round(silent / 1000)} s`
    const oldest = await storage.notifications.oldestPending()
    const waits = oldest === null ? 0 : clock.now() - oldest
    return waits > STUCK_AFTER_MS ? `notifications have waited for ${Math.round(waits / 60_000)} min` : undefined
  }

  const status = async (): Promise<ServerStatus> => ({
    trouble: await troubleOf().catch((error: Error) => `the database does not answer: ${error.message}`),
    engine: engineStats,
  })

  const address = options.listen
  let api: ApiServer | undefined
  try {
    api =
      address &&
      (await startApi({
        ...address,
        storage,
        registry,
        latest,
        status,
        clock,
        timeZone: options.timeZone,
        signal: (id, signal) => signalMonitor(id, signal),
      }))
    // After the first thing that people can see, which does not wait for it.
    history = await storage.openHistory((trouble) => log.error({ trouble }, 'results cannot be kept at present'))
  } catch (error) {
    await api?.close()
    await storage.close()
    throw error
  }

  const signalMonitor: Parameters<typeof startApi>[0]['signal'] = async (id, signal) => {
    await storage.states.saveSignal(id, signal)
    engine.signal(id, signal)
  }

  engine = launchEngine()
  engine.configure(await scheduled(applied.monitors), [])
  deliverer.wake()
  if (applied.monitors.length >= MANY_MONITORS) setTimeout(releaseMemory, RELEASE_AFTER_MS).unref()
  if (api) await tellPushUrls(registry.monitors(), api.address, storage, log)

  let ticking = false
  const tickAgain = async () => {
    if (ticking || persistence.trouble()) return
    ticking = true
    try {
      if (await tick(clock.now(), { storage, quiets: quiets.current, ruleOf: registry.ruleOf })) deliverer.wake()
    } catch (error) {
      if (!isPassing(error)) reportBug(error)
    }
    ticking = false
  }
  const stillAlive = () => storage.transaction(({ settings }) => settings.set('last_alive_at', clock.now()))
  const timers = [
    setInterval(() => history.retain(clock.now(), KEPT).catch(reportBug), RETAIN_EVERY_MS),
    setInterval(tickAgain, TICK_EVERY_MS),
    setInterval(() => persistence.write(stillAlive).catch(reportBug), ALIVE_EVERY_MS),
  ]
  const stopHeartbeat =
    options.heartbeat &&
    startHeartbeat({
      ...options.heartbeat,
      trouble: async () => (await status()).trouble,
      log: (message) => log.warn(message),
    })

  return {
    address: api?.address,
    storage,
    monitors: registry.monitors,
    reload: async (wanted) => {
      const before = new Set(registry.monitors().map(({ monitor }) => monitor.id))
      const next = await applyWanted(storage, wanted, clock.now())
      registry.replace(next.monitors, next.channels)
      const stay = new Set(next.monitors.map(({ id }) => id))
      const gone = [...before].filter((id) => !stay.has(id))
      for (const id of gone) latest.delete(id)
      engine.configure(await scheduled(next.monitors), gone)
      deliverer.wake()
    },
    stop: async () => {
      if (stopping) return
      stopping = true
      for (const timer of timers) clearInterval(timer)
      stopHeartbeat?.()
      await engine.stop()
      ending.abort()
      await history.close()
      await recording
      await deliverer.stop(STOP_PATIENCE_MS)
      await api?.close()
      await stillAlive().catch(reportBug)
      await storage.close()
    },
  }
}
