import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { FilePosition, FilePositions } from '#core/event/file-position.ts'
import { createHeldFiles } from './held-files.ts'
import { createKnownPositions } from './known-positions.ts'
import { listFamily } from './log-family.ts'
import { inodeOf, lookAt, type OpenLog, openHandle, sealOf } from './open-log.ts'
import { type ReadLines, readOn } from './read-log.ts'
import { recognise, TAIL } from './recognise.ts'

/** Some lines of one file, in order, and where the file has been read to with them. */
export interface LineBatch {
  readonly lines: readonly string[]
  /** Under which its positions are remembered. */
  readonly log: string
  /** The file that they stand in: the live one, or one that rotation made of it. */
  readonly path: string
  readonly position: FilePosition
}

export interface FollowOptions {
  /** What the system's clock shows, ms: it stamps files, whatever the server's own clock makes of a step. */
  readonly wall: () => number
  readonly positions: FilePositions
  /** Tells several followers of one log apart, who each read all of it. */
  readonly name?: string
  /**
   * Takes lines in. Reading waits for it. Answering `stored` says that it has remembered `batch.position` itself, in one
   * transaction with what it made of the lines; otherwise the position is remembered after it resolved. When it rejects,
   * the same lines come again.
   */
  readonly onLines: (batch: LineBatch) => Promise<'stored' | undefined>
  /** Where to begin in logs that were never followed: with rotated files too, with the live file, or behind its end. */
  readonly from: 'archives' | 'start' | 'end'
  /** Hears what could not be read, once for each fault. */
  readonly onTrouble?: ((message: string) => void) | undefined
  readonly signal: AbortSignal
}

interface ForeignFile {
  readonly path: string
  readonly form: string
}

/** Figures since the start. */
export interface FollowStats {
  readonly lines: number
  readonly bytes: number
  /** Lines that were skipped because they were longer than 1 MB. */
  readonly tooLong: number
  /** Bytes of the live file that were not read when it was last looked at. */
  readonly behind: number
  /** A file of it that should be read and cannot, and what that is written in: `xz`. */
  readonly foreign: ForeignFile | undefined
}

/** How far the reading of what was there before has come, in files of the log. */
export interface FollowProgress {
  readonly path: string
  readonly filesDone: number
  readonly files: number
}

/** The clock of files ticks slowly: a change within the same tick would not show in a younger file. */
const SETTLED_AFTER_MS = 100
/** An archive that ends in the middle and was written to so lately may become whole: a packer rests no longer. */
const PACKED_WITHIN_MS = 60_000

const foreignText = (path: string, form: string): string =>
  form === 'UTF-16'
    ? `${path} is written as UTF-16, which is not read: let it be written as UTF-8.`
    : `${path} is packed with ${form}, which is not read: what was not read before it was packed is left out. ` +
      'Let rotation pack with gzip, or later.'

const fresh = ({ path, inode }: Pick<OpenLog, 'path' | 'inode'>): FilePosition => ({
  id: randomUUID(),
  path,
  inode,
  head: '',
  offset: 0,
  tail: '',
  skipping: false,
  sealed: '',
})

/** The end of what is complete in a file, as the place from which to go on. */
const atEnd = async (log: OpenLog): Promise<FilePosition> => {
  const begun = { ...fresh(log), head: log.head }
  if (log.size === undefined) return { ...begun, sealed: sealOf(log.stats) }
  const look = await log.before(log.size, Math.min(log.size, 1 << 20))
  const end = log.size - (look.length - 1 - look.lastIndexOf('\n'))
  return { ...begun, head: log.head.slice(0, end), offset: end, tail: await log.before(end, Math.min(TAIL, end)) }
}

/**
 * Follows one log through its rotations. What has been read is known by its content, so it does not matter how a file
 * came to its name: each `scan` looks at the live file and at those that rotation made of it, oldest first, and reads
 * what has not been read of each.
 */
export const createLogFollower = (path: string, options: FollowOptions) => {
  const { positions: store, onLines, onTrouble, signal, wall } = options
  const key = options.name === undefined ? path : `${options.name}:${path}`
  const stats = { lines: 0, bytes: 0, tooLong: 0, behind: 0, foreign: undefined as ForeignFile | undefined }
  const troubles = new Set<string>()
  /** Files as they were after they had been read: unchanged ones are not opened again. */
  const settled = new Map<string, string>()
  /** Archives that ended in the middle and may become whole, as they were then. */
  const unfinished = new Map<string, string>()
  const known = createKnownPositions(store, key)
  /** While the first look lasts: whether the log was followed before. */
  let first: 'begun' | 'resumed' | undefined = 'resumed'
  let toldPacked = false

  const tell = (message: string) => {
    if (troubles.has(message)) return
    if (troubles.size > 100) troubles.clear()
    troubles.add(message)
    onTrouble?.(message)
  }
  const held = createHeldFiles(path, tell, wall)
  const mayBecomeWhole = ({ mtimeMs }: Stats) => Math.abs(wall() - mtimeMs) < PACKED_WITHIN_MS

  /** What a piece comes to: an archive that may become whole is neither called damaged, nor read for good. */
  const weighed = (log: OpenLog, { damage, position }: ReadLines): FilePosition => {
    if (damage === undefined) return position
    if (!mayBecomeWhole(log.stats)) {
      tell(damage)
      return position
    }
    unfinished.set(log.path, sealOf(log.stats))
    return { ...position, sealed: '' }
  }

  const deliver = async (log: OpenLog, start: FilePosition) => {
    const { path: file, inode } = log
    let position = { ...start, path: file, inode }
    for await (const piece of readOn(log, position)) {
      if (signal.aborted) return
      const next = { ...weighed(log, piece), path: file, inode }
      const stored =
        piece.lines.length > 0 && (await onLines({ lines: piece.lines, log: key, path: file, position: next }))
      if (stored === 'stored') known.note(next)
      else await known.keep(next)
      if (piece.tooLong > 0) tell(`${file}: a line longer than 1 MB was skipped near byte ${next.offset}`)
      stats.lines += piece.lines.length
      stats.bytes += next.offset - position.offset
      stats.tooLong += piece.tooLong
      position = next
    }
    if (file === path) stats.behind = Math.max(0, (log.size ?? 0) - position.offset)
  }

  /**
   * A file that cannot be read. An archive that comes later holds what was read before it was packed; one that is there at
   * the first look may not.
   */
  const noteForeign = (log: OpenLog, form: string) => {
    const isLive = log.path === path
    if (!isLive && (first === undefined || (first === 'begun' && options.from !== 'archives'))) return
    if (isLive || !toldPacked) tell(foreignText(log.path, form))
    toldPacked ||= !isLive
    if (isLive || first === 'begun') stats.foreign ??= { path: log.path, form }
  }

  const read = async (log: OpenLog) => {
    if (log.head === '') return
    if (log.compressed && known.all().some(({ sealed }) => sealed === sealOf(log.stats))) return
    if (log.foreign !== undefined) return noteForeign(log, log.foreign)
    if (stats.foreign?.path === log.path) stats.foreign = undefined
    const position = await recognise(log, known.all())
    if (position === 'shorter') return
    const start = position ?? fresh(log)
    await known.release(log.inode, start.id)
    await deliver(log, start)
  }

  const visit = async (file: string, act: (log: OpenLog) => Promise<void>) => {
    const handle = await openHandle(file, tell)
    if (!handle) return
    try {
      const log = await lookAt(file, handle)
      if (log) await act(log)
    } finally {
      await handle.close()
    }
  }

  const readUnlessSettled = async (file: string, before: Stats) => {
    const mark = sealOf(before)
    if (settled.get(file) === mark || (unfinished.get(file) === mark && mayBecomeWhole(before))) return
    unfinished.delete(file)
    await visit(file, read)
    if (wall() - before.mtimeMs > SETTLED_AFTER_MS && !unfinished.has(file)) settled.set(file, mark)
  }

  /** Remembers where to begin in a log that was never followed. */
  const begin = async (family: readonly string[]) => {
    for (const file of family) {
      const ahead = file === path ? options.from === 'end' : options.from !== 'archives'
      if (ahead) await visit(file, async (log) => known.keep(await atEnd(log)))
    }
  }

  const familyOf = async (): Promise<ReadonlyMap<string, Stats>> => {
    const family = new Map<string, Stats>()
    const files = await listFamily(path).catch((error: Error) => {
      tell(`the folder of ${path} cannot be read: ${error.message}`)
      return []
    })
    for (const file of files) {
      const stats = await stat(file).catch(() => undefined)
      if (stats?.isFile()) family.set(file, stats)
    }
    return family
  }

  /**
   * Reads what is new, once. Rejects with what `onLines` or the store rejected with: call it again later, nothing is
   * lost. A file that cannot be read is told of and does not keep the others from being read.
   */
  const scan = async (onProgress?: (progress: FollowProgress) => void): Promise<void> => {
    const family = await familyOf()
    await known.recall(
      () => {
        first = 'begun'
        return begin([...family.keys()])
      },
      fresh({ path, inode: '' }),
    )
    const inSight = new Map([...family].map(([file, stats]) => [inodeOf(stats), file]))
    await held.readOn(inSight, read)
    let filesDone = 0
    for (const [file, stats] of family) {
      if (signal.aborted) return
      onProgress?.({ path: file, filesDone, files: family.size })
      await readUnlessSettled(file, stats)
      filesDone++
    }
    const live = family.get(path)
    await held.hold(live && inodeOf(live))
    for (const marks of [settled, unfinished])
      for (const file of marks.keys()) if (!family.has(file)) marks.delete(file)
    if (stats.foreign && !family.has(stats.foreign.path)) stats.foreign = undefined
    first = undefined
    await known.prune(inSight)
  }

  return {
    path,
    scan,
    stats: (): FollowStats => ({ ...stats }),
    close: held.close,
  }
}

export type LogFollower = ReturnType<typeof createLogFollower>
