import { existsSync } from 'node:fs'
import { openSqliteReader } from '../sqlite.ts'
import type { Block } from './block.ts'
import { createBlocks } from './blocks.ts'
import { createFresh, partOf } from './fresh.ts'
import { readBatch } from './journal.ts'
import { readKept } from './kept.ts'

/** Single results, read beside the thread that writes them, as packed columns in the order of time. */
export interface ResultReader {
  /** Since when single results are there, ms; before that they were gathered. */
  readonly since: number
  /** Those of a monitor in `[from, to)` and a few around, day by day. */
  of(monitorId: number, from: number, to: number): Generator<Block>
  close(): void
}

interface JournalRow {
  readonly id: number
  readonly body: Uint8Array
}

/** Opens `history.db` for reading alone; undefined where there is none. Throws where it cannot be read. */
export const openResultReader = (path: string): ResultReader | undefined => {
  if (!existsSync(path)) return undefined
  const db = openSqliteReader(path)
  const fresh = createFresh()
  const flushed = new Map(
    (db.prepare('select part, row from flushed').all() as { part: number; row: number }[]).map((one) => [
      one.part,
      one.row,
    ]),
  )
  for (const one of db.prepare('select id, body from journal order by id').iterate() as Iterable<unknown>) {
    const { id, body } = one as JournalRow
    readBatch(body, (monitorId, at, bucket, code, loss, spread) => {
      if (id > (flushed.get(partOf(monitorId)) ?? 0)) fresh.add(id, monitorId, at, bucket, code, loss, spread)
    })
  }
  const blocks = createBlocks(db, 'block')
  return {
    since: readKept(db).minutes,
    of: function* (monitorId, from, to) {
      yield* blocks.of(monitorId, from, to)
      yield fresh.of(monitorId)
    },
    close: () => db.close(),
  }
}
