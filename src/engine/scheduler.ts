import type { Monitor, State } from '#core/monitor.ts'
import type { ProbeRunner, ProbeTools, ProbeType, Signal } from '#core/probe.ts'
import type { ErrorCode, ResultMetrics } from '#core/result.ts'
import {
  advance,
  initialState,
  type MonitorState,
  nextInterval,
  readingOf,
  restoredState,
  type StatePolicy,
} from '#core/state.ts'
import type { Transition } from '#core/transition.ts'
import type { Clock } from '#lib/clock.ts'
import { createLateness, type LatenessFigures } from './lateness.ts'
import { createRunner } from './runner.ts'
import { createTimerWheel } from './timer-wheel.ts'

/** A monitor with what storage remembers of it. */
export interface ScheduledMonitor {
  readonly monitor: Monitor
  readonly remembered?: { readonly state: State; readonly beneath: State; readonly since: number }
  readonly lastSignal?: Signal
}

/** One result as it leaves the scheduler; `message` only when the probe failed. */
export interface SchedulerResult {
  readonly monitorId: number
  readonly at: number
  readonly state: State
  readonly code: ErrorCode
  readonly latencyMs: number
  readonly metrics: ResultMetrics | undefined
  readonly message: string | undefined
}

export interface SchedulerDeps {
  readonly clock: Clock
  readonly tools: ProbeTools
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  readonly onResult: (result: SchedulerResult) => void
  readonly onTransition: (transition: Transition) => void
}

export interface SchedulerStats {
  readonly monitors: number
  readonly inFlight: number
  /** Probes that were still under way when their next turn came. */
  readonly overruns: number
  readonly lateness: LatenessFigures
}

interface Entry {
  monitor: Monitor
  type: ProbeType
  policy: StatePolicy
  runner: ProbeRunner<unknown> | undefined
  state: MonitorState
  busy: boolean
  due: number
  startedAt: number
  /** Failed results since the last good one. */
  attempts: number
  lastSignal: Signal | null
  listeningSince: number
}

export interface Scheduler {
  configure(change: { readonly upsert: readonly ScheduledMonitor[]; readonly remove: readonly number[] }): void
  /** A passive monitor was called. */
  signal(monitorId: number, signal: Signal): void
  stats(): SchedulerStats
  close(): void
}

/** Space between the first probes of monitors that start together, ms. */
const START_SPACING = 20
const GOLDEN = 0.618033988749895
/** Monitors of at least this interval begin on common marks this far apart, ms. */
const SHARED_FROM_MS = 5000
const SHARED_WAKE_MS = 100

/** A passive monitor's grace is its patience: one missed call is the verdict. */
const policyOf = (monitor: Monitor, type: ProbeType): StatePolicy =>
  type.judge ? { ...monitor, failures: { count: 1, of: 1 }, successes: { count: 1, of: 1 } } : monitor

/** What makes a monitor another one: its history of results no longer speaks for it. */
const sameTarget = (a: Monitor, b: Monitor): boolean =>
  a.type === b.type && JSON.stringify(a.options) === JSON.stringify(b.options)

/**
 * Starts each monitor's probes on time and turns results into states. Fixed rate on the monotonic clock, so that a
 * clock that is set neither bunches nor skips probes; a turn that was missed altogether is not made up for.
 */
export const createScheduler = ({ clock, tools, probeTypes, onResult, onTransition }: SchedulerDeps): Scheduler => {
  const entries: (Entry | undefined)[] = []
  const slotOf = new Map<number, number>()
  const freeSlots: number[] = []
  const runners = new Map<string, ProbeRunner<unknown> | undefined>()
  const lateness = createLateness()
  let inFlight = 0
  let overruns = 0

  const finish = (
    slot: number,
    ok: boolean,
    latencyMs: number,
    code: ErrorCode,
    message?: string,
    metrics?: ResultMetrics,
  ) => {
    const entry = entries[slot]
    if (!entry?.busy) return
    entry.busy = false
    inFlight--
    conclude(entry, ok, latencyMs, code, message, metrics, entry.startedAt)
    const wait = nextInterval(entry.state, entry.policy)
    plan(slot, entry, wait)
  }

  /** Feeds one outcome to the state machine and hands on the result and the change. */
  const conclude = (
    entry: Entry,
    ok: boolean,
    latencyMs: number,
    code: ErrorCode,
    message: string | undefined,
    metrics: ResultMetrics | undefined,
    at: number,
  ) => {
    const { monitor, policy } = entry
    const loss = metrics?.loss ?? Number.NaN
    entry.attempts = ok ? 0 : entry.attempts + 1
    const { state, change } = advance(entry.state, policy, readingOf(policy, ok, code, latencyMs, loss), at)
    entry.state = state
    onResult({ monitorId: monitor.id, at, state: state.state, code, latencyMs, metrics, message })
    if (!change) return
    const facts = {
      ...(entry.attempts > 0 && { attempts: entry.attempts }),
      ...(!Number.isNaN(latencyMs) && { latencyMs }),
      ...(!Number.isNaN(loss) && { loss }),
    }
    onTransition({ monitorId: monitor.id, ...change, at: clock.now(), code, cause: message ?? '', facts })
  }

  /** Sets the next turn `wait` ms after the last one was due; turns that have passed meanwhile are left out. */
  const plan = (slot: number, entry: Entry, wait: number) => {
    const now = clock.monotonic()
    let due = entry.due + wait
    if (due <= now) {
      overruns++
      due += Math.ceil((now - due) / wait) * wait
    }
    entry.due = due
    wheel.schedule(slot, due)
  }

  const judge = (slot: number, entry: Entry) => {
    const now = clock.now()
    const { outcome, nextAt } = entry.type.judge!(
      entry.lastSignal,
      entry.listeningSince,
      now,
      entry.monitor.options as never,
    )
    if (outcome) {
      const { ok, latencyMs = Number.NaN, error } = outcome
      conclude(entry, ok, latencyMs, error?.code ?? 'ok', error?.message, undefined, now)
    }
    // A wall-clock wait, re-checked every minute at least, so that a clock that is set cannot delay the verdict.
    wheel.schedule(slot, clock.monotonic() + Math.min(Math.max(nextAt - now, 10), 60_000))
  }

  const onDue = (slot: number, due: number) => {
    const entry = entries[slot]
    if (!entry) return
    if (entry.type.judge) return judge(slot, entry)
    lateness.add(clock.monotonic() - due)
    entry.due = due
    entry.busy = true
    entry.startedAt = clock.now()
    inFlight++
    entry.runner!.start(slot, entry.monitor.options, entry.monitor.timeoutMs)
  }

  const wheel = createTimerWheel({ monotonic: clock.monotonic, onDue })

  const runnerOf = (type: ProbeType) => {
    if (!runners.has(type.name)) runners.set(type.name, createRunner(type, tools, finish))
    return runners.get(type.name)
  }

  const drop = (slot: number) => {
    const entry = entries[slot]
    if (!entry) return
    wheel.cancel(slot)
    if (entry.busy) {
      entry.runner?.cancel(slot)
      inFlight--
    }
    slotOf.delete(entry.monitor.id)
    entries[slot] = undefined
    freeSlots.push(slot)
  }

  /**
   * First turn of a monitor: spread by the golden ratio, so that any number of them falls evenly. Slow ones share wakes:
   * a wake costs more than a probe.
   */
  const firstDue = (order: number, starting: number, intervalMs: number) => {
    const due = clock.monotonic() + ((order * GOLDEN) % 1) * Math.min(intervalMs, starting * START_SPACING)
    return intervalMs < SHARED_FROM_MS ? due : Math.ceil(due / SHARED_WAKE_MS) * SHARED_WAKE_MS
  }

  const add = (scheduled: ScheduledMonitor, order: number, starting: number) => {
    const { monitor, remembered } = scheduled
    const type = probeTypes.get(monitor.type)
    if (!type) return
    const slot = freeSlots.pop() ?? entries.length
    const due = firstDue(order, starting, monitor.intervalMs)
    entries[slot] = {
      monitor,
      type,
      policy: policyOf(monitor, type),
      runner: runnerOf(type),
      state: remembered
        ? restoredState(remembered.state, remembered.beneath, remembered.since)
        : initialState(clock.now()),
      busy: false,
      due,
      startedAt: 0,
      attempts: 0,
      lastSignal: scheduled.lastSignal ?? null,
      listeningSince: clock.now(),
    }
    slotOf.set(monitor.id, slot)
    wheel.schedule(slot, due)
  }

  /** Takes over new settings without losing the turn or the state; another target is another monitor. */
  const update = (entry: Entry, slot: number, scheduled: ScheduledMonitor, order: number) => {
    const { monitor } = scheduled
    if (!sameTarget(entry.monitor, monitor)) {
      drop(slot)
      return add(scheduled, order, 1)
    }
    const faster = monitor.intervalMs < entry.monitor.intervalMs
    entry.monitor = monitor
    entry.policy = policyOf(monitor, entry.type)
    if (faster && !entry.busy) {
      entry.due = firstDue(order, 1, monitor.intervalMs)
      wheel.schedule(slot, entry.due)
    }
  }

  return {
    configure: ({ upsert, remove }) => {
      for (const id of remove) {
        const slot = slotOf.get(id)
        if (slot !== undefined) drop(slot)
      }
      const starting = upsert.filter(({ monitor }) => !slotOf.has(monitor.id)).length
      for (const [order, scheduled] of upsert.entries()) {
        const slot = slotOf.get(scheduled.monitor.id)
        if (scheduled.monitor.paused) {
          if (slot !== undefined) drop(slot)
        } else if (slot === undefined) add(scheduled, order, starting)
        else update(entries[slot]!, slot, scheduled, order)
      }
    },
    signal: (monitorId, signal) => {
      const slot = slotOf.get(monitorId)
      const entry = slot === undefined ? undefined : entries[slot]
      if (slot === undefined || !entry?.type.judge) return
      entry.lastSignal = signal
      judge(slot, entry)
    },
    stats: () => ({ monitors: slotOf.size, inFlight, overruns, lateness: lateness.figures() }),
    close: () => {
      wheel.close()
      for (const runner of runners.values()) runner?.close()
    },
  }
}
