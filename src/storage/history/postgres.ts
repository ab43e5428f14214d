import { type Kysely, sql } from 'kysely'
import { NO_LATENCY, NO_LOSS, type ResultBatch, type ResultSeries } from '#core/result-batch.ts'
import type { Tables } from '../tables.ts'
import { type Block, emptyBlock } from './block.ts'
import type { History } from './index.ts'
import { addResult, emptySummary, pointOf, type Summary } from './points.ts'
import { bucketOf } from './quantise.ts'
import { stepStart } from './read.ts'

interface Row {
  readonly at: number
  readonly latency_us: number | null
  readonly code: number
  readonly loss: number | null
}

/** Batches that a server that is away keeps from being written; the oldest are given up. */
const MOST_WAITING = 600

/** Results as plain rows on PostgreSQL, where several nodes write them. */
export const createPostgresHistory = (db: Kysely<Tables>, onTrouble: (message: string) => void): History => {
  const waiting: ResultBatch[] = []
  let writing: Promise<void> | undefined
  let complained = false

  const insert = async ({ count, monitorIds, at, latency, codes, loss }: ResultBatch) => {
    if (count === 0) return
    const orNull = (values: ArrayLike<number>, none: number) =>
      Array.from(values, (value) => (value === none ? null : value))
    await sql`insert into results (monitor_id, at, latency_us, code, loss)
      select * from unnest(${[...monitorIds]}::bigint[], ${Array.from(at, Math.round)}::bigint[],
        ${orNull(latency, NO_LATENCY)}::bigint[], ${[...codes]}::smallint[], ${orNull(loss, NO_LOSS)}::smallint[])`.execute(
      db,
    )
  }

  const drain = async () => {
    try {
      while (waiting.length > 0) {
        await insert(waiting[0]!)
        waiting.shift()
      }
      complained = false
    } catch (error) {
      while (waiting.length > MOST_WAITING) waiting.shift()
      if (!complained) onTrouble((error as Error).message)
      complained = true
    }
    writing = undefined
  }

  const append = (batch: ResultBatch) => {
    waiting.push(batch)
    writing ??= drain()
  }

  const rows = async (monitorId: number, from: number, to: number): Promise<readonly Row[]> =>
    (
      await sql<Row>`select at, latency_us, code, loss from results
        where monitor_id = ${monitorId} and at >= ${from} and at < ${to} order by at`.execute(db)
    ).rows

  return {
    connect: (port) => void port.on('message', append).unref(),
    append,
    range: async (monitorId, from, to) => {
      const series: ResultSeries = { at: [], latencyMs: [], codes: [], loss: [] }
      for (const { at, latency_us: us, code, loss } of await rows(monitorId, from, to)) {
        series.at.push(at)
        series.latencyMs.push(us === null ? null : us / 1000)
        series.codes.push(code)
        series.loss.push(loss === null ? null : loss / 100)
      }
      return series
    },
    series: async (monitorId, from, to, steps) => {
      const startOf = stepStart(steps)
      const points = new Map<number, Summary>()
      for (const { at, latency_us: us, code, loss } of await rows(monitorId, from, to)) {
        const start = startOf(at)
        const summary = points.get(start) ?? emptySummary()
        points.set(start, summary)
        addResult(summary, oneResult(at, us ?? NO_LATENCY, code, loss ?? NO_LOSS), 0)
      }
      return [...points].sort(([a], [b]) => a - b).map(([at, summary]) => pointOf(at, summary))
    },
    retain: async (now, { resultsMs }) => {
      const { numAffectedRows = 0n } = await sql`delete from results where at < ${now - resultsMs}`.execute(db)
      return Number(numAffectedRows)
    },
    close: async () => {
      await writing
    },
  }
}

const oneResult = (at: number, us: number, code: number, loss: number): Block => {
  const block = emptyBlock()
  block.at.push(at)
  block.buckets.push(bucketOf(us))
  block.codes.push(code)
  block.loss.push(loss)
  return block
}
