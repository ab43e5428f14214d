export type StorageFault = 'corrupted' | 'full' | 'read_only' | 'cannot_open' | 'in_use' | 'newer' | 'unreachable'

/** The store cannot be used; the message says what is wrong, where, and the way out. */
export class StorageError extends Error {
  readonly fault: StorageFault
  constructor(fault: StorageFault, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StorageError'
    this.fault = fault
  }
}

/** SQLite's primary result codes that a person can do something about. */
const WORDS: Readonly<Record<number, { fault: StorageFault; words: (path: string) => string }>> = {
  8: {
    fault: 'read_only',
    words: (path) =>
      `${path} cannot be written: the file or its folder is read-only. Give this user write permission, or choose another folder with --data.`,
  },
  10: {
    fault: 'full',
    words: (path) =>
      `${path} cannot be written: the disk reports an error or is full. Free some space, then start again; nothing that was acknowledged is lost.`,
  },
  11: {
    fault: 'corrupted',
    words: (path) => `${path} is damaged. Move it aside and bring back the last backup: vigia restore FOLDER.`,
  },
  13: {
    fault: 'full',
    words: (path) =>
      `${path} cannot grow: the disk is full. Free some space, then start again; nothing that was acknowledged is lost.`,
  },
  14: {
    fault: 'cannot_open',
    words: (path) =>
      `${path} cannot be opened. Check that its folder exists and that this user may write there, or choose another with --data.`,
  },
  26: {
    fault: 'corrupted',
    words: (path) =>
      `${path} is not a SQLite database. Move it aside and bring back the last backup: vigia restore FOLDER.`,
  },
}

/** Gives a SQLite error words; other errors are returned as they are. */
export const explainSqlite = (error: unknown, path: string): unknown => {
  const code = (error as { errcode?: number }).errcode
  const known = code === undefined ? undefined : WORDS[code & 0xff]
  return known ? new StorageError(known.fault, known.words(path), error) : error
}
