import type { DatabaseSync } from 'node:sqlite'
import type { Block } from './block.ts'
import { addResult, decodeSummary, emptySummary, encodeSummary, mergeSummary, type Summary } from './points.ts'
import { DAY, HOUR } from './spans.ts'

interface SummaryRow {
  readonly start: number
  readonly body: Uint8Array
}

/** Adds the results of a block that lie in `[from, to)` to summaries, found by when they begin. */
export const summarise = (
  block: Block,
  startOf: (at: number) => number,
  from: number,
  to: number,
  into = new Map<number, Summary>(),
): Map<number, Summary> => {
  let [start, summary]: [number, Summary | undefined] = [0, undefined]
  for (const [index, at] of block.at.entries()) {
    if (at < from || at >= to) continue
    const next = startOf(at)
    if (!summary || next !== start) {
      start = next
      summary = into.get(start) ?? emptySummary()
      into.set(start, summary)
    }
    addResult(summary, block, index)
  }
  return into
}

const copyOf = (summary: Summary): Summary => ({ ...summary, buckets: new Map(summary.buckets) })
const hourOf = (at: number) => at - (at % HOUR)
const dayOf = (at: number) => at - (at % DAY)

/**
 * Summaries of hours, and of whole days (UTC): a day is made of a monitor's hours when its next day begins, so that a
 * year is read as 365 rows and not as 8,760. A day that was never made, or is not over, is read from its hours.
 */
export const createRollups = (db: DatabaseSync) => {
  const table = (name: 'hour' | 'day') => ({
    get: db.prepare(`select body from ${name} where monitor_id = ? and start = ?`),
    put: db.prepare(`insert or replace into ${name} (monitor_id, start, body) values (?, ?, ?)`),
    within: db.prepare(
      `select start, body from ${name} where monitor_id = ? and start >= ? and start < ? order by start`,
    ),
    remove: db.prepare(`delete from ${name} where monitor_id = ? and start < ?`),
  })
  const [hours, days] = [table('hour'), table('day')]
  const lastHourBefore = db.prepare('select max(start) as start from hour where monitor_id = ? and start < ?')
  const firstHour = db.prepare('select min(start) as start from hour where monitor_id = ? and start >= ?')
  /** The day in which each monitor's latest hour lies. */
  const newest = new Map<number, number>()

  const rows = function* ({ within }: typeof hours, monitorId: number, from: number, to: number) {
    for (const row of within.iterate(monitorId, from, to) as Iterable<unknown>) yield row as SummaryRow
  }

  const merge = ({ get, put }: typeof hours, monitorId: number, start: number, part: Summary) => {
    const known = get.get(monitorId, start) as unknown as SummaryRow | undefined
    if (known) mergeSummary(part, decodeSummary(known.body))
    put.run(monitorId, start, encodeSummary(part))
  }

  const isMade = (monitorId: number, day: number) => days.get.get(monitorId, day) !== undefined

  const makeDay = (monitorId: number, day: number) => {
    const summary = emptySummary()
    for (const { body } of rows(hours, monitorId, day, day + DAY)) mergeSummary(summary, decodeSummary(body))
    days.put.run(monitorId, day, encodeSummary(summary))
  }

  /** The first results of a day end the day before. */
  const beginDay = (monitorId: number, day: number) => {
    newest.set(monitorId, day)
    const { start } = lastHourBefore.get(monitorId, day) as { start: number | null }
    if (start !== null && !isMade(monitorId, dayOf(start))) makeDay(monitorId, dayOf(start))
  }

  return {
    /** Takes up results of a monitor; of a day that was made, late ones too. */
    add: (monitorId: number, block: Block): void => {
      for (const [start, part] of summarise(block, hourOf, 0, Number.POSITIVE_INFINITY)) {
        const day = dayOf(start)
        if (newest.get(monitorId) !== day) {
          if (isMade(monitorId, day)) merge(days, monitorId, day, copyOf(part))
          else beginDay(monitorId, day)
        }
        merge(hours, monitorId, start, part)
      }
    },

    /** Hands over the summaries of hours that begin in `[from, to)`. */
    hours: (monitorId: number, from: number, to: number, add: (start: number, summary: Summary) => void): void => {
      for (const { start, body } of rows(hours, monitorId, from, to)) add(start, decodeSummary(body))
    },

    /** Hands over summaries that together cover `[from, to)`: whole days where they are made, else hours. */
    days: (monitorId: number, from: number, to: number, add: (start: number, summary: Summary) => void): void => {
      const addHours = (first: number, end: number) => {
        if (first >= end) return
        for (const { start, body } of rows(hours, monitorId, first, end)) add(start, decodeSummary(body))
      }
      let covered = from
      for (const { start, body } of rows(days, monitorId, from, to - DAY + 1)) {
        addHours(covered, start)
        add(start, decodeSummary(body))
        covered = start + DAY
      }
      addHours(covered, to)
    },

    /** Removes hours before a day, whose days are made first, and days; how many rows went. */
    remove: (monitorId: number, hoursBefore: number, daysBefore: number): number => {
      for (let day = Number.NEGATIVE_INFINITY; ; day += DAY) {
        const { start } = firstHour.get(monitorId, day) as { start: number | null }
        if (start === null || start >= hoursBefore) break
        day = dayOf(start)
        if (!isMade(monitorId, day)) makeDay(monitorId, day)
      }
      const gone = hours.remove.run(monitorId, hoursBefore).changes
      return Number(gone) + Number(days.remove.run(monitorId, daysBefore).changes)
    },
  }
}
export type Rollups = ReturnType<typeof createRollups>
