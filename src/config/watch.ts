import { type FSWatcher, statSync, unwatchFile, watch, watchFile } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Timer, Timers } from '#lib/time/timers.ts'

/** An editor's save is several events; the reload follows when they have ended. */
const SETTLE_MS = 150
/** For file systems that report nothing. */
const POLL_MS = 5000

/** What tells one content of a file from another, without reading it. */
export const fingerprint = (path: string): string => {
  try {
    const { mtimeMs, size, ino } = statSync(path)
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    return ''
  }
}

/**
 * Calls `onChange` when the content of a file may have changed, once per save, also when an editor puts a new file in
 * its place. A file that is gone for a moment is not a change. `read` is the fingerprint of what was read last, so that
 * a change between that and now counts.
 */
export const watchConfig = (
  path: string,
  read: string,
  onChange: () => void,
  signal: AbortSignal,
  timers: Timers,
): void => {
  let last = read
  let timer: Timer | undefined
  const look = () => {
    timers.clear(timer)
    timer = timers.after(SETTLE_MS, () => {
      const now = fingerprint(path)
      if (now === '' || now === last) return
      last = now
      onChange()
    })
  }
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(dirname(path), (_event, name) => {
      if (name === null || name === basename(path)) look()
    })
    watcher.on('error', () => watcher?.close())
  } catch {
    // The poll below stays.
  }
  watchFile(path, { interval: POLL_MS }, look)
  look()
  signal.addEventListener('abort', () => {
    timers.clear(timer)
    watcher?.close()
    unwatchFile(path, look)
  })
}
