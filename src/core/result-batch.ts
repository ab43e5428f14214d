import { type ErrorCode, errorIndex } from './result.ts'

/** Stands for "no latency" and "no loss figure". */
export const NO_LATENCY = 0xffff_ffff
export const NO_LOSS = 255

/** Results in the order in which they came, one column per fact, so that thousands cross a thread as six buffers. */
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
}

export interface BatchedResult {
  readonly monitorId: number
  readonly at: number
  readonly code: ErrorCode
  /** NaN: none. */
  readonly latencyMs: number
  readonly metrics: { readonly loss?: number } | undefined
}

const latencyUs = (ms: number): number =>
  Number.isNaN(ms) ? NO_LATENCY : Math.min(NO_LATENCY - 1, Math.max(0, Math.round(ms * 1000)))

/** Packs results; codes that are already stored as their index stay so. */
export const packResults = (results: readonly BatchedResult[]): ResultBatch => {
  const count = results.length
  const batch = {
    count,
    monitorIds: new Int32Array(count),
    at: new Float64Array(count),
    latency: new Uint32Array(count),
    codes: new Uint8Array(count),
    loss: new Uint8Array(count),
  }
  for (const [index, { monitorId, at, code, latencyMs, metrics }] of results.entries()) {
    batch.monitorIds[index] = monitorId
    batch.at[index] = at
    batch.latency[index] = latencyUs(latencyMs)
    batch.codes[index] = errorIndex(code)
    batch.loss[index] = metrics?.loss === undefined ? NO_LOSS : Math.round(metrics.loss * 100)
  }
  return batch
}

/** The buffers, to be handed over instead of copied. */
export const buffersOf = ({ monitorIds, at, latency, codes, loss }: ResultBatch): ArrayBuffer[] =>
  [monitorIds, at, latency, codes, loss].map(({ buffer }) => buffer as ArrayBuffer)

/** Results of one monitor in the order of time. */
export interface ResultSeries {
  readonly at: number[]
  /** Milliseconds, within 1 % of what was measured; null where none was. */
  readonly latencyMs: (number | null)[]
  readonly codes: number[]
  /** 0 to 1; null where nothing counts packets. */
  readonly loss: (number | null)[]
}
