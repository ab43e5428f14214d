import { doubled } from '#lib/doubled.ts'
import { STATES, type State } from './monitor.ts'
import { ERROR_CODES, type ErrorCode } from './result.ts'
import { type LiveBatch, NO_LATENCY, NO_LOSS } from './result-batch.ts'

export interface LatestResult {
  /** Start of the probe, ms since the epoch. */
  readonly at: number
  readonly state: State
  readonly code: ErrorCode
  /** NaN: none was measured. */
  readonly latencyMs: number
  /** Share of the packets of its round that were lost, 0 to 1; NaN: nothing counts packets. */
  readonly loss: number
  /** Why it failed, when it did. */
  readonly message: string | undefined
}

/** The latest result of each monitor, as whoever shows it looks it up. */
export interface LatestLookup {
  get(monitorId: number): LatestResult | undefined
}

/** What the last look measured, ms; null where it measured nothing. */
export const latencyOf = (latest: LatestResult | undefined): number | null =>
  latest === undefined || Number.isNaN(latest.latencyMs) ? null : latest.latencyMs

/**
 * Why a monitor is not well: what was said when its state changed; before its first verdict, and while no look can be
 * made from this machine at all, what its last look says.
 */
export const troubleOf = (
  state: { readonly state: State; readonly code: string; readonly cause: string } | undefined,
  latest: LatestResult | undefined,
): { readonly cause: string | null; readonly code: string | null } => {
  if (state) return state.state === 'up' ? WELL : { cause: state.cause, code: state.code }
  return latest?.message === undefined ? WELL : { cause: latest.message, code: latest.code }
}
const WELL = { cause: null, code: null }

export interface LatestResults extends LatestLookup {
  take(batch: LiveBatch): void
  delete(monitorId: number): void
}

const latencyMs = (us: number): number => (us === NO_LATENCY ? Number.NaN : us / 1000)
const lossShare = (percent: number): number => (percent === NO_LOSS ? Number.NaN : percent / 100)

/** The result at a position of a batch. */
export const resultAt = (batch: LiveBatch, index: number): LatestResult & { readonly monitorId: number } => {
  return {
    monitorId: batch.monitorIds[index]!,
    at: batch.at[index]!,
    state: STATES[batch.states[index]!]!,
    code: ERROR_CODES[batch.codes[index]!]!,
    latencyMs: latencyMs(batch.latency[index]!),
    loss: lossShare(batch.loss[index]!),
    message: batch.messages.get(index),
  }
}

const FIRST_ROOM = 1024

/** Keeps one row of numbers per monitor: a batch is let go as soon as it has been read. */
export const createLatestResults = (): LatestResults => {
  /** By monitor id: ids are given in order, so this is a dense array, and faster than a map by several times. */
  const rowOf: (number | undefined)[] = []
  const freeRows: number[] = []
  const messages = new Map<number, string>()
  let rows = 0
  let at = new Float64Array(FIRST_ROOM)
  let latency = new Uint32Array(FIRST_ROOM)
  let codes = new Uint8Array(FIRST_ROOM)
  let states = new Uint8Array(FIRST_ROOM)
  let loss = new Uint8Array(FIRST_ROOM)

  const grow = () => {
    at = doubled(at)
    latency = doubled(latency)
    codes = doubled(codes)
    states = doubled(states)
    loss = doubled(loss)
  }

  const newRow = (monitorId: number): number => {
    const row = freeRows.pop() ?? rows++
    if (row >= at.length) grow()
    rowOf[monitorId] = row
    return row
  }

  return {
    take: (batch) => {
      const failures = batch.messages.size > 0
      for (let index = 0; index < batch.count; index++) {
        const id = batch.monitorIds[index]!
        const row = rowOf[id] ?? newRow(id)
        at[row] = batch.at[index]!
        latency[row] = batch.latency[index]!
        codes[row] = batch.codes[index]!
        states[row] = batch.states[index]!
        loss[row] = batch.loss[index]!
        if (messages.size > 0) messages.delete(id)
        const message = failures ? batch.messages.get(index) : undefined
        if (message !== undefined) messages.set(id, message)
      }
    },
    delete: (monitorId) => {
      const row = rowOf[monitorId]
      if (row === undefined) return
      rowOf[monitorId] = undefined
      messages.delete(monitorId)
      freeRows.push(row)
    },
    get: (monitorId) => {
      const row = rowOf[monitorId]
      if (row === undefined) return undefined
      return {
        at: at[row]!,
        state: STATES[states[row]!]!,
        code: ERROR_CODES[codes[row]!]!,
        latencyMs: latencyMs(latency[row]!),
        loss: lossShare(loss[row]!),
        message: messages.get(monitorId),
      }
    },
  }
}
