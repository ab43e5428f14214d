import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { Signal } from '#core/probe.ts'
import { type Engine, type EngineOptions, startEngine } from '#engine/engine.ts'
import { locked } from '#engine/schedule/locked.ts'
import type { ScheduledMonitor } from '#engine/schedule/scheduled-monitor.ts'
import type { JsonObject } from '#lib/json.ts'
import { createTurns } from '#lib/run/turns.ts'
import type { StartPart } from '#lib/thread.ts'
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
  /** How the engine's thread is started; absent: as a thread. */
  readonly startPart?: StartPart | undefined
  /** How far the server's clock is ahead of the monotonic one; absent: the engine keeps the system's. */
  readonly clockOffset?: (() => number) | undefined
  readonly persistence: Pick<Persistence, 'write'>
  readonly faults: Faults
  readonly log: Pick<Logger, 'error'>
  /** The engine's thread ended by itself, and is started again. */
  readonly onRestart: () => void
}

/** Who hears of what the engine finds, and where its results are kept. */
interface ProbingListeners extends Pick<EngineOptions, 'onTransitions' | 'onResults' | 'onPaths' | 'onReady'> {
  /** Where results are kept, begun when it is asked for first. */
  readonly history: () => Promise<Pick<History, 'connect'>>
  /** Whether somebody waits for what the engine says, although nothing is watched; absent: nobody. */
  readonly awaited?: () => boolean
  /** The engine begins, or rests: there is nothing to watch. */
  readonly onRest?: (rests: boolean) => Promise<void>
}

/**
 * The engine, as the rest of the server sees it: from `start` to `stop` there is one while there is something to watch,
 * whatever becomes of its thread.
 */
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
  monitor.locked === undefined
    ? monitor
    : { ...monitor, type: locked.name, options: { reason: monitor.locked as unknown as JsonObject } }

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
    startPart,
    clockOffset,
    persistence,
    faults,
    log,
    onRestart,
  } = deps
  let listeners: ProbingListeners | undefined
  let engine: Engine | undefined
  /** Undefined before the start, and while the engine is down. */
  let running: boolean | undefined
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

  const launch = async ({ history, onTransitions, onResults, onPaths, onReady, onRest }: ProbingListeners) => {
    await onRest?.(false)
    const kept = await history()
    if (stopped) return
    const started = startEngine({
      nameFiles,
      addressBook: join(dataDir, 'addresses-monitors.jsonl'),
      clockOffset,
      timers,
      startPart,
      onTransitions,
      onResults,
      ...(onPaths && { onPaths }),
      onReady,
      onCrash: (reason) => {
        log.error({ reason }, 'the probe engine stopped; starting it again')
        onRestart()
        if (!stopped) restart = timers.after(RESTART_AFTER_MS, () => void startAgain().catch(faults.bug))
      },
    })
    engine = started
    // Results cross to the history without a detour through this thread.
    kept.connect(started.keepIn)
  }

  const rest = async ({ onRest }: ProbingListeners) => {
    timers.clear(restart)
    const last = engine
    engine = undefined
    await last?.stop()
    await onRest?.(true)
  }

  /** One after the other: the engine begins once, and anew only when it has ended. */
  const inTurn = createTurns()
  const beginOrRest = (hearing: ProbingListeners) =>
    inTurn(async () => {
      const needed = registry.monitors().length > 0 || (hearing.awaited?.() ?? false)
      if (stopped || needed === running) return
      running = needed
      try {
        await (needed ? launch(hearing) : rest(hearing))
      } catch (error) {
        running = undefined
        throw error
      }
    })

  const configure = async (gone: readonly number[]) => {
    if (listeners) await beginOrRest(listeners)
    if (engine) engine.configure(await scheduled(), gone)
  }

  // An engine that was not told what to probe would watch nothing: it waits for the store.
  const startWatching = () => persistence.write(() => configure([]))

  const startAgain = () => {
    running = undefined
    return startWatching()
  }

  const start = async (hearing: ProbingListeners): Promise<void> => {
    if (stopped) return
    listeners = hearing
    await beginOrRest(hearing)
    await startWatching()
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
