import { because } from '#core/cause/cause.ts'
import { StorageError } from './storage-error.ts'

/** What the same statement comes through in spite of, begun anew (serialization, deadlock): the caller looks at its code. */
const RETRIED = /^40/
/** A resource is used up. */
const NO_ROOM = new Set(['53100', '58030'])
/** Only reading is allowed: a standby, or a server that its operator has closed for writes. */
const READ_ONLY = '25006'
/**
 * SQLSTATE: no connection, no such login or database at present, resources, an operator who intervened, the system
 * below, a transaction that was ended for standing still, a lock that was waited for too long
 * (postgresql.org/docs/current/errcodes-appendix.html).
 */
const REFUSALS = /^(08|28|53|57|58|25006|25P03|25P04|3D000|55P03)/
/** What the driver says of a connection that is not there, without a code. */
const LOST =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|Postgres connection has been discarded|timeout e|Query read timeout|The server does not support SSL|There was an error establishing an SSL|Received unexpected)/

const isLost = (error: unknown): boolean => {
  // Of a name with several addresses none of which answers, and of every call of the system that fails.
  if (error instanceof AggregateError) return true
  if (!(error instanceof Error)) return false
  return 'syscall' in error || LOST.test(error.message)
}

const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message
  return error instanceof Error ? error.message : String(error)
}

/**
 * Gives words to what PostgreSQL, or the way to it, refuses for a while; other errors are returned as they are. `where`
 * names the database.
 */
export const explainPostgres = (error: unknown, where: string): unknown => {
  if (error instanceof StorageError) return error
  const { code } = (error ?? {}) as { readonly code?: unknown }
  const state = typeof code === 'string' && code.length === 5 ? code : ''
  if (RETRIED.test(state) || !(REFUSALS.test(state) || isLost(error))) return error
  const facts = { where, words: messageOf(error) }
  if (state === READ_ONLY) return new StorageError('read_only', because('database_takes_no_writes', facts), error)
  if (NO_ROOM.has(state)) return new StorageError('full', because('database_full', facts), error)
  return new StorageError('unreachable', because('database_unanswered', facts), error)
}
