export type StorageFault =
  | 'corrupted'
  | 'full'
  | 'read_only'
  | 'cannot_open'
  | 'in_use'
  | 'newer'
  | 'unreachable'
  /** Another process works on it, or SQLite cannot for a moment. */
  | 'busy'
  /** The database is gone, and what belonged to it is there. */
  | 'lost'
  /** It belongs to another installation. */
  | 'foreign'
  /** It would have to be sealed or opened with a key that this server does not have. */
  | 'key_missing'

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

const HELD = {
  fault: 'busy',
  words: (path: string) =>
    `${path} is held by another process, which does not let go of it. End what works on that file; what was decided waits.`,
} as const
const NOT_NOW = {
  fault: 'busy',
  words: (path: string) => `${path} cannot be written for the moment; what was decided waits.`,
} as const

/** SQLite's primary result codes that pass, or that a person can do something about (sqlite.org/rescode.html). */
const WORDS: Readonly<Record<number, { fault: StorageFault; words: (path: string) => string }>> = {
  3: {
    fault: 'read_only',
    words: (path) => `${path} cannot be written: this user has no permission. Give it write permission.`,
  },
  4: NOT_NOW,
  5: HELD,
  6: HELD,
  7: {
    fault: 'busy',
    words: (path) => `${path} cannot be written for the moment: there is not enough memory; what was decided waits.`,
  },
  8: {
    fault: 'read_only',
    words: (path) =>
      `${path} cannot be written: the file or its folder is read-only. Give this user write permission, or choose another folder with --data.`,
  },
  9: NOT_NOW,
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
  15: HELD,
  17: NOT_NOW,
  22: {
    fault: 'full',
    words: (path) => `${path} cannot grow: its file system takes no larger file.`,
  },
  26: {
    fault: 'corrupted',
    words: (path) =>
      `${path} is not a SQLite database. Move it aside and bring back the last backup: vigia restore FOLDER.`,
  },
}

/** Gives a failed call of the system on a database's files words; other errors are returned as they are. */
export const explainSystem = (error: unknown, path: string): unknown => {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined) return error
  const words = `${path} cannot be written: the disk reports an error or is full (${code}). Look at the disk, and free some space; nothing that was acknowledged is lost.`
  return new StorageError('full', words, error)
}

/** True while somebody else keeps a transaction from beginning. */
export const isBusy = (error: unknown): boolean => error instanceof StorageError && error.fault === 'busy'

/** Gives a SQLite error words; other errors are returned as they are. */
export const explainSqlite = (error: unknown, path: string): unknown => {
  const code = (error as { errcode?: number }).errcode
  const known = code === undefined ? undefined : WORDS[code & 0xff]
  return known ? new StorageError(known.fault, known.words(path), error) : error
}

/** SQLSTATE classes that pass: connection, lack of resources, intervention of an operator, serialization, locks, a standby. */
const PASSING_STATES = /^(08|40|53|57|58|25006|55P03)/
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

/** SQLSTATE of PostgreSQL: it has no room. */
const DISK_FULL = '53100'

/** What is wrong with the store, by code; undefined where an error does not say. */
export const faultOf = (error: unknown): StorageFault | undefined => {
  if (error instanceof StorageError) return error.fault
  return codeOf(error) === DISK_FULL ? 'full' : undefined
}

/** SQLSTATE: somebody else was first with the same key; the same transaction, begun anew, finds what he stored. */
export const isTaken = (error: unknown): boolean => codeOf(error) === '23505'

/** SQLSTATE: transactions waited for one another, and this one was ended; begun anew, it comes after the others. */
export const isDeadlock = (error: unknown): boolean => codeOf(error) === '40P01'

/** SQLSTATE classes: what was to be written is itself not possible, and will not be later. */
export const isOfTheValues = (error: unknown): boolean => /^2[23]...$/.test(codeOf(error))

const LASTING: ReadonlySet<StorageFault> = new Set(['corrupted', 'newer', 'lost', 'foreign', 'key_missing'])

/** Whether the same write may succeed later: a full disk is emptied, a database server comes back. */
export const isPassing = (error: unknown): boolean => {
  if (error instanceof StorageError) return !LASTING.has(error.fault)
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code === 'string') return PASSING_CODES.has(code) || (code.length === 5 && PASSING_STATES.test(code))
  // What the driver says of a connection that ended under a query carries no code.
  return typeof message === 'string' && /^(Connection terminated|timeout exceeded when trying to connect)/.test(message)
}
