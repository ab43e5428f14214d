import { emptySummary, type Summary } from '#storage/history/points.ts'
import { DAY, HOUR } from '#storage/history/spans.ts'
import type { ImportedSpan } from '#storage/imported-history.ts'
import type { MonitorHistory, ReadingContext } from '../import-plan.ts'
import { addLooks, summaryOf } from '../rolled-up.ts'
import type { SourceDatabase } from '../sqlite-source.ts'

/** Its states of a look. */
export const KUMA_STATUS = { down: 0, up: 1, pending: 2, maintenance: 3 } as const

interface StatRow {
  readonly timestamp: number
  readonly up: number
  readonly down: number
  readonly ping: number | null
  readonly ping_min: number | null
  readonly ping_max: number | null
}

/** Id, monitor, status, hour, latency. */
type Beat = readonly [number, number, number, string, number | null]
const BEATS = 'select id, monitor_id, status, substr(time, 1, 13), ping from heartbeat where id > ? order by id limit ?'
const BEATS_AT_ONCE = 5000

/** All beats in the order in which they came: there may be many millions. */
const beatsOf = function* (db: SourceDatabase): Generator<readonly Beat[]> {
  for (let last = -1; ; ) {
    const beats = db.lists(BEATS, last, BEATS_AT_ONCE) as readonly Beat[]
    if (beats.length === 0) return
    last = beats.at(-1)![0]
    yield beats
  }
}

const spanOf = ({ timestamp, up, down, ping, ping_min, ping_max }: StatRow, hours: 1 | 24): ImportedSpan => ({
  start: timestamp * 1000,
  hours,
  // Where nothing was up its latency is 0, and means nothing.
  summary: summaryOf({ up, failed: down, avg: up > 0 ? ping : null, min: ping_min, max: ping_max }),
})

/** Of hours and of days what together covers all of the time: a day that has hours is not needed. */
const withoutOverlap = (hours: readonly ImportedSpan[], days: readonly ImportedSpan[]): ImportedSpan[] => {
  const covered = new Set(hours.map(({ start }) => start - (start % DAY)))
  return [...days.filter(({ start }) => !covered.has(start)), ...hours].toSorted((a, b) => a.start - b.start)
}

/** What the newer version kept: sums of hours and of days. */
const fromSums = function* (
  db: SourceDatabase,
  names: ReadonlyMap<number, string>,
  progress: ReadingContext['progress'],
): Generator<MonitorHistory> {
  let read = 0
  const stats = (table: string, id: number): StatRow[] => {
    const there = db.columns(table)
    if (!there) return []
    const bounds = ['ping_min', 'ping_max'].map((column) => (there.has(column) ? column : `null as ${column}`))
    const query = `select timestamp, up, down, ping, ${bounds.join(', ')} from ${table} where monitor_id = ? and up + down > 0 order by timestamp`
    return db.rows<StatRow>(query, id).filter(({ timestamp }) => Number.isSafeInteger(timestamp) && timestamp > 0)
  }
  for (const [id, monitor] of names) {
    const hours = stats('stat_hourly', id).filter(({ timestamp }) => timestamp % 3600 === 0)
    const days = stats('stat_daily', id).filter(({ timestamp }) => timestamp % 86_400 === 0)
    progress?.(`history: ${++read} of ${names.size} monitors`)
    const spans = withoutOverlap(
      hours.map((row) => spanOf(row, 1)),
      days.map((row) => spanOf(row, 24)),
    )
    if (spans.length > 0) yield { monitor, spans }
  }
}

/** A day of one monitor as it fills. */
interface OpenDay {
  readonly day: number
  readonly hours: Map<number, Summary>
}

const REPORTED_EACH = 500_000

/**
 * What the older version kept: every look. They are read once, in the order in which they came, and a day of a monitor is
 * done with when one begins that is two days later: no more of them is ever held than of a few days.
 */
const fromBeats = function* (
  db: SourceDatabase,
  names: ReadonlyMap<number, string>,
  { progress, now }: Pick<ReadingContext, 'progress' | 'now'>,
): Generator<MonitorHistory> {
  const open = new Map<number, OpenDay[]>()
  const hourStarts = new Map<string, number>()
  let latest = 0
  let read = 0
  const historyOf = (id: number, { hours }: OpenDay): MonitorHistory => ({
    monitor: names.get(id)!,
    spans: [...hours]
      .map(([start, summary]) => ({ start, hours: 1 as const, summary }))
      .toSorted((a, b) => a.start - b.start),
  })
  const startOf = (hour: string): number => {
    let start = hourStarts.get(hour)
    if (start === undefined) {
      // Its times are UTC and say no zone.
      start = Date.parse(`${hour.replace(' ', 'T')}:00:00Z`)
      if (hourStarts.size > 10_000) hourStarts.clear()
      hourStarts.set(hour, start)
    }
    return start
  }
  for (const beats of beatsOf(db)) {
    read += beats.length
    if (read % REPORTED_EACH === 0) progress?.(`history: ${(read / 1e6).toFixed(1)} million looks`)
    for (const [, id, status, hour, ping] of beats) {
      // Rows may be left of monitors that are gone. What was planned is no look.
      if (!names.has(id) || status === KUMA_STATUS.maintenance || typeof hour !== 'string') continue
      const start = startOf(hour)
      if (!Number.isFinite(start) || start % HOUR !== 0 || start <= 0 || start > now + DAY) continue
      const day = start - (start % DAY)
      const days = open.getOrInsertComputed(id, () => [])
      const known = days.find((one) => one.day === day)
      const at = known ?? { day, hours: new Map<number, Summary>() }
      if (!known) days.push(at)
      const summary = at.hours.getOrInsertComputed(start, emptySummary)
      addLooks(summary, 1, status === KUMA_STATUS.up ? ping : null)
      if (status !== KUMA_STATUS.up) summary.failed++
      latest = Math.max(latest, day)
    }
    for (const [id, days] of open)
      for (const done of days.filter(({ day }) => day < latest - DAY)) {
        days.splice(days.indexOf(done), 1)
        yield historyOf(id, done)
      }
  }
  for (const [id, days] of open) for (const done of days) yield historyOf(id, done)
}

/** All that is known of earlier times, of the monitors that come in. */
export const kumaHistory = (
  db: SourceDatabase,
  names: ReadonlyMap<number, string>,
  context: ReadingContext,
): Iterable<MonitorHistory> =>
  db.columns('stat_daily') ? fromSums(db, names, context.progress) : fromBeats(db, names, context)
