import { statfs } from 'node:fs/promises'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Logger } from 'pino'
import { pushKey } from '#api/push.ts'
import { type ApiServer, type ServerStatus, startApi } from '#api/server.ts'
import { channelTypes } from '#channels/index.ts'
import { applyWanted, configured, type Wanted } from '#config/apply.ts'
import { guardOf, openChannel } from '#config/channel-book.ts'
import { openMonitor } from '#config/monitor-book.ts'
import type { SendContext } from '#core/channel.ts'
import type { Channel } from '#core/channel-spec.ts'
import type { NewEvent } from '#core/event.ts'
import { createLatestResults } from '#core/latest-results.ts'
import type { Language } from '#core/message.ts'
import type { Monitor } from '#core/monitor.ts'
import { type ProbeOutcome, verdictOf } from '#core/result.ts'
import type { LiveBatch } from '#core/result-batch.ts'
import { type Engine, startEngine } from '#engine/engine.ts'
import type { EngineStats } from '#engine/messages.ts'
import { createProbeTools } from '#engine/tools.ts'
import { ackToken } from '#lib/ack-token.ts'
import { createBus } from '#lib/bus.ts'
import { type Clock, systemClock } from '#lib/clock.ts'
import { monitorPolicy } from '#lib/forbidden-address.ts'
import { pushToken } from '#lib/push-token.ts'
import { releaseMemory } from '#lib/release-memory.ts'
import type { RetryPolicy } from '#lib/retry.ts'
import { createAttention } from '#pipeline/attention.ts'
import { blindEvent, blindUntilNow, seesEvent } from '#pipeline/blindness.ts'
import { channelFailed } from '#pipeline/channel-failed.ts'
import { createCorrelated } from '#pipeline/correlated.ts'
import { createDeliverer } from '#pipeline/deliver.ts'
import { startHeartbeat } from '#pipeline/heartbeat.ts'
import { createLastHops } from '#pipeline/last-hop.ts'
import { createNetwork, FLAP_MEMORY_MS } from '#pipeline/network.ts'
import { createPersistence } from '#pipeline/persistence.ts'
import { planMaintenance } from '#pipeline/plan-maintenance.ts'
import { createQuietBook } from '#pipeline/quiets.ts'
import { createAct, createReceivers } from '#pipeline/receive.ts'
import { recordCalm, recordTransitions } from '#pipeline/record.ts'
import { createRegistry, type KnownMonitor } from '#pipeline/registry.ts'
import { reopen } from '#pipeline/reopen.ts'
import { seed } from '#pipeline/seed.ts'
import { blindBefore, createSightGate, type Remains, type SightGate } from '#pipeline/sight-gate.ts'
import { tick } from '#pipeline/tick.ts'
import { createRenderer } from '#pipeline/write.ts'
import { probeTypes } from '#probes/index.ts'
import type { History } from '#storage/history/index.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { createSealer, type Sealer } from '#storage/seal.ts'
import { loadSealKeys } from '#storage/seal-key.ts'
import { openServerSettings } from '#storage/server-settings.ts'
import { signingKey } from '#storage/signing-key.ts'
import { isPassing } from '#storage/storage-error.ts'
import { createTemplateFence } from '#templates/jinja/fence.ts'
import packageJson from '../package.json' with { type: 'json' }
import { createObservability } from './observability.ts'
import { addressEnricher, createSecurity, type Security } from './security.ts'
import { createServices, liveEvent } from './services.ts'

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
  /** Proxies whose X-Forwarded-… headers count. */
  readonly trustedProxies?: readonly string[] | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly retry?: RetryPolicy | undefined
  /** The system's by default; the engine always keeps its own. */
  readonly clock?: Clock | undefined
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
const SCHEDULES_EVERY_MS = 10_000
/** Without a file nobody follows anything. */
const NO_SOURCES = { fail2ban: [], zeek: [] }
const NO_LIMITS = { neverBan: [], longestBanMs: 30 * 86_400_000 }
const STOP_PATIENCE_MS = 3000
const RESTART_AFTER_MS = 1000
/** A configuration of this size leaves as much memory behind when it has been read. */
const MANY_MONITORS = 5000
const RELEASE_AFTER_MS = 5000
/** Probing is in trouble when most of the last probes began later than this. */
const LATE_FROM_MS = 5000
/** Delivery is in trouble when something has waited this long. */
const STUCK_AFTER_MS = 600_000
/** A look by hand may take so much longer than its time-outs. */
const CHECK_GRACE_MS = 2000

const describeMonitor = ({ type, options }: Monitor): string => probeTypes.get(type)?.describe(options) ?? type

/** Looks once, with sockets of its own: whoever waits for it holds nothing up. */
const checkOnce = async ({ type: name, options, timeoutMs }: Monitor): Promise<ProbeOutcome | undefined> => {
  const type = probeTypes.get(name)
  if (!type?.run) return undefined
  const tools = createProbeTools()
  const patience = timeoutMs + (type.roundMs?.(options as never) ?? 0) + CHECK_GRACE_MS
  try {
    const context = { timeoutMs, signal: AbortSignal.timeout(patience), tools, trace: true }
    return await type.run(options as never, context)
  } finally {
    tools.close()
  }
}

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
  const clock = options.clock ?? systemClock
  const startedAt = clock.now()
  const storage = await openStorage({ dataDir: options.dataDir, databaseUrl: options.databaseUrl })
  const registry = createRegistry(describeMonitor)
  const latest = createLatestResults()
  let engine: Engine
  let history: History
  let lastResultsAt = clock.monotonic()
  let engineStats: EngineStats | undefined
  let stopping = false
  let gate: SightGate | undefined
  let security: Security | undefined
  const limits = options.wanted?.security ?? NO_LIMITS
  let sealing: Sealer | undefined

  const sealer = () => {
    sealing ??= createSealer(loadSealKeys(options.dataDir, environment))
    return sealing
  }
  const reportBug = (error: unknown) => log.error({ err: error }, 'internal error')
  const passing = (error: unknown) => {
    if (!isPassing(error)) reportBug(error)
  }
  const live = createBus<[kind: string, data: object]>()
  const fence = createTemplateFence()
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
  const settings = await openServerSettings(storage)
  const ackKey = await signingKey(storage, 'ack_key')
  // Who only watches a host for a minute gets no panel.
  if (options.listen) await seed(storage, clock.now())
  let wanted = options.wanted
  if (wanted) await applyWanted(storage, wanted, clock.now(), probeTypes)

  /** Puts in force what is stored: what a file names with the file's secrets, the rest with its own opened. */
  const takeOver = async (): Promise<readonly Monitor[]> => {
    const stored = await configured(storage, wanted)
    const monitors = stored.monitors.map((monitor) => openMonitor(monitor, { probeTypes }, sealer))
    const channels = stored.channels.map((channel) => openChannel(channel, channelTypes, sealer))
    registry.replace(monitors, channels)
    const locked = channels.filter((channel) => channel.locked).map(({ name }) => name)
    if (locked.length > 0)
      log.error({ channels: locked }, 'these channels cannot send: the key that sealed their secrets is missing')
    return monitors
  }
  await takeOver()

  const sendContext = (channel: Channel): Omit<SendContext, 'signal' | 'timeoutMs' | 'references'> => ({
    environment,
    ...guardOf(channel, () => ({ allowed: settings.get().allowed_channel_targets })),
  })
  const deliverer = createDeliverer({
    storage,
    clock,
    channelTypes,
    channelOf: registry.channel,
    timeZone: options.timeZone,
    channels: registry.channels,
    write: persistence.write,
    render: createRenderer({
      storage,
      clock,
      language: options.language,
      timeZone: options.timeZone,
      url: options.url,
      // Who only watches for a minute hears nobody, and must not take the presses of another server's bot.
      ...(options.listen && { ackToken: (id: number) => ackToken(ackKey, id) }),
      fence,
      templatesOf: (id) => registry.rule(id)?.spec.templates,
      onProblem: (rule, problem) =>
        log.warn({ rule, problem: problem.message }, 'a template failed; our own words were sent'),
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
      live.publish('notification', { id: notification.id, alert: notification.alertId, ok: outcome.ok, final })
      if (channel) observability.attempt(channel.type, outcome.ok, final)
      if (outcome.ok || !final || !channel) return
      const failed = channelFailed(notification, channel, outcome, clock.now())
      if (failed) persistence.write(() => services.ingest([failed])).catch(reportBug)
    },
  })

  registry.replaceRules(await storage.rules.list())
  const quiets = createQuietBook(storage, clock.now)
  await quiets.reload()
  const network = createNetwork({
    topology: registry.topology,
    monitor: registry.monitor,
    seenWellSince: (id, since) => {
      const result = latest.get(id)
      return result !== undefined && result.code === 'ok' && result.at >= since
    },
  })
  const remembered = {
    states: await storage.states.all(),
    recent: await storage.transitions.since(clock.now() - FLAP_MEMORY_MS),
    flapping: await storage.alerts.flappingMonitors(),
  }
  network.restore(remembered, clock.now())
  for (const { monitor } of registry.monitors()) if (network.state(monitor.id) === 'down') network.mute(monitor.id)
  const correlated = createCorrelated()
  await correlated.restore(storage)
  const looking = { quiets: quiets.current, network, correlated }
  const evaluating = { storage, registry, ...looking, now: clock.now, tooOldMs: TOO_OLD_MS }

  const lastHops = createLastHops({
    storage,
    monitors: registry.monitors,
    hostsOf: ({ type, options }) => probeTypes.get(type)?.hosts?.(options) ?? [],
  })

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
      .then(() => persistence.write(async () => recordTransitions(await lastHops.place(transitions), evaluating)))
      .then((events) => {
        deliverer.wake()
        const suspects = network.suspects()
        if (suspects.length > 0) engine.hurry(suspects)
        for (const event of events) live.publish('event', liveEvent(event))
      }, reportBug)
  }

  const sightGate = (before: Remains | undefined): SightGate | undefined => {
    const witnesses = wanted?.witnesses
    if (!witnesses) return undefined
    registry.tellOwn(witnesses.channels)
    const names = new Set(witnesses.monitors)
    const ids = registry
      .monitors()
      .filter(({ monitor }) => names.has(monitor.name))
      .map(({ monitor }) => monitor.id)
    const failedSince = (id: number, since: number) => {
      const result = latest.get(id)
      return result !== undefined && result.at >= since && verdictOf(result.code === 'ok', result.code) === 'failed'
    }
    const tell = (event: NewEvent) => services.ingest([event]).catch(reportBug)
    const deps = {
      policy: { witnesses: ids, blindIf: witnesses.blindIf, holdMs: witnesses.holdMs },
      now: clock.now,
      record,
      failedSince,
      onBlind: (since: number, failing: number) => {
        log.error({ since: new Date(since).toISOString() }, 'the witnesses do not answer: our own connection is down')
        void tell(blindEvent(since, failing, ids.length, clock.now()))
      },
      onSight: (since: number, at: number, fallen: readonly number[]) => {
        log.info({ since: new Date(since).toISOString() }, 'the witnesses answer again')
        const down = registry
          .monitors()
          .map(({ monitor }) => monitor.id)
          .filter((id) => !ids.includes(id) && network.state(id) === 'down' && failedSince(id, at))
        void tell(seesEvent(at, [...new Set([...down, ...fallen])], registry, clock.now()))
      },
    }
    return createSightGate(deps, before)
  }

  const connectHistory = (): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    history.connect(port1)
    return port2
  }

  let keepingPaths: Promise<void> | undefined
  const launchEngine = (): Engine =>
    startEngine({
      history: connectHistory(),
      onTransitions: (transitions) => (gate ? gate.take(transitions) : record(transitions)),
      onResults: (batch, stats) => {
        engineStats = stats
        lastResultsAt = clock.monotonic()
        latest.take(batch)
        gate?.results(batch)
        observability.results(batch)
        options.onResults?.(batch)
      },
      onPaths: (paths) => {
        lastHops.note(paths)
        // What is lost while the store takes no writes is seen again another day.
        if (persistence.trouble()) return
        keepingPaths = storage.transaction((store) => store.paths.save(paths)).catch(passing)
      },
      onReady: (pingMethod) => {
        network.begin(clock.now())
        log.info({ pingMethod }, 'probe engine ready')
      },
      onCrash: (reason) => {
        log.error({ reason }, 'the probe engine stopped; starting it again')
        if (!stopping) setTimeout(restartEngine, RESTART_AFTER_MS)
      },
    })

  const scheduled = async (monitors: readonly Monitor[]) => {
    const states = new Map((await storage.states.all()).map((state) => [state.monitorId, state]))
    const pathTimes = await storage.paths.wellTimes()
    const handMade = settings.get().allowed_monitor_targets
    return monitors.map((monitor) => {
      const state = states.get(monitor.id)
      const pathAt = pathTimes.get(monitor.id)
      return {
        monitor,
        // What a file names is trusted; what people made by hand is not.
        ...(monitor.origin === undefined && { allowed: [...monitorPolicy.allowed, ...handMade] }),
        ...(state && { remembered: { state: state.state, beneath: state.beneath, since: state.since } }),
        ...(state?.lastSignal && { lastSignal: state.lastSignal }),
        ...(pathAt !== undefined && { pathAt }),
      }
    })
  }

  /** Has the engine probe what is in force now, and forget the rest. */
  const reschedule = async () => {
    const before = new Set(registry.monitors().map(({ monitor }) => monitor.id))
    const monitors = await takeOver()
    lastHops.renew()
    gate = sightGate(gate?.remains())
    const stay = new Set(monitors.map(({ id }) => id))
    const gone = [...before].filter((id) => !stay.has(id))
    for (const id of gone) latest.delete(id)
    engine.configure(await scheduled(monitors), gone)
    deliverer.wake()
    await receivers.sync()
  }

  const attention = createAttention({
    storage,
    quiets,
    ruleOf: registry.ruleOf,
    now: clock.now,
    timeZone: options.timeZone,
    onChange: (id, status) => live.publish('alert', { id, status }),
  })
  const services = createServices({
    storage,
    registry,
    quiets,
    network,
    correlated,
    settings,
    fence,
    history: () => history,
    sealer,
    clock,
    environment,
    language: options.language,
    timeZone: options.timeZone,
    url: options.url,
    tooOldMs: TOO_OLD_MS,
    attention,
    ackKey,
    live,
    wake: deliverer.wake,
    enrich: addressEnricher(limits, log),
    security: (recorder) => {
      security = createSecurity(
        { storage, clock, language: options.language, sources: wanted?.sources ?? NO_SOURCES, limits, log },
        recorder,
      )
      return security
    },
    reconfigure: reschedule,
    onFailure: (job, error) => log.error({ job, err: error }, 'periodic work failed'),
    latency: (id) => {
      const ms = latest.get(id)?.latencyMs
      return ms === undefined || Number.isNaN(ms) ? null : ms
    },
    check: checkOnce,
    about: async () => {
      const { bavail, bsize, blocks } = await statfs(options.dataDir)
      return {
        ...(await status()),
        version: packageJson.version,
        startedAt,
        timeZone: options.timeZone,
        language: options.language,
        url: options.url,
        diskFreeBytes: bavail * bsize,
        diskTotalBytes: blocks * bsize,
      }
    },
  })

  const receivers = createReceivers({
    channelTypes,
    channels: () => (options.listen ? registry.channels() : []),
    contextOf: sendContext,
    act: createAct({
      attention,
      alertOfToken: services.alertOfToken,
      now: clock.now,
      language: options.language,
      timeZone: options.timeZone,
    }),
    onTrouble: (channels, trouble) => {
      if (trouble) log.warn({ channels, trouble }, 'buttons of these channels are not heard at present')
      else log.info({ channels }, 'buttons of these channels are heard again')
    },
    onBug: reportBug,
  })

  const observability = createObservability({
    wanted,
    environment,
    dataDir: options.dataDir,
    storage,
    registry,
    latest,
    live,
    now: clock.now,
    log,
    trouble: () => troubleOf(),
    stats: () => engineStats,
    ingest: services.ingest,
    rulesChanged: async () => registry.replaceRules(await storage.rules.list()),
  })

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
    const late = engineStats?.lateness.current ?? 0
    if (late > LATE_FROM_MS) return `probes begin ${Math.round(late / 1000)} s late`
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
        version: packageJson.version,
        services: { ...services, ports: observability.ports },
        storage,
        registry,
        latest,
        status,
        clock,
        timeZone: options.timeZone,
        log,
        sealer,
        prometheus: observability.faces,
        trustedProxies: options.trustedProxies,
        signal: (id, signal) => signalMonitor(id, signal),
      }))
    // After the first thing that people can see, which does not wait for it.
    history = await storage.openHistory((trouble) => log.error({ trouble }, 'results cannot be kept at present'))
  } catch (error) {
    await api?.close()
    await observability.stop()
    await storage.close()
    throw error
  }

  const signalMonitor: Parameters<typeof startApi>[0]['signal'] = async (id, signal) => {
    await storage.states.saveSignal(id, signal)
    engine.signal(id, signal)
  }

  gate = sightGate(blindBefore(await blindUntilNow(storage)))
  engine = launchEngine()
  engine.configure(await scheduled(registry.monitors().map(({ monitor }) => monitor)), [])
  deliverer.wake()
  await receivers.sync()
  if (registry.monitors().length >= MANY_MONITORS) setTimeout(releaseMemory, RELEASE_AFTER_MS).unref()
  if (options.listen) await observability.start()
  if (api) {
    await tellPushUrls(registry.monitors(), api.address, storage, log)
    const setUpUrl = await api.setUpUrl(api.address)
    if (setUpUrl) log.info(`there is no user yet; create the first one here: ${setUpUrl}`)
  }

  const escalation = () => {
    const idByName = new Map(registry.channels().map(({ name, id }) => [name, id]))
    const idsOf = (names: readonly string[]) => names.flatMap((name) => idByName.get(name) ?? [])
    return (wanted?.escalation ?? []).map((step) => ({ ...step, channelIds: idsOf(step.channels) }))
  }

  let ticking = false
  const tickAgain = async () => {
    gate?.tick()
    if (ticking || persistence.trouble()) return
    ticking = true
    try {
      // What the engine has found is known before anything that waited is told: a parent may be among it.
      await recording
      if (await planMaintenance(storage, clock.now())) await quiets.reload()
      const settled = network.settled()
      if (settled.length > 0) await storage.transaction(({ alerts }) => alerts.lookAgainAt(settled, clock.now()))
      const ticked = await tick(clock.now(), { storage, ...looking, escalation, ruleOf: registry.ruleOf })
      const reopened = await reopen(evaluating)
      const calmed = await recordCalm(evaluating)
      await security?.bans.tick()
      if (ticked || reopened || calmed.length > 0) deliverer.wake()
      for (const event of calmed) live.publish('event', liveEvent(event))
    } catch (error) {
      passing(error)
    }
    ticking = false
  }
  let working: Promise<void> | undefined
  const scheduleAgain = () => {
    if (persistence.trouble()) return
    working ??= services.schedules
      .tick()
      .catch(reportBug)
      .finally(() => {
        working = undefined
      })
  }
  const stillAlive = () => storage.transaction(({ settings }) => settings.set('last_alive_at', clock.now()))
  const timers = [
    setInterval(scheduleAgain, SCHEDULES_EVERY_MS),
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
    reload: async (next) => {
      wanted = next
      await applyWanted(storage, next, clock.now(), probeTypes)
      registry.replaceRules(await storage.rules.list())
      await services.quietsChanged()
      await reschedule()
      if (options.listen) await observability.reload(next)
    },
    stop: async () => {
      if (stopping) return
      stopping = true
      for (const timer of timers) clearInterval(timer)
      stopHeartbeat?.()
      await working
      await security?.stop()
      await observability.stop()
      await engine.stop()
      ending.abort()
      await history.close()
      await recording
      await receivers.stop()
      await keepingPaths
      await deliverer.stop(STOP_PATIENCE_MS)
      await api?.close()
      await fence.close()
      await stillAlive().catch(reportBug)
      await storage.close()
    },
  }
}
