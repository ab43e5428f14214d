export type StorageFault =
  | 'corrupted'
  | 'full'
  | 'read_only'
  | 'cannot_open'
  | 'in_use'
  | 'newer'
  | 'unreachable'
  /** The database is gone, and what belonged to it is there. */
  | 'lost'
  /** It belongs to another installation. */
  | 'foreign'

/** The store cannot be used; the message says what is wrong, where, and the way out. */
export class StorageError extends Error {
  readonly fault: StorageFault
  constructor(fault: StorageFault, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StorageError'
    this.fault = fault
  }
}

/** True for bytes of our own that cannot be read, in a file that can. */
export const isDamage = (error: unknown): boolean => error instanceof StorageError && error.fault === 'corrupted'

/** True where SQLite itself cannot read a file. */
export const isFileDamage = (error: unknown): boolean => {
  const { errcode } = error as { errcode?: number }
  return errcode !== undefined && [11, 26].includes(errcode & 0xff)
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
      `${path} cannot be written: the disk reports an error or is full. Free some space; nothing that was acknowledged is lost.`,
  },
  11: {
    fault: 'corrupted',
    words: (path) => `${path} is damaged. Move it aside and bring back the last backup: vigia restore FOLDER.`,
  },
  13: {
    fault: 'full',
    words: (path) => `${path} cannot grow: the disk is full. Free some space; nothing that was acknowledged is lost.`,
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

/** SQLSTATE classes that pass: connection, lack of resources, intervention of an operator, serialization. */
const PASSING_STATES = /^(08|53|57|40)/
const PASSING_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

const codeOf = (error: unknown): string => {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** SQLSTATE: somebody else was first with the same key; the same transaction, begun anew, finds what he stored. */
export const isTaken = (error: unknown): boolean => codeOf(error) === '23505'

/** SQLSTATE: transactions waited for one another, and this one was ended; begun anew, it comes after the others. */
export const isDeadlock = (error: unknown): boolean => codeOf(error) === '40P01'

const LASTING: ReadonlySet<StorageFault> = new Set(['corrupted', 'newer', 'lost', 'foreign'])

/** Whether the same write may succeed later: a full disk is emptied, a database server comes back. */
export const isPassing = (error: unknown): boolean => {
  if (error instanceof StorageError) return !LASTING.has(error.fault)
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code === 'string') return PASSING_CODES.has(code) || (code.length === 5 && PASSING_STATES.test(code))
  // What the driver says of a connection that ended under a query carries no code.
  return typeof message === 'string' && /^(Connection terminated|timeout exceeded when trying to connect)/.test(message)
}
