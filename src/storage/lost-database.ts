import { statSync } from 'node:fs'
import { join } from 'node:path'
import { because } from '#core/cause/cause.ts'
import { withSideFiles } from './private-file.ts'
import { moveInto, stampOf } from './set-aside.ts'
import { StorageError } from './storage-error.ts'

const MAIN = 'vigia.db'

/** What no folder holds on which nobody has ever run; the second is of a restore that was ended. */
const TRACES = ['history.db', `${MAIN}.partial`, `${MAIN}-wal`, 'secret.key'] as const

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/**
 * Throws StorageError where a folder has lost its database: an empty one in its place would forget all that people made,
 * and read the results of monitors that it does not know.
 */
export const refuseLost = (dataDir: string): undefined => {
  const path = join(dataDir, MAIN)
  if (sizeOf(path) > 0) return undefined
  const trace = TRACES.find((name) => sizeOf(join(dataDir, name)) > 0)
  if (trace === undefined) return undefined
  const exists = statSync(path, { throwIfNoEntry: false }) !== undefined
  throw new StorageError(
    'lost',
    because('store_lost', { path, state: because(exists ? 'file_empty' : 'file_missing'), trace, folder: dataDir }),
  )
}

/** Makes room for a new database where the old one is lost; where there is one, nothing is done. Returns where the rest went. */
export const giveUpLost = (dataDir: string, now: Date): string | undefined => {
  if (sizeOf(join(dataDir, MAIN)) > 0) return undefined
  const names = [...withSideFiles('history.db'), ...withSideFiles(MAIN), `${MAIN}.partial`, 'history.db.partial']
  return moveInto(dataDir, names, `before-new-${stampOf(now)}`)
}
