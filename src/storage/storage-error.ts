import { because, type Cause } from '#core/cause/cause.ts'
import { OPENING_WORDS } from '#core/cause/opening-causes.ts'
import { sayCause } from '#core/cause/say-cause.ts'
import { STORE_WORDS, type StoreCauses } from '#core/cause/store-causes.ts'

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

const inWords = (said: Cause): string =>
  sayCause({ ...STORE_WORDS, ...OPENING_WORDS, as_said: '{words}' }, said) ?? said.code

/** The store cannot be used; `said`, and the message in English, say what is wrong, where, and the way out. */
export class StorageError extends Error {
  readonly fault: StorageFault
  readonly said: Cause
  /** `what`: why, as a cause, or as somebody else said it. */
  constructor(fault: StorageFault, what: string | Cause, cause?: unknown) {
    const said = typeof what === 'string' ? because('as_said', { words: what }) : what
    super(inWords(said), { cause })
    this.name = 'StorageError'
    this.fault = fault
    this.said = said
  }
}

/** Why a store refuses, as a code; what has none is said as the driver says it. */
export const causeOfRefusal = (error: unknown): Cause =>
  error instanceof StorageError ? error.said : because('as_said', { words: (error as Error).message })

/** True for bytes of our own that cannot be read, in a file that can. */
export const isDamage = (error: unknown): boolean => error instanceof StorageError && error.fault === 'corrupted'

/** True where SQLite itself cannot read a file. */
export const isFileDamage = (error: unknown): boolean => {
  const { errcode } = error as { errcode?: number }
  return errcode !== undefined && [11, 26].includes(errcode & 0xff)
}

/** What is said of a file. */
type FileCode = {
  readonly [Code in keyof StoreCauses]: [StoreCauses[Code]] extends ['path'] ? Code : never
}[keyof StoreCauses]

/** SQLite's primary result codes that pass, or that a person can do something about (sqlite.org/rescode.html). */
const KNOWN: Readonly<Record<number, readonly [fault: StorageFault, code: FileCode]>> = {
  3: ['read_only', 'store_no_permission'],
  4: ['busy', 'store_not_now'],
  5: ['busy', 'store_held'],
  6: ['busy', 'store_held'],
  7: ['busy', 'store_no_memory'],
  8: ['read_only', 'store_read_only'],
  9: ['busy', 'store_not_now'],
  10: ['full', 'store_disk_error'],
  11: ['corrupted', 'store_damaged'],
  13: ['full', 'store_disk_full'],
  14: ['cannot_open', 'store_not_opened'],
  15: ['busy', 'store_held'],
  17: ['busy', 'store_not_now'],
  22: ['full', 'store_file_too_large'],
  26: ['corrupted', 'store_no_database'],
}

/** Gives a failed call of the system on a database's files words; other errors are returned as they are. */
export const explainSystem = (error: unknown, path: string): unknown => {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined) return error
  return new StorageError('full', because('store_disk_error_saying', { path, error: code ?? syscall }), error)
}

/** True while somebody else keeps a transaction from beginning. */
export const isBusy = (error: unknown): boolean => error instanceof StorageError && error.fault === 'busy'

/** Gives a SQLite error words; other errors are returned as they are. */
export const explainSqlite = (error: unknown, path: string): unknown => {
  const { errcode } = error as { errcode?: number }
  const known = errcode === undefined ? undefined : KNOWN[errcode & 0xff]
  if (known === undefined) return error
  const [fault, code] = known
  return new StorageError(fault, because(code, { path }), error)
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
