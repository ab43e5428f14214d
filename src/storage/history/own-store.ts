import { basename } from 'node:path'
import { because, type Cause } from '#core/cause/cause.ts'
import { asideOf, setAside } from '../set-aside.ts'
import { isFileDamage, StorageError } from '../storage-error.ts'
import { type HistoryStore, openHistoryStore } from './store.ts'

export interface OwnStore {
  readonly store: HistoryStore
  /** What was set aside for it; undefined where nothing was. */
  readonly aside: Cause | undefined
}

/** A disk that damages one file after the other must not be filled with them. */
const MOST_ASIDE = 5

const reasonOf = (error: unknown): 'damaged' | 'other' | undefined => {
  if (isFileDamage(error)) return 'damaged'
  return error instanceof StorageError && error.fault === 'foreign' ? 'other' : undefined
}

const CODES = { damaged: 'history_damaged', other: 'history_foreign' } as const

/** Sets the file aside where it is damaged or not this installation's, and opens a new one; throws what else it is. */
const replace = (path: string, installation: string, error: unknown, now: Date): OwnStore => {
  const why = reasonOf(error)
  if (why === undefined || asideOf(path, why).length >= MOST_ASIDE) throw error
  const aside = because(CODES[why], { file: basename(path), aside: basename(setAside(path, why, now)) })
  return { store: openHistoryStore(path, undefined, installation), aside }
}

/**
 * Opens the history of an installation. What cannot be read, and what others have written, is set aside whole: watching
 * goes on, with graphs that begin anew. Throws what `openHistoryStore` throws otherwise.
 */
export const openOwnStore = (path: string, installation: string, now: Date): OwnStore => {
  try {
    return { store: openHistoryStore(path, undefined, installation), aside: undefined }
  } catch (error) {
    return replace(path, installation, error, now)
  }
}

/** Takes a store whose file turned out to be damaged out of use; throws the error where it is another one. */
export const replaceStore = (
  { close }: HistoryStore,
  path: string,
  installation: string,
  error: unknown,
  now: Date,
): OwnStore => {
  if (reasonOf(error) === undefined) throw error
  try {
    close()
  } catch {
    // It is damaged: whether it closes well does not matter any more.
  }
  return replace(path, installation, error, now)
}
