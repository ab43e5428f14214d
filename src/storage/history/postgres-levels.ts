import { type Kysely, type SqlBool, sql } from 'kysely'
import { NO_SPREAD } from '#core/monitor/spread.ts'
import { bucketOf, NO_LATENCY } from '#core/result/latency-bucket.ts'
import { NO_LOSS } from '#core/result/result-batch.ts'
import type { Tables } from '../tables.ts'
import { type Block, emptyBlock } from './block.ts'
import { decodeSummary, encodeSummary, mergeSummary, type Summary } from './points.ts'
import { cutsOf, type Retention } from './retain.ts'
import { summarise } from './rollups.ts'
import { DAY, HOUR, MINUTE } from './spans.ts'

/** A result as it stands in its table. */
export interface ResultRow {
  readonly at: number
  readonly latency_us: number | null
  readonly code: number
  readonly loss: number | null
  /** As `packSpread` puts it; null of a single answer. */
  readonly spread: number | null
}

interface GatheredRow {
  readonly start: number
  readonly step: number
  readonly summary: Uint8Array
}

/** One node gathers at a time. Another number than those of `migrate.ts` and `database-lock.ts`. */
const LOCK_KEY = 8_441_164

export const blockOf = (rows: readonly ResultRow[]): Block => {
  const block = emptyBlock()
  for (const { at, latency_us: us, code, loss, spread } of rows) {
    block.at.push(at)
    block.buckets.push(bucketOf(us ?? NO_LATENCY))
    block.codes.push(code)
    block.loss.push(loss ?? NO_LOSS)
    block.spread.push(spread ?? NO_SPREAD)
  }
  return block
}

/** Adds summaries to the level of `step`, to what is there of the same times. */
const addTo = async (
  db: Kysely<Tables>,
  monitorId: number,
  step: number,
  summaries: ReadonlyMap<number, Summary>,
): Promise<void> => {
  const starts = [...summaries.keys()]
  const { rows } = await sql<GatheredRow>`select start, summary from gathered
    where monitor_id = ${monitorId} and step = ${step} and start = any(${starts}::bigint[])`.execute(db)
  for (const { start, summary } of rows) mergeSummary(summaries.get(start)!, decodeSummary(summary))
  const texts = [...summaries.values()].map((summary) => Buffer.from(encodeSummary(summary)).toString('hex'))
  await sql`insert into gathered (monitor_id, step, start, summary)
    select ${monitorId}, ${step}, start, decode(summary, 'hex')
    from unnest(${starts}::bigint[], ${texts}::text[]) as new (start, summary)
    on conflict (monitor_id, step, start) do update set summary = excluded.summary`.execute(db)
}

const startIn = (step: number) => (at: number) => at - (at % step)

/** Takes one monitor's oldest day of results to minutes. Returns the rows that went; 0: none is old enough. */
const gatherResults = async (db: Kysely<Tables>, before: number): Promise<number> => {
  const oldest = await sql<{ monitor_id: number; at: number }>`select monitor_id, at from results
    where at < ${before} order by at limit 1`.execute(db)
  const [found] = oldest.rows
  if (!found) return 0
  const end = Math.min(before, startIn(DAY)(found.at) + DAY)
  const { rows } = await sql<ResultRow>`delete from results
    where monitor_id = ${found.monitor_id} and at < ${end} returning at, latency_us, code, loss, spread`.execute(db)
  const minutes = summarise(blockOf(rows), startIn(MINUTE), Number.NEGATIVE_INFINITY, end)
  await addTo(db, found.monitor_id, MINUTE, minutes)
  return rows.length
}

/** Takes one monitor's oldest day of a level to the next one. Returns the rows that went. */
const gatherLevel = async (db: Kysely<Tables>, step: number, next: number, before: number): Promise<number> => {
  const oldest = await sql<{ monitor_id: number; start: number }>`select monitor_id, start from gathered
    where step = ${step} and start < ${before} order by start limit 1`.execute(db)
  const [found] = oldest.rows
  if (!found) return 0
  const end = Math.min(before, startIn(DAY)(found.start) + DAY)
  const { rows } = await sql<GatheredRow>`delete from gathered
    where monitor_id = ${found.monitor_id} and step = ${step} and start < ${end} returning start, summary`.execute(db)
  const summaries = new Map<number, Summary>()
  for (const { start, summary } of rows) {
    const at = startIn(next)(start)
    const part = decodeSummary(summary)
    const known = summaries.get(at)
    if (known) mergeSummary(known, part)
    else summaries.set(at, part)
  }
  await addTo(db, found.monitor_id, next, summaries)
  return rows.length
}

/** Levels on PostgreSQL: each result stands in one of them, the coarser the older it is. */
export const createLevels = (db: Kysely<Tables>) => {
  const locked = (work: (db: Kysely<Tables>) => Promise<number>): Promise<number> =>
    db.transaction().execute(async (transaction) => {
      await sql<SqlBool>`select pg_advisory_xact_lock(${LOCK_KEY})`.execute(transaction)
      return work(transaction)
    })

  /** A day of a monitor at a time, in transactions of their own: nobody waits long for them. */
  const all = async (work: (db: Kysely<Tables>) => Promise<number>): Promise<number> => {
    let total = 0
    for (let rows = await locked(work); rows > 0; rows = await locked(work)) total += rows
    return total
  }

  return {
    /** Hands over the summaries of a monitor that begin in `[from, to)`, of all levels, with their step, ms. */
    read: async (
      monitorId: number,
      from: number,
      to: number,
      add: (start: number, step: number, summary: Summary) => void,
    ): Promise<void> => {
      const { rows } = await sql<GatheredRow>`select start, step, summary from gathered
        where monitor_id = ${monitorId} and start >= ${from} - ${from}::bigint % step and start < ${to}
        order by start`.execute(db)
      for (const { start, step, summary } of rows) add(start, step, decodeSummary(summary))
    },

    retain: async (now: number, keep: Retention): Promise<number> => {
      const cuts = cutsOf(now, keep)
      const minutes = await all((one) => gatherResults(one, cuts.results))
      const hours = await all((one) => gatherLevel(one, MINUTE, HOUR, cuts.minutes))
      const days = await all((one) => gatherLevel(one, HOUR, DAY, cuts.hours))
      const { numAffectedRows: gone = 0n } =
        await sql`delete from gathered where step = ${DAY} and start < ${cuts.days}`.execute(db)
      return minutes + hours + days + Number(gone)
    },
  }
}
