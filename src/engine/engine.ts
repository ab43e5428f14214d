import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import type { MonitorPath } from '#core/monitor/path.ts'
import type { Transition } from '#core/monitor/transition.ts'
import type { Signal } from '#core/probe.ts'
import type { LiveBatch } from '#core/result/result-batch.ts'
import { type StartPart, startThread } from '#lib/thread.ts'
import { systemTimers, type Timers } from '#lib/time/timers.ts'
import type { NameFiles } from '#names/name-settings.ts'
import type { EngineStats, FromEngine, ToEngine } from './messages.ts'
import type { EngineData } from './run-engine.ts'
import type { ScheduledMonitor } from './schedule/scheduled-monitor.ts'

export interface EngineOptions {
  /** Where the settings of names stand, for tests; absent: where this system has them. */
  readonly nameFiles?: NameFiles | undefined
  /** Where last known addresses outlive the thread; absent: they do not. */
  readonly addressBook?: string | undefined
  readonly onTransitions: (transitions: readonly Transition[]) => void
  readonly onResults: (batch: LiveBatch, stats: EngineStats) => void
  /** Ways to hosts that were seen. */
  readonly onPaths?: (paths: readonly MonitorPath[]) => void
  /** How pings leave: `raw`, `dgram` or `command`. */
  readonly onReady: (pingMethod: string) => void
  /** How far its clock is ahead of the monotonic one; absent: the system's clock. */
  readonly clockOffset?: (() => number) | undefined
  readonly timers?: Timers | undefined
  /** How it is started; absent: as a thread. */
  readonly startPart?: StartPart | undefined
  /** The thread ended by itself; the reason. The caller starts another one. */
  readonly onCrash: (reason: string) => void
}

/** The probe engine in its own thread, as the main thread sees it. */
export interface Engine {
  /** Batches of results go there besides, from now on; the port is handed over to the thread. */
  keepIn(history: MessagePort): void
  configure(upsert: readonly ScheduledMonitor[], remove: readonly number[]): void
  /** Looks at these monitors at once, out of their turn. */
  hurry(monitorIds: readonly number[]): void
  signal(monitorId: number, signal: Signal): void
  /** Sets its clock; what it decided before has been handed over when it resolves. */
  setClock(offset: number, byMs: number): Promise<void>
  /** Stops probing; what was decided until then has been handed over when it resolves. */
  stop(): Promise<void>
}

/** Names, labels and texts stay on this side: thousands of copies of them would only be resident memory. */
const probedPart = ({ monitor, ...rest }: ScheduledMonitor): ScheduledMonitor => {
  const { id, type, options, timeoutMs, paused, failures, successes, intervalMs } = monitor
  const { retryIntervalMs, recoveryIntervalMs, resetFailures, degraded } = monitor
  return {
    ...rest,
    monitor: {
      id,
      type,
      options,
      timeoutMs,
      paused,
      failures,
      successes,
      intervalMs,
      retryIntervalMs,
      recoveryIntervalMs,
      resetFailures,
      ...(degraded && { degraded }),
    },
  }
}

/** Results are short-lived and small: more room would only be resident memory. */
const YOUNG_GENERATION_MB = 4
const STOP_PATIENCE_MS = 2000

export const startEngine = ({
  nameFiles,
  addressBook,
  clockOffset,
  timers = systemTimers,
  startPart = startThread,
  onTransitions,
  onResults,
  onPaths,
  onReady,
  onCrash,
}: EngineOptions): Engine => {
  const worker = startPart('engine/worker', {
    name: 'engine',
    data: { nameFiles, addressBook, clockOffset: clockOffset?.() } satisfies EngineData,
    limits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  })
  let ended = false
  let clockSet: (() => void) | undefined
  const tell = (message: ToEngine, transfer: readonly MessagePort[] = []) => worker.postMessage(message, transfer)

  const crash = (reason: string) => {
    if (ended) return
    ended = true
    clockSet?.()
    onCrash(reason)
  }

  worker.on('message', (message: FromEngine) => {
    if (message.kind === 'transitions') onTransitions(message.transitions)
    else if (message.kind === 'results') onResults(message.batch, message.stats)
    else if (message.kind === 'paths') onPaths?.(message.paths)
    else if (message.kind === 'ready') onReady(message.pingMethod)
    else if (message.kind === 'clock') clockSet?.()
  })
  worker.on('error', (error) => crash(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  worker.on('exit', (code) => crash(`exit code ${code}`))

  return {
    keepIn: (history) => tell({ kind: 'history', port: history }, [history]),
    configure: (upsert, remove) => tell({ kind: 'configure', upsert: upsert.map(probedPart), remove }),
    hurry: (monitorIds) => tell({ kind: 'hurry', monitorIds }),
    signal: (monitorId, signal) => tell({ kind: 'signal', monitorId, signal }),
    setClock: (offset, byMs) =>
      new Promise((resolve) => {
        if (ended) return resolve()
        clockSet = resolve
        tell({ kind: 'clock', offset, byMs })
      }),
    stop: async () => {
      if (ended) return
      ended = true
      const exit = once(worker, 'exit')
      tell({ kind: 'stop' })
      const patience = timers.after(STOP_PATIENCE_MS, () => void worker.terminate())
      await exit
      timers.clear(patience)
    },
  }
}
