import { writtenAt } from '#core/event/record.ts'
import type { ZeekRecord } from '#core/event/zeek-record.ts'
import type { ReadHooks } from '../stored-file.ts'
import { readZeekFile, type ZeekFile } from './read-file.ts'

/** A file that takes part: open or still closed, with the time at which its next record was written. */
interface Cursor {
  readonly path: string
  file: ZeekFile | undefined
  batch: readonly ZeekRecord[]
  index: number
  bytes: number
  /** Order of the next record: the latest time so far, as a log is only roughly sorted. */
  at: number
}

const load = async (cursor: Cursor, file: ZeekFile): Promise<boolean> => {
  const next = await file.records.next()
  if (next.done) return false
  cursor.batch = next.value
  cursor.index = 0
  cursor.at = Math.max(cursor.at, writtenAt(next.value[0]!))
  return true
}

/** The records of a batch that were written up to a moment; leaves the cursor at the first later one. */
const takeUntil = (cursor: Cursor, until: number): readonly ZeekRecord[] => {
  const from = cursor.index
  const { batch } = cursor
  while (cursor.at <= until && ++cursor.index < batch.length)
    cursor.at = Math.max(cursor.at, writtenAt(batch[cursor.index]!))
  return from === 0 && cursor.index === batch.length ? batch : batch.slice(from, cursor.index)
}

/** Bytes of its file that were read since it was asked last. */
const newBytes = (cursor: Cursor): number => {
  const all = cursor.file?.bytesRead() ?? 0
  const fresh = all - cursor.bytes
  cursor.bytes = all
  return fresh
}

const byTime = (one: Cursor, other: Cursor): number => one.at - other.at || (one.path < other.path ? -1 : 1)

/**
 * Reads many logs as one stream in the order in which their lines were written, however they are named or rotated. A
 * file is opened when its time comes: its first record is looked at beforehand and the file closed again.
 */
export async function* mergeZeekFiles(
  paths: readonly string[],
  hooks: ReadHooks & { readonly latestMs?: number } = {},
): AsyncGenerator<readonly ZeekRecord[]> {
  const waiting: Cursor[] = []
  const finish = (path: string, file: ZeekFile) => {
    const { lines, records, other, bad, reasons } = file.counts()
    hooks.onFile?.({ path, kind: file.kind(), lines, records, other, bad, problem: file.problem(), reasons })
  }
  for (const path of paths) {
    const file = readZeekFile(path, hooks.latestMs)
    const cursor: Cursor = { path, file: undefined, batch: [], index: 0, bytes: 0, at: 0 }
    const found = await load(cursor, file)
    await file.records.return(undefined)
    if (found) waiting.push({ ...cursor, batch: [] })
    else finish(path, file)
  }
  waiting.sort(byTime)

  while (waiting.length > 0) {
    const cursor = waiting.shift()!
    if (!cursor.file) {
      cursor.file = readZeekFile(cursor.path, hooks.latestMs)
      if (!(await load(cursor, cursor.file))) continue
    }
    const until = waiting[0]?.at ?? Number.POSITIVE_INFINITY
    let going = true
    while (going && cursor.at <= until) {
      yield takeUntil(cursor, until)
      if (cursor.index < cursor.batch.length) continue
      hooks.onBytes?.(newBytes(cursor))
      going = await load(cursor, cursor.file)
    }
    if (!going) finish(cursor.path, cursor.file)
    else {
      const place = waiting.findIndex((other) => byTime(cursor, other) < 0)
      waiting.splice(place < 0 ? waiting.length : place, 0, cursor)
    }
  }
}
