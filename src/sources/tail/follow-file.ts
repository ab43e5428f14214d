import { type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'
import type { Timers } from '#lib/time/timers.ts'
import { type FindOptions, findLiveLogs, type NoLogs } from './find-live-logs.ts'
import {
  createLogFollower,
  type FollowOptions,
  type FollowProgress,
  type FollowStats,
  type LogFollower,
} from './follow-log.ts'

export interface FollowFileOptions extends FollowOptions, FindOptions {
  readonly timers: Pick<Timers, 'pause'>
  /** A path, or a pattern with `*`, `?`, `[…]` or `**`, each of whose logs is followed by itself. */
  readonly path: string
  /** Hears that it names no log now, and why; undefined: it does. When that changes. */
  readonly onNone?: ((none: NoLogs | undefined) => void) | undefined
  /** How often to look without having been woken, ms. */
  readonly pollMs?: number
  readonly onProgress?: ((progress: FollowProgress) => void) | undefined
  /** Reads all logs at once, each within this, instead of one after the other: they may wait for one another. */
  readonly together?: ((log: string, read: () => Promise<void>) => Promise<void>) | undefined
}

export interface Following {
  /** Reads what is there now; resolves when it has been taken in. */
  readNow(): Promise<void>
  /** By log. */
  stats(): ReadonlyMap<string, FollowStats>
  /** Resolves after `signal` was aborted and the last batch was taken in. */
  readonly ended: Promise<void>
}

const POLL_MS = 1000
const GATHER_MS = 50
/** Wait after a failure; doubles up to the longest. */
const RETRY_MS = 1000
const LONGEST_RETRY_MS = 30_000
/** Wakes on changes in folders, where the system can; a folder that appears later is tried again. */
const createWatches = (wake: () => void) => {
  const watchers = new Map<string, FSWatcher>()
  const drop = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  return {
    watch: (folder: string) => {
      if (watchers.has(folder)) return
      try {
        const watcher = watch(folder, { persistent: false }, wake)
        watcher.on('error', () => drop(folder))
        watchers.set(folder, watcher)
      } catch {
        // No such folder yet, or no more watches: looking from time to time remains.
      }
    },
    close: () => {
      for (const folder of [...watchers.keys()]) drop(folder)
    },
  }
}

/**
 * Follows log files until `signal` is aborted. Loses no line and repeats none over rotation by renaming, copying and
 * truncating, or compressing, and over restarts, as long as the rotated files stand beside the live one until they have
 * been read. What a writer adds between the copy and the truncation of a copytruncate is lost by the rotation itself,
 * unless it was read in between. Memory is bounded by the longest line (1 MB), not by the files.
 */
export const followFile = (options: FollowFileOptions): Following => {
  const { path, signal, timers, onProgress, onTrouble, pollMs = POLL_MS } = options
  const logs = new Map<string, LogFollower>()
  let running: Promise<void> = Promise.resolve()
  /** Ends the sleep that may be woken; `changed` keeps a change that came while awake. */
  let wake = () => {}
  let changed = false
  const watches = createWatches(() => {
    changed = true
    wake()
  })

  let lastNone: NoLogs | undefined
  /** A folder that was not there yet was taken for a file. */
  const forgetFolder = async (folder: string) => {
    const follower = logs.get(folder)
    if (!follower || follower.stats().lines > 0) return
    logs.delete(folder)
    await follower.close()
  }

  const findLogs = async () => {
    const { logs: found, none } = await findLiveLogs(path, options)
    if (none !== lastNone) options.onNone?.(none)
    lastNone = none
    if (!found.includes(path)) await forgetFolder(path)
    if (none === 'empty_folder') watches.watch(path)
    return found
  }

  const scanAll = async () => {
    for (const log of await findLogs()) {
      if (!logs.has(log)) logs.set(log, createLogFollower(log, options))
      watches.watch(dirname(log))
    }
    const { together } = options
    let failure: unknown
    // One that fails does not keep the others from being read.
    const noteFailure = (error: unknown) => {
      failure ??= error
    }
    const scan = (follower: LogFollower) => (signal.aborted ? Promise.resolve() : follower.scan(onProgress))
    if (together)
      await Promise.all([...logs].map(([log, follower]) => together(log, () => scan(follower)).catch(noteFailure)))
    else for (const follower of logs.values()) await scan(follower).catch(noteFailure)
    if (failure !== undefined) throw failure
  }

  const readNow = (): Promise<void> => {
    const next = running.then(scanAll)
    running = next.catch(() => {})
    return next
  }

  const pause = (ms: number) => timers.pause(ms, { signal, ref: false })

  /** Waits for a change, or for the time to look without one. */
  const change = () =>
    new Promise<void>((resolve) => {
      if (signal.aborted || changed) return resolve()
      wake = resolve
      void pause(pollMs).then(resolve)
    })

  const run = async () => {
    let retryMs = RETRY_MS
    let said = ''
    while (!signal.aborted) {
      changed = false
      try {
        await readNow()
        retryMs = RETRY_MS
        said = ''
        await change()
        // What is written in quick succession is read together.
        await pause(GATHER_MS)
      } catch (error) {
        const message = `${path}: what was read could not be taken in: ${(error as Error).message}. It is tried again.`
        if (message !== said) onTrouble?.(message)
        said = message
        await pause(retryMs)
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
      }
    }
    await running
    watches.close()
    for (const follower of logs.values()) await follower.close()
  }

  return {
    readNow,
    stats: () => new Map([...logs].map(([log, follower]) => [log, follower.stats()])),
    ended: run(),
  }
}
