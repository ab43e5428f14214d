import { doubled } from '#lib/sketch/doubled.ts'
import type { Cause } from '../cause/cause.ts'
import { type CauseFields, causeFields, type StoredCause } from '../cause/cause-fields.ts'
import { STATES, type State } from '../monitor/monitor.ts'
import { ERROR_CODES, type ErrorCode, verdictOf } from './result.ts'
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
  readonly cause: Cause | undefined
  /** How old the addresses of its host were, s, where it went by last known ones since nobody gave newer ones. */
  readonly addressAge?: number
}

/** The latest result of each monitor, as whoever shows it looks it up. */
export interface LatestLookup {
  get(monitorId: number): LatestResult | undefined
}

/** A part of each latest result, for who asks of all monitors again and again: nothing is made for the answer. */
export interface LatestGlance {
  stateOf(monitorId: number): State | undefined
  codeOf(monitorId: number): ErrorCode | undefined
}

/** True when the last look began at or after `since`, ms, and failed: not where this machine could not look. */
export const hasFailedSince = (latest: LatestResult | undefined, since: number): boolean =>
  latest !== undefined && latest.at >= since && verdictOf(latest.code === 'ok', latest.code) === 'failed'

/** That a look went by last known addresses, as the API says it; nothing where it did not. */
export const addressesOf = (
  latest: LatestResult | undefined,
): { readonly addresses_from?: 'last known'; readonly address_age_seconds?: number } =>
  latest?.addressAge === undefined ? {} : { addresses_from: 'last known', address_age_seconds: latest.addressAge }

/** What the last look measured, ms; null where it measured nothing. */
export const latencyOf = (latest: LatestResult | undefined): number | null =>
  latest === undefined || Number.isNaN(latest.latencyMs) ? null : latest.latencyMs

/**
 * Why a monitor is not well: what was said when its state changed; before its first verdict, and while no look can be
 * made from this machine at all, what its last look says. `say` puts a cause into English.
 */
export const troubleOf = (
  state: (Pick<StoredCause, 'cause' | 'sentence'> & { readonly state: State; readonly code: string }) | undefined,
  latest: LatestResult | undefined,
  say: (cause: Cause) => string,
): CauseFields & { readonly code: string | null } => {
  if (state) return state.state === 'up' ? WELL : { ...causeFields(state.sentence, state.cause), code: state.code }
  return latest?.cause === undefined ? WELL : { ...causeFields(say(latest.cause), latest.cause), code: latest.code }
}
const WELL = { cause: null, code: null }

export interface LatestResults extends LatestLookup, LatestGlance {
  take(batch: LiveBatch): void
  delete(monitorId: number): void
}

const latencyMs = (us: number): number => (us === NO_LATENCY ? Number.NaN : us / 1000)
const lossShare = (percent: number): number => (percent === NO_LOSS ? Number.NaN : percent / 100)

/** Only where it is so. */
const aged = (ages: ReadonlyMap<number, number>, key: number): Pick<LatestResult, 'addressAge'> | undefined => {
  const addressAge = ages.size > 0 ? ages.get(key) : undefined
  return addressAge === undefined ? undefined : { addressAge }
}

const read = (cause: string | undefined): Cause | undefined => (cause === undefined ? undefined : JSON.parse(cause))

/** The result at a position of a batch. */
export const resultAt = (batch: LiveBatch, index: number): LatestResult & { readonly monitorId: number } => {
  return {
    monitorId: batch.monitorIds[index]!,
    at: batch.at[index]!,
    state: STATES[batch.states[index]!]!,
    code: ERROR_CODES[batch.codes[index]!]!,
    latencyMs: latencyMs(batch.latency[index]!),
    loss: lossShare(batch.loss[index]!),
    cause: read(batch.causes.get(index)),
    ...aged(batch.addressAges, index),
  }
}

const FIRST_ROOM = 1024

/** Keeps one row of numbers per monitor: a batch is let go as soon as it has been read. */
export const createLatestResults = (): LatestResults => {
  /** By monitor id: ids are given in order, so this is a dense array, and faster than a map by several times. */
  const rowOf: (number | undefined)[] = []
  const freeRows: number[] = []
  /** As they came: few of them are ever asked for. */
  const causes = new Map<number, string>()
  const ages = new Map<number, number>()
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
      const failures = batch.causes.size > 0
      const anyAged = batch.addressAges.size > 0
      for (let index = 0; index < batch.count; index++) {
        const id = batch.monitorIds[index]!
        const row = rowOf[id] ?? newRow(id)
        at[row] = batch.at[index]!
        latency[row] = batch.latency[index]!
        codes[row] = batch.codes[index]!
        states[row] = batch.states[index]!
        loss[row] = batch.loss[index]!
        if (causes.size > 0) causes.delete(id)
        const cause = failures ? batch.causes.get(index) : undefined
        if (cause !== undefined) causes.set(id, cause)
        if (ages.size > 0) ages.delete(id)
        const age = anyAged ? batch.addressAges.get(index) : undefined
        if (age !== undefined) ages.set(id, age)
      }
    },
    delete: (monitorId) => {
      const row = rowOf[monitorId]
      if (row === undefined) return
      rowOf[monitorId] = undefined
      causes.delete(monitorId)
      ages.delete(monitorId)
      freeRows.push(row)
    },
    stateOf: (monitorId) => {
      const row = rowOf[monitorId]
      return row === undefined ? undefined : STATES[states[row]!]
    },
    codeOf: (monitorId) => {
      const row = rowOf[monitorId]
      return row === undefined ? undefined : ERROR_CODES[codes[row]!]
    },
    get: (monitorId) => {
      const row = rowOf[monitorId]
      if (row === undefined) return undefined
      const said = causes.get(monitorId)
      return {
        at: at[row]!,
        state: STATES[states[row]!]!,
        code: ERROR_CODES[codes[row]!]!,
        latencyMs: latencyMs(latency[row]!),
        loss: lossShare(loss[row]!),
        get cause() {
          return read(said)
        },
        ...aged(ages, monitorId),
      }
    },
  }
}
