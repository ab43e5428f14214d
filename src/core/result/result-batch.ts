import { doubled } from '#lib/sketch/doubled.ts'
import type { Cause } from '../cause/cause.ts'
import { STATES, type State } from '../monitor/monitor.ts'
import { NO_SPREAD, packSpread, type Spread } from '../monitor/spread.ts'
import { NO_LATENCY } from './latency-bucket.ts'
import { type ErrorCode, errorIndex, type ResultMetrics } from './result.ts'

export { NO_LATENCY } from './latency-bucket.ts'
/** Stands for "no loss figure". */
export const NO_LOSS = 255

/** Results in the order in which they came, one column per fact, so that thousands cross a thread as a few buffers. */
export interface ResultBatch {
  readonly count: number
  readonly monitorIds: Int32Array
  /** Start of the probe, ms since the epoch. */
  readonly at: Float64Array
  /** Microseconds; `NO_LATENCY` where none was measured. */
  readonly latency: Uint32Array
  /** Index in `ERROR_CODES`; 0 is "ok". */
  readonly codes: Uint8Array
  /** Percent of packets lost; `NO_LOSS` where nothing counts packets. */
  readonly loss: Uint8Array
  /** How the answers of each round lie, as `packSpread` puts it; `NO_SPREAD` of a single one. */
  readonly spread: Float64Array
}

/** What the main thread hears of the same results besides. */
export interface LiveBatch extends ResultBatch {
  /** Index in `STATES` after each result. */
  readonly states: Uint8Array
  /** Why the failed ones failed, by position, as JSON: so it crosses a thread at a fifth of the cost of an object. */
  readonly causes: ReadonlyMap<number, string>
  /** When the certificates end that were shown, ms since the epoch, by position. */
  readonly certificates: ReadonlyMap<number, number>
  /** How old the addresses were of looks that went by last known ones, s, by position. */
  readonly addressAges: ReadonlyMap<number, number>
}

const latencyUs = (ms: number): number =>
  Number.isNaN(ms) ? NO_LATENCY : Math.min(NO_LATENCY - 1, Math.max(0, Math.round(ms * 1000)))

const spreadOf = (metrics: ResultMetrics | undefined): number =>
  metrics?.median === undefined ? NO_SPREAD : packSpread(metrics as Spread)

const FIRST_ROOM = 64

const COLUMNS = ['monitorIds', 'at', 'latency', 'codes', 'loss', 'spread', 'states'] as const

const emptyColumns = () => ({
  monitorIds: new Int32Array(FIRST_ROOM),
  at: new Float64Array(FIRST_ROOM),
  latency: new Uint32Array(FIRST_ROOM),
  codes: new Uint8Array(FIRST_ROOM),
  loss: new Uint8Array(FIRST_ROOM),
  spread: new Float64Array(FIRST_ROOM),
  states: new Uint8Array(FIRST_ROOM),
})

/** Gathers results as they come, without an object per result. */
export interface ResultCollector {
  add(
    monitorId: number,
    at: number,
    state: State,
    code: ErrorCode,
    latencyMs: number,
    cause: Cause | undefined,
    metrics: ResultMetrics | undefined,
    addressAgeMs?: number,
  ): void
  /** What came since the last call, for its taker to keep. */
  take(): LiveBatch
}

/** Gathers the results of about a second, column by column, until they are taken. */
export const createResultCollector = (): ResultCollector => {
  const batch = emptyColumns()
  let causes = new Map<number, string>()
  let certificates = new Map<number, number>()
  let addressAges = new Map<number, number>()
  let count = 0

  const grow = () => {
    for (const column of COLUMNS) batch[column] = doubled(batch[column]) as never
  }

  return {
    add: (monitorId, at, state, code, latencyMs, cause, metrics, addressAgeMs) => {
      if (count === batch.at.length) grow()
      batch.monitorIds[count] = monitorId
      batch.at[count] = at
      batch.latency[count] = latencyUs(latencyMs)
      batch.codes[count] = code === 'ok' ? 0 : errorIndex(code)
      batch.loss[count] = metrics?.loss === undefined ? NO_LOSS : Math.round(metrics.loss * 100)
      batch.spread[count] = spreadOf(metrics)
      batch.states[count] = STATES.indexOf(state)
      if (cause !== undefined) causes.set(count, JSON.stringify(cause))
      if (metrics?.certificateEnds !== undefined) certificates.set(count, metrics.certificateEnds)
      if (addressAgeMs !== undefined) addressAges.set(count, Math.round(addressAgeMs / 1000))
      count++
    },
    take: () => {
      const taken: LiveBatch = {
        count,
        monitorIds: batch.monitorIds.slice(0, count),
        at: batch.at.slice(0, count),
        latency: batch.latency.slice(0, count),
        codes: batch.codes.slice(0, count),
        loss: batch.loss.slice(0, count),
        spread: batch.spread.slice(0, count),
        states: batch.states.slice(0, count),
        causes,
        certificates,
        addressAges,
      }
      causes = new Map()
      certificates = new Map()
      addressAges = new Map()
      count = 0
      return taken
    },
  }
}

/** What the history keeps of a batch. */
export const keptColumns = ({ count, monitorIds, at, latency, codes, loss, spread }: ResultBatch): ResultBatch => ({
  count,
  monitorIds,
  at,
  latency,
  codes,
  loss,
  spread,
})

/** The buffers, to be handed over instead of copied. */
export const buffersOf = ({ monitorIds, at, latency, codes, loss, spread }: ResultBatch): ArrayBuffer[] =>
  [monitorIds, at, latency, codes, loss, spread].map(({ buffer }) => buffer as ArrayBuffer)

/** Results of one monitor in the order of time. */
export interface ResultSeries {
  readonly at: number[]
  /** Milliseconds, within 1 % of what was measured; null where none was. */
  readonly latencyMs: (number | null)[]
  readonly codes: number[]
  /** 0 to 1; null where nothing counts packets. */
  readonly loss: (number | null)[]
  /** Of rounds of several packets; null elsewhere. */
  readonly spread: (Spread | null)[]
}
