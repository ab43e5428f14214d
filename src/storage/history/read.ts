import type { DatabaseSync } from 'node:sqlite'
import type { ResultSeries } from '#core/result/result-batch.ts'
import { addToSeries } from './block.ts'
import { type Blocks, orderOf } from './blocks.ts'
import type { Fresh } from './fresh.ts'
import { readKept } from './kept.ts'
import { type HistoryPoint, mergeSummary, pointOf, type Summary } from './points.ts'
import { type Rollups, summarise } from './rollups.ts'
import { DAY, HOUR } from './spans.ts'

/** Up to this span points are made of the results themselves, beyond it of hours, where steps are that long. */
const FINE_SPAN_MS = 3 * DAY

/** The length of each step, ms, or the moments that part them, in order: days by the clock of a zone are not equal. */
export type Steps = number | readonly number[]

/** When the step begins in which a moment lies. */
export const stepStart = (steps: Steps): ((at: number) => number) => {
  if (typeof steps === 'number') return (at) => at - (at % steps)
  return (at) => {
    let [low, high] = [0, steps.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (steps[middle]! <= at) low = middle
      else high = middle - 1
    }
    return steps[low] ?? at
  }
}

/** True for steps that hours fill without a rest. */
const ofHours = (steps: Steps): boolean => typeof steps !== 'number' || steps % HOUR === 0

/** Late results lie in blocks of their own. */
const seriesInOrder = (series: ResultSeries): ResultSeries => {
  const order = orderOf(series.at)
  if (!order) return series
  const pick = <T>(values: readonly T[]) => order.map((index) => values[index]!)
  return {
    at: pick(series.at),
    latencyMs: pick(series.latencyMs),
    codes: pick(series.codes),
    loss: pick(series.loss),
    spread: pick(series.spread),
  }
}

interface ReaderParts {
  readonly db: DatabaseSync
  readonly fresh: Fresh
  readonly blocks: Blocks
  readonly minutes: Blocks
  readonly rollups: Rollups
}

/** Reads results and points from the level that is fine enough, or the finest that is left of a time. */
export const createReader = ({ db, fresh, blocks, minutes, rollups }: ReaderParts) => ({
  range: (monitorId: number, from: number, to: number): ResultSeries => {
    const series: ResultSeries = { at: [], latencyMs: [], codes: [], loss: [], spread: [] }
    for (const block of blocks.of(monitorId, from, to)) addToSeries(series, block, from, to)
    addToSeries(series, fresh.of(monitorId), from, to)
    return seriesInOrder(series)
  },

  series: (monitorId: number, from: number, to: number, steps: Steps): HistoryPoint[] => {
    const points = new Map<number, Summary>()
    const startOf = stepStart(steps)
    const add = (start: number, part: Summary) => {
      const at = startOf(start)
      const summary = points.get(at)
      if (summary) mergeSummary(summary, part)
      else points.set(at, part)
    }
    const kept = readKept(db)
    const fine = !ofHours(steps) || to - from <= FINE_SPAN_MS
    /** From here on the results themselves are looked at; before, summaries. */
    const fineFrom = fine ? Math.min(to, Math.max(from, kept.minutes)) : to
    const wholeDays = typeof steps === 'number' && steps % DAY === 0
    /** Before this only days are left, or days are all that is asked for. */
    const daysTo = Math.min(fineFrom, wholeDays ? fineFrom : kept.hours)
    if (from < daysTo) {
      const first = from < kept.hours ? from - (from % DAY) : from - (from % HOUR)
      // By its middle a day lies where most of it does, whatever the zone.
      rollups.days(monitorId, first, daysTo, (start, part) => add(wholeDays ? start : start + DAY / 2, part))
    }
    const hoursFrom = Math.max(from - (from % HOUR), daysTo)
    if (hoursFrom < fineFrom) rollups.hours(monitorId, hoursFrom, fineFrom, add)
    for (const level of [minutes, blocks])
      for (const block of fineFrom < to ? level.of(monitorId, fineFrom, to) : [])
        summarise(block, startOf, fineFrom, to, points)
    summarise(fresh.of(monitorId), startOf, from, to, points)
    return [...points].sort(([a], [b]) => a - b).map(([at, summary]) => pointOf(at, summary))
  },
})
