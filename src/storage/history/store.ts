import type { DatabaseSync } from 'node:sqlite'
import type { ResultBatch, ResultSeries } from '#core/result/result-batch.ts'
import { isDamage } from '../storage-error.ts'
import { createBlocks } from './blocks.ts'
import { createFresh, partOf } from './fresh.ts'
import { encodeBatch, quantise, readBatch } from './journal.ts'
import type { HistoryPoint } from './points.ts'
import { createReader, type Steps } from './read.ts'
import { createRetainer, type Retention } from './retain.ts'
import { createRollups } from './rollups.ts'
import { inTransaction, openHistoryFile } from './schema.ts'
import { HOUR } from './spans.ts'

export type { Steps } from './read.ts'
export type { Retention } from './retain.ts'

/** Results of this hour in memory, nine bytes each: beyond it the fullest part is rewritten before its hour ends. */
const MOST_FRESH = 6_000_000

export interface HistoryStore {
  append(batch: ResultBatch): void
  /** Rewrites what came before this hour into blocks and roll-ups, one part at a call. Returns the results rewritten. */
  compact(now: number): number
  /** Parts that are due to be rewritten. */
  waiting(): number
  /** Batches of the journal that could not be read when it was opened, and were left out. */
  readonly damaged: number
  /** Results of a monitor in `[from, to)`. */
  range(monitorId: number, from: number, to: number): ResultSeries
  /** Points of steps in `[from, to)`, only where there is something. */
  series(monitorId: number, from: number, to: number, steps: Steps): HistoryPoint[]
  /**
   * Takes what is older than is kept to the next level, or away, for some monitors at a step. Each step tells the rows
   * that went.
   */
  retain(now: number, keep: Retention): Generator<number>
  close(): void
}

interface JournalRow {
  readonly id: number
  readonly body: Uint8Array
}

/**
 * Opens `history.db`. Results are journalled as they come, and rewritten part by part, once an hour, into one packed
 * block per monitor, with mergeable summaries per hour and day. What is not rewritten yet is in memory too. Throws
 * StorageError when the file belongs to a newer program or to another installation, node:sqlite's error when it cannot be
 * opened.
 */
export const openHistoryStore = (path: string, mostFresh = MOST_FRESH, installation?: string): HistoryStore => {
  const db = openHistoryFile(path, installation)
  try {
    return storeOn(db, mostFresh)
  } catch (error) {
    db.close()
    throw error
  }
}

const storeOn = (db: DatabaseSync, mostFresh: number): HistoryStore => {
  const fresh = createFresh()
  const blocks = createBlocks(db, 'block')
  const minutes = createBlocks(db, 'minute')
  const rollups = createRollups(db)
  const insertRow = db.prepare('insert into journal (id, body) values (?, ?)')
  const putFlushed = db.prepare('insert or replace into flushed (part, row) values (?, ?)')
  const trimJournal = db.prepare('delete from journal where id < ?')
  const trimFlushed = db.prepare('delete from flushed where row < ?')
  let row = 0
  let hour = 0
  let damaged = 0

  /** What a server that ended before has left in the journal. */
  const load = () => {
    const flushed = new Map<number, number>()
    for (const one of db.prepare('select part, row from flushed').all() as { part: number; row: number }[])
      flushed.set(one.part, one.row)
    row = Math.max(0, ...flushed.values())
    for (const one of db.prepare('select id, body from journal order by id').iterate() as Iterable<unknown>) {
      const { id, body } = one as JournalRow
      row = Math.max(row, id)
      try {
        readBatch(body, (monitorId, at, bucket, code, loss, spread) => {
          if (id > (flushed.get(partOf(monitorId)) ?? 0)) fresh.add(id, monitorId, at, bucket, code, loss, spread)
        })
      } catch (error) {
        if (!isDamage(error)) throw error
        damaged++
      }
    }
    // All that has been loaded is of an earlier time: it need not wait for an hour to end.
    fresh.seal(row)
  }

  const flush = (): number => {
    const sealed = fresh.nextSealed()
    if (!sealed) return 0
    inTransaction(db, () => {
      for (const [monitorId, block] of sealed.blocks) {
        blocks.add(monitorId, block)
        rollups.add(monitorId, block)
      }
      putFlushed.run(sealed.part, sealed.row)
      // What is in blocks of every part is needed no more.
      const needed = Math.min(fresh.firstRow(sealed.part), row + 1)
      trimJournal.run(needed)
      trimFlushed.run(needed)
    })
    fresh.drop(sealed.part)
    return sealed.results
  }

  load()
  return {
    append: (results) => {
      if (results.count === 0) return
      const batch = quantise(results)
      insertRow.run(row + 1, encodeBatch(batch))
      const { monitorIds, at, buckets, codes, loss, spread } = batch
      const batchHour = Math.floor(at[batch.count - 1]! / HOUR)
      if (batchHour !== hour) fresh.seal(row)
      hour = batchHour
      row++
      for (let index = 0; index < batch.count; index++)
        fresh.add(row, monitorIds[index]!, at[index]!, buckets[index]!, codes[index]!, loss[index]!, spread[index]!)
      while (fresh.unsealed() > mostFresh) fresh.sealFullest(row)
    },

    compact: (now) => {
      if (Math.floor(now / HOUR) > hour) fresh.seal(row)
      return flush()
    },

    waiting: fresh.waiting,
    damaged,

    ...createReader({ db, fresh, blocks, minutes, rollups }),
    ...createRetainer({ db, blocks, minutes, rollups }),

    close: () => db.close(),
  }
}
