import type { Logger } from 'pino'
import type { PortSettings } from '#config/ports.ts'
import type { NewEvent } from '#core/event/event.ts'
import { createPortHistory, type PortHistory } from '#core/port/port-history.ts'
import type { PortSamples } from '#core/port/port-sample.ts'
import { createPortStateDetector, DEFAULT_PORT_LIMITS, PORT_PROBLEMS, type PortProblem } from '#core/port/port-state.ts'
import { seedPortRules } from '#pipeline/clockwork/seed-ports.ts'
import { readLocalPorts } from '#sources/sockets/local-ports.ts'
import { createSocketSampler, type Sampled } from '#sources/sockets/sampler.ts'
import { type PortWatch, type PortWatchDeps, watchPorts } from '#sources/sockets/watch.ts'
import type { Storage } from '#storage/index.ts'

export interface WatchedPortsDeps extends PortWatchDeps {
  /** What the system's clock shows, ms. */
  readonly wall: () => number
  readonly storage: Storage
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly ingest: (events: readonly NewEvent[]) => Promise<unknown>
  /** Rules were stored. */
  readonly rulesChanged: () => Promise<void>
}

/** The connections of this machine's ports: counted, kept for a day, and watched for what is wrong. */
export interface WatchedPorts {
  readonly history: PortHistory
  /** What is watched; undefined when nothing is. */
  settings(): PortSettings | undefined
  /** The last count; undefined when there is none or the tables could not be read. */
  latest(): PortSamples | undefined
  /** Watches other ports, or none. */
  set(settings: PortSettings | undefined): Promise<void>
  stop(): Promise<void>
}

/** Events that are looked through for problems that were told and did not end. */
const REMEMBERED = 1000
const SOURCE = 'sockets'

const isProblem = (value: unknown): value is PortProblem => PORT_PROBLEMS.includes(value as PortProblem)

export const createWatchedPorts = (deps: WatchedPortsDeps): WatchedPorts => {
  const { storage, clock, timers, wall, now, log, ingest, rulesChanged } = deps
  const history = createPortHistory()
  let settings: PortSettings | undefined
  let watch: PortWatch | undefined
  let trouble: string | undefined
  /** Told, and not yet stored. */
  let waiting: NewEvent[] = []
  let storing: Promise<void> | undefined

  // What is not watched by name may come and go as it likes.
  const limitsOf = (port: number) => {
    const limits = settings?.perPort[port] ?? settings?.limits ?? DEFAULT_PORT_LIMITS
    return settings?.watch === 'listening' ? { ...limits, listenerGone: false } : limits
  }
  const detector = createPortStateDetector(limitsOf)

  const store = async () => {
    const events = waiting
    await ingest(events)
    waiting = waiting.slice(events.length)
  }

  const onSample = (sampled: Sampled) => {
    const message = sampled.ok ? undefined : sampled.message
    if (message !== trouble) log[message ? 'warn' : 'info'](message ?? 'the socket tables can be read again')
    trouble = message
    if (!sampled.ok) return
    history.add(sampled.samples)
    waiting.push(...detector.look(sampled.samples, readLocalPorts()))
    if (waiting.length === 0) return
    // A store that does not answer is asked again with the next count; its trouble is told elsewhere.
    storing ??= store()
      .catch(() => {})
      .finally(() => {
        storing = undefined
      })
  }

  /** Takes up what was told before this server started. */
  const restore = async () => {
    const seen = new Set<string>()
    for (const { source, data } of await storage.events.list({ type: 'port_state', limit: REMEMBERED })) {
      const { port, problem, state } = data
      if (source !== SOURCE || typeof port !== 'number' || !isProblem(problem)) continue
      const key = `${port} ${problem}`
      if (!seen.has(key) && state === 'firing') detector.restore(port, problem)
      seen.add(key)
    }
  }
  let restored: Promise<void> | undefined

  const set = async (next: PortSettings | undefined) => {
    if (JSON.stringify(next) === JSON.stringify(settings)) return
    await watch?.stop()
    watch = undefined
    settings = next
    if (!next) return
    restored ??= restore()
    await restored
    if (await seedPortRules(storage, now())) await rulesChanged()
    const sampler = createSocketSampler({ ports: next.watch, remote: next.remote, now: wall })
    watch = await watchPorts(sampler, next.everyMs, { clock, timers }, onSample)
  }

  return {
    history,
    settings: () => settings,
    latest: () => {
      const sampled = watch?.latest()
      return sampled?.ok ? sampled.samples : undefined
    },
    set,
    stop: async () => {
      await watch?.stop()
      await storing
    },
  }
}
