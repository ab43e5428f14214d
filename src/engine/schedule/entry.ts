import type { Cause } from '#core/cause/cause.ts'
import type { Quality } from '#core/monitor/quality.ts'
import {
  initialState,
  type MonitorState,
  noteQuality,
  restoredState,
  type StatePolicy,
  shiftedState,
} from '#core/monitor/state.ts'
import type { ProbeRunner, ProbeTools, ProbeType, Signal } from '#core/probe.ts'
import type { ErrorCode } from '#core/result/result.ts'
import type { JsonObject } from '#lib/json.ts'
import { qualityOf } from './quality-watch.ts'
import type { Lent } from './runners.ts'
import type { ProbedMonitor, ScheduledMonitor } from './scheduled-monitor.ts'

/** That a host cannot be reached, and who says so. */
interface RouterWord {
  readonly code: ErrorCode
  readonly cause: Cause | undefined
}

/** A monitor as the scheduler keeps it. Its fields change in place, so that a result costs no object. */
export interface Entry {
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
  /** A regular turn, ms of the monotonic clock: all others lie whole intervals from it, whatever came between. */
  place: number
  startedAt: number
  /** The same on the monotonic clock. */
  beganAt: number
  /** Failed results since the last good one. */
  attempts: number
  /** What a router last said since the last good result: it says so only now and then (RFC 1812, 4.3.2.8). */
  routerSaid: RouterWord | undefined
  lastSignal: Signal | null
  /** Of a passive monitor: before this its silence says nothing. */
  silentSince: number
  pathAt: number
}

interface Beginning {
  readonly type: ProbeType
  readonly policy: StatePolicy
  readonly lent: Lent
  /** Its first turn, ms of the monotonic clock. */
  readonly due: number
  /** Ms since the epoch. */
  readonly now: number
}

/** A monitor at its beginning: with what is remembered of it, else as one that nobody has looked at. */
export const createEntry = (
  { monitor, remembered, lastSignal, silentSince, pathAt }: ScheduledMonitor,
  { type, policy, lent, due, now }: Beginning,
): Entry => {
  const seen = remembered?.state === 'unknown' ? remembered.beneath : remembered?.state
  const wasDegraded = seen === 'degraded'
  const quality = qualityOf(policy, wasDegraded)
  const state = remembered ? restoredState(remembered.state, remembered.beneath, remembered.since) : initialState(now)
  return {
    id: monitor.id,
    type,
    options: monitor.options,
    timeoutMs: monitor.timeoutMs,
    policy,
    ...lent,
    // What was degraded stays so until the window tells otherwise: a restart mends nothing.
    state: quality && wasDegraded ? noteQuality(state, true, state.since) : state,
    quality,
    busy: false,
    due,
    place: due,
    startedAt: 0,
    beganAt: 0,
    attempts: 0,
    routerSaid: undefined,
    lastSignal: lastSignal ?? null,
    silentSince: lastSignal ? (silentSince ?? lastSignal.at) : now,
    pathAt: pathAt ?? 0,
  }
}

/** The clock was set by so much: what is under way goes on as if it had always stood so. */
export const shiftEntry = (entry: Entry, byMs: number): void => {
  entry.state = shiftedState(entry.state, byMs)
  entry.startedAt += byMs
  entry.silentSince += byMs
  if (entry.pathAt > 0) entry.pathAt += byMs
  // A window of so many minutes cannot be told from one that was cut: it is judged anew.
  entry.quality?.reset()
  const last = entry.lastSignal
  if (last)
    entry.lastSignal = {
      ...last,
      at: last.at + byMs,
      ...(last.countsFrom !== undefined && { countsFrom: last.countsFrom + byMs }),
    }
}

/** What makes a monitor another one: its history of results no longer speaks for it. */
export const sameTarget = (entry: Entry, { type, options }: ProbedMonitor): boolean =>
  entry.type.name === type && JSON.stringify(entry.options) === JSON.stringify(options)

export const isFaster = (entry: Entry, { intervalMs }: ProbedMonitor): boolean => intervalMs < entry.policy.intervalMs

export const isSlower = (entry: Entry, { intervalMs }: ProbedMonitor): boolean => intervalMs > entry.policy.intervalMs

/** Another window is another question: it is judged anew, from the verdict that stands. */
export const takePolicy = (entry: Entry, policy: StatePolicy): void => {
  if (policy === entry.policy) return
  entry.policy = policy
  entry.quality = qualityOf(policy, entry.state.poorSince !== null)
  if (!entry.quality) entry.state = { ...entry.state, poorSince: null }
}
