import type { Database } from './database.ts'
import { chunks } from './database.ts'
import { decodeSummary, encodeSummary, type Summary } from './history/points.ts'
import { DAY, HOUR } from './history/spans.ts'

/** What another tool knew of an hour, or of a whole day (UTC), that began at `start`, ms. */
export interface ImportedSpan {
  readonly start: number
  readonly hours: 1 | 24
  readonly summary: Summary
}

const dayOf = (at: number): number => at - (at % DAY)
/** Hour of the day, hours, and the length of what follows. */
const HEAD_BYTES = 4

const encode = (spans: readonly ImportedSpan[]): string =>
  Buffer.concat(
    spans.flatMap(({ start, hours, summary }) => {
      const body = encodeSummary(summary)
      const head = Buffer.from([(start % DAY) / HOUR, hours, body.length >> 8, body.length & 255])
      return [head, body]
    }),
  ).toString('base64')

const decode = (day: number, body: string): ImportedSpan[] => {
  const bytes = Buffer.from(body, 'base64')
  const spans: ImportedSpan[] = []
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const end = at + HEAD_BYTES + bytes.readUInt16BE(at + 2)
    const summary = decodeSummary(bytes.subarray(at + HEAD_BYTES, end))
    spans.push({ start: day + bytes[at]! * HOUR, hours: bytes[at + 1] === 1 ? 1 : 24, summary })
    at = end
  }
  return spans
}

/** A day (UTC) of what was known of one monitor, as it is stored. */
export interface ImportedDay {
  /** When it began, ms. */
  readonly day: number
  readonly body: string
}

/** The days of some spans, as they are stored. */
export const importedDays = (spans: readonly ImportedSpan[]): ImportedDay[] =>
  [...Map.groupBy(spans, ({ start }) => dayOf(start))].map(([day, those]) => ({ day, body: encode(those) }))

/**
 * What other tools knew of times before ours, a row a monitor and day: beside the results, for it was not measured here and
 * is shown as what it is. Each day is as it came in last.
 */
export const createImportedHistory = (db: Database) => ({
  save: async (monitorId: number, days: readonly ImportedDay[]): Promise<void> => {
    const rows = days.map(({ day, body }) => ({ monitor_id: monitorId, day, body }))
    for (const some of chunks(rows))
      await db
        .insertInto('imported_history')
        .values(some)
        .onConflict((conflict) =>
          conflict.columns(['monitor_id', 'day']).doUpdateSet(({ ref }) => ({ body: ref('excluded.body') })),
        )
        .execute()
  },

  /** What lies in `[from, to)`, oldest first. */
  spans: async (monitorId: number, from: number, to: number): Promise<ImportedSpan[]> => {
    const rows = await db
      .selectFrom('imported_history')
      .select(['day', 'body'])
      .where('monitor_id', '=', monitorId)
      .where('day', '>=', dayOf(from))
      .where('day', '<', to)
      .orderBy('day')
      .execute()
    return rows
      .flatMap(({ day, body }) => decode(Number(day), body))
      .filter(({ start, hours }) => start + hours * HOUR > from && start < to)
  },

  /** Until when, ms, something is known of each monitor that has any. */
  ends: async (): Promise<Map<number, number>> => {
    const rows = await db
      .selectFrom('imported_history')
      .select(({ fn }) => ['monitor_id', fn.max('day').as('day')])
      .groupBy('monitor_id')
      .execute()
    return new Map(rows.map(({ monitor_id, day }) => [Number(monitor_id), Number(day) + DAY]))
  },

  /** Removes days that ended before a moment, ms; how many rows went. */
  removeBefore: async (before: number): Promise<number> => {
    const { numDeletedRows } = await db
      .deleteFrom('imported_history')
      .where('day', '<', dayOf(before))
      .executeTakeFirst()
    return Number(numDeletedRows)
  },
})
export type ImportedHistory = ReturnType<typeof createImportedHistory>
