import type { HistoryPoint } from '#storage/history/index.ts'
import { emptySummary, mergePoints, mergeSummary, pointOf, type Summary } from '#storage/history/points.ts'
import { stepStart } from '#storage/history/read.ts'
import { HOUR } from '#storage/history/spans.ts'
import type { ImportedHistory } from '#storage/imported-history.ts'
import type { AskedHistory } from './late-history.ts'

const HALF_DAY = 12 * HOUR

/** The history, and what is to be known once more has come in. */
export interface ImportedBefore extends AskedHistory {
  /** Something is known of earlier times that was not. */
  historyCame(): void
}

/**
 * The history with what other tools knew of earlier times before it: their points say so. Where nothing ever came in, it is
 * asked for once and never again.
 */
export const withImported = (history: AskedHistory, imported: ImportedHistory): ImportedBefore => {
  /** Until when something is known, by monitor. */
  let ends: Promise<ReadonlyMap<number, number>> | undefined
  const known = () => {
    ends ??= imported.ends().catch((error: unknown) => {
      ends = undefined
      throw error
    })
    return ends
  }

  const series: AskedHistory['series'] = async (monitorId, from, to, steps) => {
    const own = await history.series(monitorId, from, to, steps)
    const end = (await known()).get(monitorId)
    if (end === undefined || from >= end) return own
    const startOf = stepStart(steps)
    const summaries = new Map<number, Summary>()
    for (const { start, hours, summary } of await imported.spans(monitorId, from, to)) {
      // By its middle a day lies where most of it does, whatever the zone.
      const at = startOf(hours === 1 ? start : start + HALF_DAY)
      const whole = summaries.get(at) ?? emptySummary()
      mergeSummary(whole, summary)
      summaries.set(at, whole)
    }
    const points = new Map<number, HistoryPoint>(own.map((point) => [point.at, point]))
    for (const [at, summary] of summaries) points.set(at, mergePoints(pointOf(at, summary), points.get(at)))
    return [...points.values()].sort((a, b) => a.at - b.at)
  }

  return {
    ...history,
    series,
    historyCame: () => {
      ends = undefined
    },
    retain: async (now, keep) => {
      const before = now - Math.max(keep.resultsMs, keep.minutesMs, keep.hoursMs, keep.daysMs)
      const gone = (await known()).size > 0 ? await imported.removeBefore(before) : 0
      return gone + (await history.retain(now, keep))
    },
  }
}
