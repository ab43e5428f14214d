import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { Signal } from '#core/probe.ts'
import { type Engine, type EngineOptions, startEngine } from '#engine/engine.ts'
import { locked } from '#engine/schedule/locked.ts'
import type { ScheduledMonitor } from '#engine/schedule/scheduled-monitor.ts'
import type { Timer, Timers } from '#lib/time/timers.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { History } from '#storage/history/index.ts'
import type { Storage } from '#storage/index.ts'
import type { Faults } from './faults.ts'
import { createKeptSignals } from './kept-signals.ts'
import { acrossPauses, silentSinceOf } from './silent-since.ts'
import type { Targets } from './targets.ts'

export interface ProbingDeps {
  readonly nameFiles?: EngineOptions['nameFiles']
  readonly dataDir: string
  readonly storage: Storage
  readonly registry: Pick<Registry, 'monitors'>
  readonly targets: Pick<Targets, 'ofMonitor'>
  readonly now: () => number
  readonly timers: Timers
  /** How far the server's clock is ahead of the monotonic one; absent: the engine keeps the system's. */
  readonly clockOffset?: (() => number) | undefined
  readonly persistence: Pick<Persistence, 'write'>
  readonly faults: Faults
  readonly log: Pick<Logger, 'error'>
  /** The engine's thread ended by itself, and is started again. */
  readonly onRestart: () => void
}

/** Who hears of what the engine finds, and where its results are kept. */
interface ProbingListeners extends Omit<EngineOptions, 'onCrash'> {
  readonly history: Pick<History, 'connect'>
}

/** The engine, as the rest of the server sees it: there is one from `start` to `stop`, whatever becomes of its thread. */
export interface Probing {
  start(listeners: ProbingListeners): Promise<void>
  /** Has the engine probe what is in force now, and forget the rest. */
  configure(gone: readonly number[]): Promise<void>
  /** Looks at these monitors at once, out of their turn. */
  hurry(monitorIds: readonly number[]): void
  /** A passive monitor was called. */
  signal(monitorId: number, signal: Signal): Promise<void>
  /** Sets the engine's clock, and moves what is under way; what was decided before has been handed over when it resolves. */
  setClock(offset: number, byMs: number): Promise<void>
  /** What was decided until then has been handed over when it resolves. */
  stop(): Promise<void>
}

/** No sealed text leaves this thread: the engine is told why it does not look, and nothing else. */
const asProbed = (monitor: Monitor): Monitor =>
  monitor.locked === undefined ? monitor : { ...monitor, type: locked.name, options: { reason: monitor.locked } }

const RESTART_AFTER_MS = 1000

export const createProbing = (deps: ProbingDeps): Probing => {
  const {
    nameFiles,
    dataDir,
    storage,
    registry,
    targets,
    now,
    timers,
    clockOffset,
    persistence,
    faults,
    log,
    onRestart,
  } = deps
  let engine: Engine | undefined
  let restart: Timer | undefined
  let stopped = false
  let paused: ReadonlySet<number> = new Set()
  const keep = createKeptSignals(deps)

  const scheduled = async (): Promise<readonly ScheduledMonitor[]> => {
    const states = new Map((await storage.states.all()).map((state) => [state.monitorId, state]))
    const monitors = registry.monitors().map(({ monitor }) => monitor)
    const signals = acrossPauses(monitors, states, now())
    for (const [id, signal] of signals) await storage.states.saveSignal(id, signal)
    const calls = [...states.values()].flatMap(({ lastSignal }) => lastSignal?.at ?? [])
    const absences = calls.length === 0 ? [] : await storage.gaps.absences(Math.min(...calls))
    paused = new Set(monitors.filter((monitor) => monitor.paused).map(({ id }) => id))
    const pathTimes = await storage.paths.wellTimes()
    return monitors.map((monitor) => {
      const lastSignal = signals.get(monitor.id) ?? states.get(monitor.id)?.lastSignal
      const state = states.get(monitor.id)
      const pathAt = pathTimes.get(monitor.id)
      const allowed = targets.ofMonitor(monitor)
      return {
        monitor: asProbed(monitor),
        ...(allowed && { allowed }),
        ...(state && { remembered: { state: state.state, beneath: state.beneath, since: state.since } }),
        ...(lastSignal && { lastSignal, silentSince: silentSinceOf(monitor, lastSignal, absences) }),
        ...(pathAt !== undefined && { pathAt }),
      }
    })
  }

  const configure = async (gone: readonly number[]) => {
    const monitors = await scheduled()
    engine?.configure(monitors, gone)
  }

  const start = async ({ history, ...listeners }: ProbingListeners): Promise<void> => {
    if (stopped) return
    const startAgain = () => start({ history, ...listeners }).catch(faults.bug)
    const started = startEngine({
      ...listeners,
      nameFiles,
      addressBook: join(dataDir, 'addresses-monitors.jsonl'),
      clockOffset,
      onCrash: (reason) => {
        log.error({ reason }, 'the probe engine stopped; starting it again')
        onRestart()
        if (!stopped) restart = timers.after(RESTART_AFTER_MS, startAgain)
      },
    })
    engine = started
    // Results cross to the history without a detour through this thread.
    history.connect(started.keepIn)
    // An engine that was not told what to probe would watch nothing: it waits for the store.
    await persistence.write(() => configure([]))
  }

  return {
    start,
    configure,
    hurry: (monitorIds) => engine?.hurry(monitorIds),
    setClock: async (offset, byMs) => engine?.setClock(offset, byMs),
    signal: async (id, signal) => {
      // Heard is heard, whether or not the store takes it at this moment.
      engine?.signal(id, signal)
      await keep(id, paused.has(id) ? { ...signal, paused: true } : signal)
    },
    stop: async () => {
      stopped = true
      timers.clear(restart)
      await engine?.stop()
    },
  }
}
