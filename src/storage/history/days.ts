import type { DatabaseSync } from 'node:sqlite'
import { decodeSummary, emptySummary, encodeSummary, mergeSummary, type Summary } from './points.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export const DAYS_SCHEMA = `
  create table if not exists day (monitor_id integer, start integer, body blob, primary key (monitor_id, start)) without rowid;
`

interface SummaryRow {
  readonly start: number
  readonly body: Uint8Array
}

/**
 * Summaries of whole days (UTC), made of a monitor's hours when its next day begins, so that a year is read as 365 rows
 * and not as 8,760. A day that was never made, or is not over, is read from its hours.
 */
export const createDays = (db: DatabaseSync) => {
  const put = db.prepare('insert or replace into day (monitor_id, start, body) values (?, ?, ?)')
  const made = db.prepare('select 1 from day where monitor_id = ? and start = ?')
  const daysIn = db.prepare(
    'select start, body from day where monitor_id = ? and start >= ? and start <= ? order by start',
  )
  const hoursIn = db.prepare(
    'select start, body from hour where monitor_id = ? and start >= ? and start < ? order by start',
  )
  const lastHourBefore = db.prepare('select max(start) as start from hour where monitor_id = ? and start < ?')
  /** The day in which each monitor's latest hour lies. */
  const newest = new Map<number, number>()

  const rows = function* (statement: typeof daysIn, monitorId: number, from: number, to: number) {
    for (const row of statement.iterate(monitorId, from, to) as Iterable<unknown>) yield row as SummaryRow
  }

  const make = (monitorId: number, day: number) => {
    const summary = emptySummary()
    for (const { body } of rows(hoursIn, monitorId, day, day + DAY)) mergeSummary(summary, decodeSummary(body))
    put.run(monitorId, day, encodeSummary(summary))
  }

  const isMade = (monitorId: number, day: number) => made.get(monitorId, day) !== undefined

  return {
    /** Hears that an hour was written: ends the day before, or makes anew a day to which late results came. */
    hourWritten: (monitorId: number, start: number) => {
      const day = start - (start % DAY)
      if (newest.get(monitorId) === day) return
      if (isMade(monitorId, day)) return make(monitorId, day)
      newest.set(monitorId, day)
      const { start: last } = lastHourBefore.get(monitorId, day) as { start: number | null }
      if (last === null) return
      const before = last - (last % DAY)
      if (!isMade(monitorId, before)) make(monitorId, before)
    },

    /** Hands over summaries that together cover `[from, to)`: whole days where they are made, else hours. */
    read: (monitorId: number, from: number, to: number, add: (start: number, summary: Summary) => void): void => {
      const addHours = (first: number, end: number) => {
        if (first >= end) return
        for (const { start, body } of rows(hoursIn, monitorId, first, end)) add(start, decodeSummary(body))
      }
      let covered = from
      for (const { start, body } of rows(daysIn, monitorId, from, to - DAY)) {
        addHours(covered, start)
        add(start, decodeSummary(body))
        covered = start + DAY
      }
      addHours(covered, to)
    },
  }
}
