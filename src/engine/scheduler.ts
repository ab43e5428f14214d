import type { ProbeRunner, ProbeTools, ProbeType, Signal } from '#core/probe.ts'
import type { Quality } from '#core/quality.ts'
import type { ErrorCode, ResultMetrics } from '#core/result.ts'
import type { ResultCollector } from '#core/result-batch.ts'
import {
  advance,
  initialState,
  isSteady,
  type MonitorState,
  nextInterval,
  noteQuality,
  readingOf,
  restoredState,
  type StatePolicy,
} from '#core/state.ts'
import type { Transition } from '#core/transition.ts'
import type { Clock } from '#lib/clock.ts'
import type { JsonObject } from '#lib/json.ts'
import { createFirstTurns } from './first-turn.ts'
import { guardedTools } from './guarded-tools.ts'
import { createLateness, type LatenessFigures } from './lateness.ts'
import type { PathWatch } from './path-watch.ts'
import { judgedState, qualityOf, withQuality } from './quality-watch.ts'
import { createRunner } from './runner.ts'
import { createPolicies, type ProbedMonitor, type ScheduledMonitor } from './scheduled-monitor.ts'
import type { StallWatch } from './stall-watch.ts'
import { createTimerWheel } from './timer-wheel.ts'

export interface SchedulerDeps {
  readonly clock: Clock
  readonly tools: ProbeTools
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  /** Where each result goes. */
  readonly results: Pick<ResultCollector, 'add'>
  readonly onTransition: (transition: Transition) => void
  /** Where it breaks; absent: nobody asks. */
  readonly paths?: PathWatch | undefined
  /** Knows when we stood still; absent: nobody watches. */
  readonly stalls?: StallWatch | undefined
}

export interface SchedulerStats {
  readonly monitors: number
  readonly inFlight: number
  /** Probes that were still under way when their next turn came. */
  readonly overruns: number
  /** Results so far, and how many of them were failures of the target or of this machine. */
  readonly results: { readonly total: number; readonly failed: number; readonly unknown: number }
  readonly lateness: LatenessFigures
}

interface Entry {
  readonly id: number
  readonly type: ProbeType
  options: JsonObject
  timeoutMs: number
  policy: StatePolicy
  runner: ProbeRunner<unknown> | undefined
  tools: ProbeTools
  state: MonitorState
  /** Of a monitor that bounds its quality over a window. */
  quality: Quality | undefined
  busy: boolean
  due: number
  startedAt: number
  /** The same on the monotonic clock. */
  beganAt: number
  /** Failed results since the last good one. */
  attempts: number
  lastSignal: Signal | null
  listeningSince: number
  pathAt: number
}

export interface Scheduler {
  configure(change: { readonly upsert: readonly ScheduledMonitor[]; readonly remove: readonly number[] }): void
  /** Looks at these monitors at once, out of their turn. */
  hurry(monitorIds: readonly number[]): void
  /** A passive monitor was called. */
  signal(monitorId: number, signal: Signal): void
  stats(): SchedulerStats
  close(): void
}

/** What may come of our own standing still: nothing was heard in time, or what was open had ended by then. */
const SILENCES: ReadonlySet<ErrorCode> = new Set([
  'timeout',
  'unreachable',
  'no_route',
  'dns_failed',
  'reset',
  'tls_handshake',
])

const stoodStill = (ms: number, message: string | undefined): string =>
  `this server stood still for ${(ms / 1000).toFixed(1)} s meanwhile${message ? `: ${message}` : ''}`

/** So many changed monitors are taken for the work of a person, who waits for what comes of it. */
const FEW = 50

/** What makes a monitor another one: its history of results no longer speaks for it. */
const sameTarget = (entry: Entry, { type, options }: ProbedMonitor): boolean =>
  entry.type.name === type && JSON.stringify(entry.options) === JSON.stringify(options)

const isFaster = (entry: Entry, { intervalMs }: ProbedMonitor): boolean => intervalMs < entry.policy.intervalMs

/**
 * Starts each monitor's probes on time and turns results into states. Fixed rate on the monotonic clock, so that a
 * clock that is set neither bunches nor skips probes; a turn that was missed altogether is not made up for.
 */
export const createScheduler = ({
  clock,
  tools,
  probeTypes,
  results,
  onTransition,
  paths,
  stalls,
}: SchedulerDeps): Scheduler => {
  const entries: (Entry | undefined)[] = []
  const slotOf = new Map<number, number>()
  const freeSlots: number[] = []
  const runners = new Map<string, { readonly tools: ProbeTools; readonly runner: ProbeRunner<unknown> | undefined }>()
  const lateness = createLateness(clock.monotonic)
  const firstTurns = createFirstTurns(clock.monotonic)
  const policyOf = createPolicies()
  let inFlight = 0
  let overruns = 0
  const counts = { total: 0, failed: 0, unknown: 0 }

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
    // Whoever did not answer while we stood still may well have done so.
    const stood = !stalls || (code === 'ok' && !metrics?.loss) ? 0 : stalls.during(entry.beganAt)
    if (stood === 0) conclude(entry, ok, latencyMs, code, message, metrics, entry.startedAt)
    else if (SILENCES.has(code))
      conclude(entry, ok, latencyMs, 'late', stoodStill(stood, message), undefined, entry.startedAt)
    else conclude(entry, ok, latencyMs, code, message, undefined, entry.startedAt)
    const wait = nextInterval(entry.state, entry.policy, entry.quality?.inDoubt())
    plan(slot, entry, wait)
  }

  /** A look that had to wait says what was so when it was made. */
  const noteBegun = (slot: number) => {
    const entry = entries[slot]
    if (!entry?.busy) return
    entry.startedAt = clock.now()
    entry.beganAt = clock.monotonic()
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
    const { id, policy } = entry
    const loss = metrics?.loss ?? Number.NaN
    entry.attempts = ok ? 0 : entry.attempts + 1
    const reading = readingOf(policy, ok, code, latencyMs)
    // What an outage loses is the outage: its end must not look like a bad line.
    if (entry.quality && reading !== 'unknown' && entry.state.beneath !== 'down')
      entry.state = judgedState(entry.state, entry.quality, at, code, latencyMs, metrics)
    counts.total++
    if (reading === 'failed') counts.failed++
    else if (reading === 'unknown') counts.unknown++
    if (reading === 'ok' && isSteady(entry.state)) return results.add(id, at, 'up', code, latencyMs, message, metrics)
    const { state, change } = advance(entry.state, policy, reading, at)
    entry.state = state
    results.add(id, at, state.state, code, latencyMs, message, metrics)
    const path = paths?.conclude(entry, reading, change)
    if (!change) return
    const facts = {
      ...(entry.attempts > 0 && { attempts: entry.attempts }),
      ...(!Number.isNaN(latencyMs) && { latencyMs }),
      ...(!Number.isNaN(loss) && { loss }),
    }
    const told = { monitorId: id, ...change, at: clock.now(), code, cause: message ?? '', facts, ...(path && { path }) }
    onTransition(withQuality(told, entry.quality, state, policy))
    if (change.to === 'down') entry.quality?.reset()
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
    const { outcome, nextAt } = entry.type.judge!(entry.lastSignal, entry.listeningSince, now, entry.options as never)
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
    const now = clock.monotonic()
    lateness.add(now - due)
    entry.due = due
    // After a long stop all of them are due: each waits for its next turn, which lies where it always did.
    if (now - due >= entry.policy.intervalMs) return plan(slot, entry, entry.policy.intervalMs)
    entry.beganAt = now
    entry.busy = true
    entry.startedAt = clock.now()
    inFlight++
    entry.runner!.start(slot, entry.options, entry.timeoutMs)
  }

  const wheel = createTimerWheel({ monotonic: clock.monotonic, onDue })

  /** One runner for each type, and one more for each set of addresses that are allowed to who is not trusted. */
  const runnerOf = (type: ProbeType, allowed: ScheduledMonitor['allowed']) => {
    const key = allowed ? `${type.name} ${allowed.join()}` : type.name
    const known = runners.get(key)
    if (known) return known
    const lent = allowed ? guardedTools(tools, { allowed }) : tools
    const made = { tools: lent, runner: createRunner(type, lent, finish, noteBegun) }
    runners.set(key, made)
    return made
  }

  const drop = (slot: number) => {
    const entry = entries[slot]
    if (!entry) return
    wheel.cancel(slot)
    if (entry.busy) {
      entry.runner?.cancel(slot)
      inFlight--
    }
    paths?.forget(entry)
    slotOf.delete(entry.id)
    firstTurns.uncount(entry.policy.intervalMs)
    entries[slot] = undefined
    freeSlots.push(slot)
  }

  const add = (scheduled: ScheduledMonitor, order: number, starting: number, turn?: number) => {
    const { monitor, remembered } = scheduled
    const type = probeTypes.get(monitor.type)
    if (!type) return
    const slot = freeSlots.pop() ?? entries.length
    const due = turn ?? firstTurns.of(order, starting, monitor.intervalMs, type.together)
    const policy = policyOf(monitor, type)
    const seen = remembered?.state === 'unknown' ? remembered.beneath : remembered?.state
    const wasDegraded = seen === 'degraded'
    const quality = qualityOf(policy, wasDegraded)
    const state = remembered
      ? restoredState(remembered.state, remembered.beneath, remembered.since)
      : initialState(clock.now())
    entries[slot] = {
      id: monitor.id,
      type,
      options: monitor.options,
      timeoutMs: monitor.timeoutMs,
      policy,
      ...runnerOf(type, scheduled.allowed),
      // What was degraded stays so until the window tells otherwise: a restart mends nothing.
      state: quality && wasDegraded ? noteQuality(state, true, state.since) : state,
      quality,
      busy: false,
      due,
      startedAt: 0,
      beganAt: 0,
      attempts: 0,
      lastSignal: scheduled.lastSignal ?? null,
      listeningSince: clock.now(),
      pathAt: scheduled.pathAt ?? 0,
    }
    paths?.follow(entries[slot])
    slotOf.set(monitor.id, slot)
    wheel.schedule(slot, due)
  }

  /** Another window is another question: it is judged anew, from the verdict that stands. */
  const takePolicy = (entry: Entry, policy: StatePolicy) => {
    if (policy === entry.policy) return
    entry.policy = policy
    entry.quality = qualityOf(policy, entry.state.poorSince !== null)
    if (!entry.quality) entry.state = { ...entry.state, poorSince: null }
  }

  /**
   * The next turn of a monitor that is to be looked at anew, or more often: at once where a person has changed a few; of
   * many each keeps its place, so that a reload makes neither a burst nor a gap.
   */
  const turnAfter = ({ type, busy, due }: Entry, intervalMs: number, order: number, starting: number): number => {
    const first = firstTurns.of(order, starting, intervalMs, type.together)
    if (busy) return first
    if (starting <= FEW) return Math.min(due, first)
    return due - Math.max(0, Math.floor((due - clock.monotonic()) / intervalMs)) * intervalMs
  }

  /** Another target is another monitor. */
  const replace = (entry: Entry, slot: number, scheduled: ScheduledMonitor, order: number, starting: number) => {
    drop(slot)
    firstTurns.count(scheduled.monitor.intervalMs)
    add(scheduled, order, starting, turnAfter(entry, scheduled.monitor.intervalMs, order, starting))
  }

  /** Takes over new settings without losing the turn or the state. */
  const update = (entry: Entry, slot: number, scheduled: ScheduledMonitor, order: number, starting: number) => {
    const { monitor } = scheduled
    if (!sameTarget(entry, monitor)) return replace(entry, slot, scheduled, order, starting)
    const faster = isFaster(entry, monitor)
    firstTurns.uncount(entry.policy.intervalMs)
    firstTurns.count(monitor.intervalMs)
    entry.timeoutMs = monitor.timeoutMs
    takePolicy(entry, policyOf(monitor, entry.type))
    if (!entry.busy) Object.assign(entry, runnerOf(entry.type, scheduled.allowed))
    if (faster && !entry.busy) {
      entry.due = turnAfter(entry, monitor.intervalMs, order, starting)
      wheel.schedule(slot, entry.due)
    }
  }

  return {
    configure: ({ upsert, remove }) => {
      for (const id of remove) {
        const slot = slotOf.get(id)
        if (slot !== undefined) drop(slot)
      }
      let starting = 0
      for (const { monitor } of upsert) {
        if (monitor.paused || !probeTypes.has(monitor.type)) continue
        const slot = slotOf.get(monitor.id)
        // Known before the first is placed, so that all of them agree on the marks.
        if (slot === undefined) firstTurns.count(monitor.intervalMs)
        const entry = slot === undefined ? undefined : entries[slot]!
        if (!entry || isFaster(entry, monitor) || !sameTarget(entry, monitor)) starting++
      }
      for (const [order, scheduled] of upsert.entries()) {
        const slot = slotOf.get(scheduled.monitor.id)
        if (scheduled.monitor.paused) {
          if (slot !== undefined) drop(slot)
        } else if (slot === undefined) add(scheduled, order, starting)
        else update(entries[slot]!, slot, scheduled, order, starting)
      }
    },
    hurry: (monitorIds) => {
      const now = clock.monotonic()
      for (const id of monitorIds) {
        const slot = slotOf.get(id)
        const entry = slot === undefined ? undefined : entries[slot]
        // One that is being looked at answers soon anyway.
        if (slot !== undefined && entry && !entry.busy && !entry.type.judge) wheel.schedule(slot, now)
      }
    },
    signal: (monitorId, signal) => {
      const slot = slotOf.get(monitorId)
      const entry = slot === undefined ? undefined : entries[slot]
      if (slot === undefined || !entry?.type.judge) return
      entry.lastSignal = signal
      judge(slot, entry)
    },
    stats: () => ({ monitors: slotOf.size, inFlight, overruns, results: { ...counts }, lateness: lateness.figures() }),
    close: () => {
      wheel.close()
      for (const { runner } of runners.values()) runner?.close()
    },
  }
}
