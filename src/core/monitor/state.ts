import { type ErrorCode, verdictOf } from '../result/result.ts'
import type { Monitor, State, Threshold } from './monitor.ts'

/** How one result counts: `degraded` answered, but slower than the monitor allows. */
export type Reading = 'ok' | 'degraded' | 'failed' | 'unknown'

/** The part of a monitor that decides about its state. */
export type StatePolicy = Pick<
  Monitor,
  'failures' | 'successes' | 'intervalMs' | 'retryIntervalMs' | 'recoveryIntervalMs' | 'resetFailures' | 'degraded'
>

/** State of one monitor with what it remembers of the latest results. Times in ms since the epoch. */
export interface MonitorState {
  readonly state: State
  /** When this state began, as people count it: the first failed probe of an outage. */
  readonly since: number
  /** The state before `unknown`, so that losing sight does not forget an outage. */
  readonly beneath: State
  /** Latest readings as bits, the newest lowest; at most 30. */
  readonly failedBits: number
  readonly slowBits: number
  readonly unknownRun: number
  /** Results remembered, at most 30. */
  readonly seen: number
  /** First failed, slow or good result of the run that may become a verdict. */
  readonly failedSince: number | null
  readonly slowSince: number | null
  readonly okSince: number | null
  readonly unknownSince: number | null
  /** Since when the quality over a window is poor; null while it is good, or nobody judges it. */
  readonly poorSince: number | null
  readonly lastAt: number
}

/** A change of state found by `advance`. */
export interface StateChange {
  readonly from: State
  readonly to: State
  readonly since: number
  readonly previousSince: number
}

/** Bits of an int32 that the windows may use. */
export const LONGEST_WINDOW = 30
const ALL = 2 ** LONGEST_WINDOW - 1

/** The state of a monitor that nothing is known about yet. */
export const initialState = (now: number): MonitorState => ({
  state: 'unknown',
  since: now,
  beneath: 'unknown',
  failedBits: 0,
  slowBits: 0,
  unknownRun: 0,
  seen: 0,
  failedSince: null,
  slowSince: null,
  okSince: null,
  unknownSince: null,
  poorSince: null,
  lastAt: 0,
})

/**
 * The state with what the window of the quality says now: poor since a moment, or good since one. An answer that is
 * read after it brings the change, so that what is down is never called degraded.
 */
export const noteQuality = (state: MonitorState, poor: boolean, since: number): MonitorState =>
  poor ? { ...state, poorSince: since } : { ...state, poorSince: null, okSince: since }

/** The state with its times moved by so much: the clock that they were read from was set. */
export const shiftedState = (state: MonitorState, byMs: number): MonitorState => {
  const moved = (at: number | null) => (at === null ? null : at + byMs)
  return {
    ...state,
    since: state.since + byMs,
    failedSince: moved(state.failedSince),
    slowSince: moved(state.slowSince),
    okSince: moved(state.okSince),
    unknownSince: moved(state.unknownSince),
    poorSince: moved(state.poorSince),
    lastAt: state.lastAt === 0 ? 0 : state.lastAt + byMs,
  }
}

/** A state read back after a restart: the verdict stands, the run towards the next one begins anew. */
export const restoredState = (state: State, beneath: State, since: number): MonitorState => ({
  ...initialState(since),
  state,
  beneath,
})

const popcount = (bits: number): number => {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}

const within = (bits: number, of: number): number => popcount(bits & (2 ** of - 1))

/** How a result reads: a failure of our own is `unknown`; a good one over a threshold is `degraded`. */
export const readingOf = (
  policy: Pick<StatePolicy, 'degraded'>,
  ok: boolean,
  code: ErrorCode,
  latencyMs: number,
): Reading => {
  const verdict = verdictOf(ok, code)
  if (verdict !== 'ok') return verdict
  const limit = policy.degraded?.latencyMs
  return limit !== undefined && latencyMs >= limit ? 'degraded' : 'ok'
}

const reached = (bits: number, threshold: Threshold): boolean => within(bits, threshold.of) >= threshold.count

/** Clears the failures when a new hour (UTC) begins, as an older tool did; a verdict that stands is not touched. */
const hourlyReset = (previous: MonitorState, at: number): MonitorState =>
  Math.floor(at / 3_600_000) === Math.floor(previous.lastAt / 3_600_000)
    ? previous
    : { ...previous, failedBits: 0, failedSince: null }

/** The verdict that the remembered readings carry, and since when; undefined keeps the present one. */
const verdict = (next: MonitorState, policy: StatePolicy): { to: State; since: number } | undefined => {
  const stands = next.state === 'unknown' ? next.beneath : next.state
  if (next.unknownRun > 0) {
    const enough = next.unknownRun >= policy.failures.count && next.state !== 'unknown'
    return enough ? { to: 'unknown', since: next.unknownSince ?? next.lastAt } : undefined
  }
  if (reached(next.failedBits, policy.failures) && (next.failedBits & 1) === 1)
    return stands === 'down' && next.state === 'unknown'
      ? { to: 'down', since: next.since }
      : { to: 'down', since: next.failedSince ?? next.lastAt }
  if ((next.failedBits & 1) === 1) return undefined
  const slowVerdict = reached(next.slowBits, policy.failures) && (next.slowBits & 1) === 1
  const poor = next.poorSince !== null
  const goodBits = ~next.failedBits & Math.min(ALL, 2 ** next.seen - 1)
  if (stands === 'down') {
    if (!reached(goodBits, policy.successes)) return undefined
    return { to: (next.slowBits & 1) === 1 || poor ? 'degraded' : 'up', since: next.okSince ?? next.lastAt }
  }
  if (slowVerdict) return { to: 'degraded', since: next.slowSince ?? next.lastAt }
  if (poor) return { to: 'degraded', since: next.poorSince ?? next.lastAt }
  if (stands === 'degraded') {
    const clear = goodBits & ~next.slowBits
    return (next.slowBits & 1) === 0 && reached(clear, policy.successes)
      ? { to: 'up', since: next.okSince ?? next.lastAt }
      : next.state === 'unknown'
        ? { to: 'degraded', since: next.since }
        : undefined
  }
  return { to: 'up', since: next.lastAt }
}

/**
 * The state after one more reading, and the change of state if there is one. Pure. A run towards a verdict that a
 * different reading interrupts starts again, except where the policy counts n of the last m.
 */
export const advance = (
  before: MonitorState,
  policy: StatePolicy,
  reading: Reading,
  at: number,
): { readonly state: MonitorState; readonly change?: StateChange } => {
  const previous = policy.resetFailures === 'hourly' && before.state !== 'down' ? hourlyReset(before, at) : before
  if (reading === 'unknown') {
    const next = {
      ...previous,
      unknownRun: previous.unknownRun + 1,
      unknownSince: previous.unknownSince ?? at,
      lastAt: at,
    }
    return settle(next, previous, policy)
  }
  const failed = reading === 'failed'
  const slow = reading === 'degraded'
  const failedBits = ((previous.failedBits << 1) | (failed ? 1 : 0)) & ALL
  const slowBits = ((previous.slowBits << 1) | (slow ? 1 : 0)) & ALL
  const failuresLeft = within(failedBits, policy.failures.of) > 0
  const next: MonitorState = {
    ...previous,
    failedBits,
    slowBits,
    unknownRun: 0,
    unknownSince: null,
    seen: Math.min(previous.seen + 1, LONGEST_WINDOW),
    failedSince: failuresLeft ? (previous.failedSince ?? at) : null,
    slowSince: within(slowBits, policy.failures.of) > 0 ? (previous.slowSince ?? at) : null,
    okSince: failed || (slow && previous.state === 'degraded') ? null : (previous.okSince ?? at),
    lastAt: at,
  }
  return settle(next, previous, policy)
}

/**
 * True while a good reading changes nothing that a later one could tell: up, with no failed or slow result remembered.
 * Almost every result of a network that works finds its monitor so, and need not be looked at further.
 */
export const isSteady = ({ state, failedBits, slowBits, unknownRun, okSince, poorSince }: MonitorState): boolean =>
  state === 'up' && failedBits === 0 && slowBits === 0 && unknownRun === 0 && okSince !== null && poorSince === null

const settle = (next: MonitorState, previous: MonitorState, policy: StatePolicy) => {
  const found = verdict(next, policy)
  if (found === undefined || found.to === previous.state) return { state: next }
  const beneath = found.to === 'unknown' ? previous.state : found.to
  const state: MonitorState = {
    ...next,
    state: found.to,
    // Losing sight of an outage does not end it: its beginning is kept for the recovery's true duration.
    since: found.to === 'unknown' && previous.state === 'down' ? previous.since : found.since,
    beneath,
    // A verdict begins a new count, so that what led to it does not also lead to the next one.
    seen: 0,
    okSince: found.to === 'up' ? next.okSince : null,
    // What failed before a recovery belongs to the outage that ended with it: the next one begins by itself.
    ...(previous.beneath === 'down' && beneath !== 'down' && { failedBits: 0, failedSince: null }),
    // Behind an outage the way may be another one: it is judged anew.
    poorSince: found.to === 'down' ? null : next.poorSince,
  }
  const change = { from: previous.state, to: found.to, since: state.since, previousSince: previous.since }
  return { state, change }
}

/**
 * Wait until the next probe in ms: faster while a verdict is forming, while the quality is in doubt and while down,
 * never slower than the interval.
 */
export const nextInterval = (state: MonitorState, policy: StatePolicy, inDoubt = false): number => {
  const failed = (state.failedBits & 1) === 1
  if (state.state === 'down') {
    const whileDown = Math.min(policy.recoveryIntervalMs, policy.intervalMs)
    return failed ? whileDown : Math.min(policy.retryIntervalMs, whileDown)
  }
  const forming = failed || state.unknownRun > 0 || inDoubt
  return forming ? Math.min(policy.retryIntervalMs, policy.intervalMs) : policy.intervalMs
}
