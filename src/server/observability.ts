import { statfs } from 'node:fs/promises'
import type { Logger } from 'pino'
import { type PortExporter, startPortExporter } from '#api/port-exporter.ts'
import type { PrometheusFaces } from '#api/server.ts'
import type { Wanted } from '#config/apply.ts'
import { loadBlackboxModules } from '#config/blackbox.ts'
import { buildMetrics } from '#config/metrics.ts'
import { olderEnvironment, portsOfEnvironment, readPort } from '#config/ports.ts'
import { problemText } from '#config/source.ts'
import type { ProbeTools } from '#core/probe.ts'
import type { LatestLookup } from '#core/result/latest-results.ts'
import { errorIndex } from '#core/result/result.ts'
import type { LiveBatch } from '#core/result/result-batch.ts'
import type { EngineStats } from '#engine/messages.ts'
import { createProbeTools, type EngineTools } from '#engine/tools.ts'
import type { Timers } from '#lib/time/timers.ts'
import { endOf } from '#metrics/exposition.ts'
import { createMetrics, type OwnHealth } from '#metrics/index.ts'
import { createPortText } from '#metrics/port-text.ts'
import type { Names } from '#names/names.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import type { BlackboxModule } from '#probes/blackbox/module.ts'
import type { Storage } from '#storage/index.ts'
import type { Live } from './live-event.ts'
import { createWatchedPorts, type WatchedPorts, type WatchedPortsDeps } from './watched-ports.ts'

export interface ObservabilityDeps extends WatchedPortsDeps {
  readonly timers: Timers
  /** Of probes on demand. */
  readonly names: Names
  readonly wanted?: Wanted | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly dataDir: string
  readonly storage: Storage
  readonly registry: Pick<Registry, 'monitors' | 'monitor' | 'generation'>
  /** The last result of each monitor by id. */
  readonly latest: LatestLookup
  readonly live: Live
  readonly log: Logger
  /** What keeps the server from its work; undefined when nothing does. */
  readonly trouble: () => Promise<string | undefined>
  readonly stats: () => EngineStats | undefined
  /** How often each thread ended by itself. */
  readonly restarts: () => Readonly<Record<string, number>>
}

/** What the server shows of itself, and of the ports of its machine, to Prometheus and to people. */
export interface Observability {
  readonly faces: PrometheusFaces
  readonly ports: WatchedPorts
  results(batch: LiveBatch): void
  /** Hears of an attempt to deliver. */
  attempt(channelType: string, ok: boolean, final: boolean): void
  start(): Promise<void>
  reload(wanted: Wanted): Promise<void>
  stop(): Promise<void>
}

/** Tools that open their sockets when the first probe needs them: most servers are never asked for `/probe`. */
const lazyTools = ({ names, clock, timers, now }: Pick<ObservabilityDeps, 'names' | 'clock' | 'timers' | 'now'>) => {
  let opened: EngineTools | undefined
  const get = (): EngineTools => {
    opened ??= createProbeTools({
      names,
      timing: { monotonic: clock.monotonic, timers },
      now,
    })
    return opened
  }
  const tools: ProbeTools = {
    get pingMethod() {
      return get().pingMethod
    },
    ping: (...request) => get().ping(...request),
    connect: (...request) => get().connect(...request),
    resolve: (...request) => get().resolve(...request),
    known: (...asked) => get().known(...asked),
    now,
    timers,
  }
  return { tools, close: () => opened?.close() }
}

const GOOD = errorIndex('ok')

/** When the certificates that monitors saw end; what a failed look could not see stays, what a good one did not goes. */
const createCertificates = (registry: ObservabilityDeps['registry']) => {
  const ends = new Map<number, number>()
  return {
    ends,
    note: ({ certificates, monitorIds, codes, count }: LiveBatch) => {
      for (let index = 0; ends.size > 0 && index < count; index++)
        if (codes[index] === GOOD && !certificates.has(index)) ends.delete(monitorIds[index]!)
      for (const [index, at] of certificates) ends.set(monitorIds[index]!, at)
    },
    forgetGone: () => {
      for (const id of ends.keys()) if (!registry.monitor(id)) ends.delete(id)
    },
  }
}

/** How the server does; what cannot be found out is left out. */
const healthOf = async ({ storage, now, dataDir, trouble, stats, restarts }: ObservabilityDeps): Promise<OwnHealth> => {
  const [problem, outbox, oldest, disk] = await Promise.all([
    trouble(),
    storage.notifications.queued().catch(() => undefined),
    storage.notifications.oldestPending().catch(() => null),
    statfs(dataDir).catch(() => undefined),
  ])
  const figures = stats()
  return {
    ready: problem === undefined,
    restarts: restarts(),
    ...(figures && {
      lateness: figures.lateness,
      probesStarted: figures.lateness.started,
      probesInFlight: figures.inFlight,
      overruns: figures.overruns,
      icmp: figures.icmp.map(({ family, method: _, sendErrors, dropped, ...packets }) => ({
        family,
        packets: { ...packets, refused: sendErrors, lost_here: dropped },
      })),
    }),
    ...(outbox && { outbox, oldestDueMs: oldest === null ? 0 : Math.max(0, now() - oldest) }),
    ...(disk && { disk: { freeBytes: disk.bavail * disk.bsize, sizeBytes: disk.blocks * disk.bsize } }),
  }
}

/** Ports by the file, else by the environment as for the older exporter. */
const portsWanted = (wanted: Wanted | undefined, { environment, log }: ObservabilityDeps) => {
  if (wanted?.ports) return wanted.ports
  const { settings, problems } = portsOfEnvironment(environment)
  for (const problem of problems) log.warn(problem)
  return settings
}

/** The older exporter's listener, where `PROMETHEUS_PORT` asks for it. A port that is taken is no reason not to watch. */
const startExporter = async (
  render: Parameters<typeof startPortExporter>[0]['render'],
  { environment, log }: ObservabilityDeps,
): Promise<PortExporter | undefined> => {
  const { port: text, host } = olderEnvironment(environment)
  if (text === undefined) return undefined
  const port = readPort(text, 'PROMETHEUS_PORT')
  if (typeof port !== 'number') {
    log.error(`${port.problem}; the port metrics are not served`)
    return undefined
  }
  try {
    const exporter = await startPortExporter({ host, port, render })
    log.info(`port metrics for everybody at http://${host ?? 'localhost'}:${port}/metrics`)
    return exporter
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    log.error(`PROMETHEUS_PORT ${port} cannot be served (${code ?? message}): stop what uses it, or choose another`)
    return undefined
  }
}

/** Wires metrics, probes on demand and ports together. `metrics` of the file holds from the start to the end, but for its modules. */
export const createObservability = (deps: ObservabilityDeps): Observability => {
  const { storage, registry, latest, live, log } = deps
  const settings = deps.wanted?.metrics ?? buildMetrics()
  const ports = createWatchedPorts(deps)
  const certificates = createCertificates(registry)
  const probe = lazyTools(deps)
  let modules: ReadonlyMap<string, BlackboxModule> = new Map()
  let exporter: PortExporter | undefined

  const olderPorts = () => ports.settings()?.watch ?? []
  const metrics = createMetrics(
    {
      monitors: registry.monitors,
      monitor: registry.monitor,
      generation: registry.generation,
      latest,
      certificates: certificates.ends,
      health: () => healthOf(deps),
      ports: () => (ports.settings() ? { latest: ports.latest() } : undefined),
    },
    {
      labels: settings.labels,
      monitorHistograms: settings.monitorHistograms,
      ...(settings.legacy === 'everywhere' && { olderPorts }),
    },
  )
  const deafToCommits = storage.onCommit(metrics.commit)
  const deaf = live.listen((kind, data) => {
    const { type, severity } = data as { readonly type: string; readonly severity: string }
    if (kind === 'event') metrics.event(type, severity)
  })

  const loadModules = (path: string | undefined) => {
    modules = new Map()
    if (path === undefined) return
    const loaded = loadBlackboxModules(path)
    for (const problem of loaded.problems) log.warn(problemText(problem))
    for (const note of loaded.notes) log.info(problemText(note))
    modules = loaded.modules
  }

  return {
    faces: {
      metrics,
      publicMetrics: settings.public,
      probe: { tools: probe.tools, timers: deps.timers, modules: () => modules },
      publicProbe: settings.publicProbe,
    },
    ports,
    results: (batch) => {
      certificates.note(batch)
      metrics.results(batch)
    },
    attempt: (channelType, ok, final) =>
      metrics.notification(channelType, ok ? 'delivered' : final ? 'failed' : 'retry'),
    start: async () => {
      loadModules(settings.modules)
      await ports.set(portsWanted(deps.wanted, deps))
      const text = createPortText(ports.latest, settings.legacy === 'nowhere' ? undefined : olderPorts)
      exporter = await startExporter(async (format) => (await text(format)) + endOf(format), deps)
    },
    reload: async (wanted) => {
      loadModules(wanted.metrics?.modules)
      certificates.forgetGone()
      await ports.set(portsWanted(wanted, deps))
    },
    stop: async () => {
      deaf()
      deafToCommits()
      await exporter?.close()
      await ports.stop()
      probe.close()
      metrics.close()
    },
  }
}
