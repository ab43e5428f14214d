import type { FileHandle } from 'node:fs/promises'
import { inodeOf, lookAt, type OpenLog, openHandle } from './open-log.ts'

interface Held {
  readonly handle: FileHandle
  readonly inode: string
  /** When it went out of sight, ms; undefined while it is the live file. */
  gone: number | undefined
}

/** A live file that was moved out of sight is read on for so long: its writer may still hold it. */
const LINGER_MS = 30_000

/** Keeps the live file of a log open, so that it can be read to its end wherever rotation moves it to. */
export const createHeldFiles = (path: string, tell: (message: string) => void, now: () => number) => {
  let held: Held[] = []

  return {
    /** Opens the live file, unless it is open already; undefined: there is none. */
    hold: async (live: string | undefined) => {
      if (live === undefined || held.some(({ inode }) => inode === live)) return
      const handle = await openHandle(path, tell)
      if (!handle) return
      const stats = await handle.stat()
      const inode = inodeOf(stats)
      if (stats.isFile() && !held.some((one) => one.inode === inode)) held.push({ handle, inode, gone: undefined })
      else await handle.close()
    },

    /**
     * Reads on in live files that rotation moved to where we do not look, and lets go of those that it left in sight;
     * `inSight` are paths by inode.
     */
    readOn: async (inSight: ReadonlyMap<string, string>, read: (log: OpenLog) => Promise<void>) => {
      const kept: Held[] = []
      for (const one of held) {
        const place = inSight.get(one.inode)
        if (place !== path) one.gone ??= now()
        if (place === undefined) {
          const log = await lookAt(path, one.handle)
          if (log) await read(log)
        }
        const over = one.gone !== undefined && (place !== undefined || now() - one.gone > LINGER_MS)
        if (over) await one.handle.close()
        else kept.push(one)
      }
      held = kept
    },

    close: async () => {
      for (const { handle } of held) await handle.close()
      held = []
    },
  }
}
