import { DatabaseSync } from 'node:sqlite'
import type { ResultBatch, ResultSeries } from '#core/result-batch.ts'
import { StorageError } from '../storage-error.ts'
import { addToSeries, type Block, decodeBlock, encodeBlock } from './block.ts'
import { createDays, DAY, DAYS_SCHEMA, HOUR } from './days.ts'
import { addBatch, encodeBatch } from './journal.ts'
import {
  addResult,
  decodeSummary,
  emptySummary,
  encodeSummary,
  type HistoryPoint,
  mergeSummary,
  pointOf,
  type Summary,
} from './points.ts'

const FORMAT = 1
/** Results that one compaction takes into memory at most. */
const COMPACTED_AT_ONCE = 500_000
/** Up to this span a series is made of the results themselves, beyond it of hours. */
const RAW_SPAN_MS = 3 * DAY

export interface Retention {
  readonly resultsMs: number
  readonly hoursMs: number
}

export interface HistoryStore {
  append(batch: ResultBatch): void
  /** Rewrites what was journalled before this hour into blocks and hours. Returns the results rewritten. */
  compact(now: number): number
  /** Results of a monitor in `[from, to)`. */
  range(monitorId: number, from: number, to: number): ResultSeries
  /** Points of `stepMs` in `[from, to)`, only where there is something; hours where the span is long. */
  series(monitorId: number, from: number, to: number, stepMs: number): HistoryPoint[]
  /** Deletes what is older than is kept, and everything of monitors that are gone. Returns the rows deleted. */
  retain(now: number, keep: Retention): number
  close(): void
}

const SCHEMA = `
  create table if not exists journal (id integer primary key, from_at integer, to_at integer, results integer, body blob);
  create table if not exists block (
    monitor_id integer, start integer, end_at integer, body blob, primary key (monitor_id, start)) without rowid;
  create index if not exists block_end on block (end_at);
  create table if not exists hour (monitor_id integer, start integer, body blob, primary key (monitor_id, start)) without rowid;
  pragma user_version = ${FORMAT};
`

interface BodyRow {
  readonly body: Uint8Array
}

/**
 * Opens `history.db`. Results are journalled as they come and rewritten hour by hour into one packed block per monitor,
 * with a mergeable summary per hour. Throws StorageError when the file belongs to a newer program, node:sqlite's error
 * when it cannot be opened.
 */
export const openHistoryStore = (path: string): HistoryStore => {
  const db = new DatabaseSync(path, { timeout: 5000 })
  try {
    db.exec('pragma auto_vacuum = incremental; pragma journal_mode = wal; pragma synchronous = normal')
    db.exec('pragma cache_size = -4000')
    const { user_version: format } = db.prepare('pragma user_version').get() as { user_version: number }
    if (format > FORMAT)
      throw new StorageError('newer', `${path} was written by a newer Vigía (format ${format}). Start that version.`)
    db.exec(SCHEMA)
    db.exec(DAYS_SCHEMA)
  } catch (error) {
    db.close()
    throw error
  }
  const days = createDays(db)
  const insertBatch = db.prepare('insert into journal (from_at, to_at, results, body) values (?, ?, ?, ?)')
  const oldBatches = db.prepare('select id, results, body from journal where to_at < ? order by id')
  const batchesOf = db.prepare('select body from journal where to_at >= ? and from_at < ? order by id')
  const putBlock = db.prepare('insert or replace into block (monitor_id, start, end_at, body) values (?, ?, ?, ?)')
  const blocksOf = db.prepare(
    'select body from block where monitor_id = ? and start < ? and end_at >= ? order by start',
  )
  const hourOf = db.prepare('select body from hour where monitor_id = ? and start = ?')
  const putHour = db.prepare('insert or replace into hour (monitor_id, start, body) values (?, ?, ?)')
  const hoursOf = db.prepare(
    'select start, body from hour where monitor_id = ? and start >= ? and start < ? order by start',
  )

  const transaction = <T>(work: () => T): T => {
    db.exec('begin immediate')
    try {
      const result = work()
      db.exec('commit')
      return result
    } catch (error) {
      db.exec('rollback')
      throw error
    }
  }

  const summarise = (block: Block, stepMs: number, from: number, to: number, into = new Map<number, Summary>()) => {
    for (const [index, at] of block.at.entries()) {
      if (at < from || at >= to) continue
      const start = at - (at % stepMs)
      let summary = into.get(start)
      if (!summary) {
        summary = emptySummary()
        into.set(start, summary)
      }
      addResult(summary, block, index)
    }
    return into
  }

  const addHours = (monitorId: number, block: Block) => {
    for (const [start, summary] of summarise(block, HOUR, 0, Number.POSITIVE_INFINITY)) {
      const known = hourOf.get(monitorId, start) as unknown as BodyRow | undefined
      if (known) mergeSummary(summary, decodeSummary(known.body))
      putHour.run(monitorId, start, encodeSummary(summary))
      days.hourWritten(monitorId, start)
    }
  }

  /** What is journalled of one monitor, not yet in any block. */
  const journalled = (monitorId: number, from: number, to: number): Block[] => {
    const blocks = new Map<number, Block>()
    for (const { body } of batchesOf.iterate(from, to) as Iterable<unknown> as Iterable<BodyRow>)
      addBatch(blocks, body, monitorId)
    return [...blocks.values()]
  }

  const packed = function* (monitorId: number, from: number, to: number): Generator<Block> {
    for (const { body } of blocksOf.iterate(monitorId, to, from) as Iterable<unknown> as Iterable<BodyRow>)
      yield decodeBlock(body)
  }

  return {
    append: (batch) => {
      if (batch.count === 0) return
      let [from, to] = [Number.POSITIVE_INFINITY, 0]
      for (const at of batch.at) {
        from = Math.min(from, at)
        to = Math.max(to, at)
      }
      insertBatch.run(Math.floor(from), Math.ceil(to), batch.count, encodeBatch(batch))
    },

    compact: (now) =>
      transaction(() => {
        const blocks = new Map<number, Block>()
        const taken: number[] = []
        let results = 0
        for (const row of oldBatches.iterate(now - (now % HOUR)) as Iterable<unknown>) {
          const { id, results: count, body } = row as BodyRow & { id: number; results: number }
          if (results > 0 && results + count > COMPACTED_AT_ONCE) break
          addBatch(blocks, body)
          taken.push(id)
          results += count
        }
        for (const [monitorId, unsorted] of blocks) {
          const block = inOrder(unsorted)
          putBlock.run(monitorId, block.at[0]!, block.at.at(-1)!, encodeBlock(block))
          addHours(monitorId, block)
        }
        const remove = db.prepare('delete from journal where id = ?')
        for (const id of taken) remove.run(id)
        return results
      }),

    range: (monitorId, from, to) => {
      const series: ResultSeries = { at: [], latencyMs: [], codes: [], loss: [] }
      for (const block of packed(monitorId, from, to)) addToSeries(series, block, from, to)
      for (const block of journalled(monitorId, from, to)) addToSeries(series, inOrder(block), from, to)
      return series
    },

    series: (monitorId, from, to, stepMs) => {
      const points = new Map<number, Summary>()
      const add = (start: number, part: Summary) => {
        const at = start - (start % stepMs)
        const summary = points.get(at)
        if (summary) mergeSummary(summary, part)
        else points.set(at, part)
      }
      const firstHour = from - (from % HOUR)
      if (to - from <= RAW_SPAN_MS || stepMs < HOUR)
        for (const block of packed(monitorId, from, to)) summarise(block, stepMs, from, to, points)
      else if (stepMs % DAY === 0) days.read(monitorId, firstHour, to, add)
      else
        for (const row of hoursOf.iterate(monitorId, firstHour, to) as Iterable<unknown>) {
          const { start, body } = row as BodyRow & { start: number }
          add(start, decodeSummary(body))
        }
      for (const block of journalled(monitorId, from, to)) summarise(block, stepMs, from, to, points)
      return [...points].sort(([a], [b]) => a - b).map(([at, summary]) => pointOf(at, summary))
    },

    retain: (now, keep) => {
      const results = db.prepare('delete from block where end_at < ?').run(now - keep.resultsMs).changes
      const hours = db.prepare('delete from hour where start < ?').run(now - keep.hoursMs).changes
      db.exec('pragma incremental_vacuum(1000)')
      return Number(results) + Number(hours)
    },

    close: () => db.close(),
  }
}

/** Probes end in another order than they begin: a block holds them in the order of time. */
const inOrder = (block: Block): Block => {
  const sorted = block.at.every((at, index) => index === 0 || at >= block.at[index - 1]!)
  if (sorted) return block
  const order = block.at.map((_, index) => index).sort((a, b) => block.at[a]! - block.at[b]!)
  const pick = (values: readonly number[]) => order.map((index) => values[index]!)
  return { at: pick(block.at), buckets: pick(block.buckets), codes: pick(block.codes), loss: pick(block.loss) }
}
