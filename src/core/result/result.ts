import type { Cause } from '../cause/cause.ts'
import type { Found, StepFacts, StepName } from './found.ts'

/**
 * Why a probe failed: a closed set, stored as its index, so the order is part of the history format. Append only.
 * What it means in short, for people, stands in `templates/texts` under the same code; why exactly says the cause beside it.
 */
export const ERROR_CODES = [
  'ok',
  'timeout',
  'refused',
  'unreachable',
  'dns_not_found',
  'dns_failed',
  'reset',
  'tls_invalid',
  'tls_expired',
  'tls_expiring',
  'tls_name_mismatch',
  'tls_handshake',
  'status_mismatch',
  'keyword_missing',
  'keyword_present',
  'json_mismatch',
  'answer_mismatch',
  'too_many_redirects',
  'protocol_error',
  'body_too_large',
  'push_missing',
  'push_reported_down',
  'packet_loss',
  'time_exceeded',
  'no_route',
  'bad_address',
  // From here to witnesses_down the fault is ours: the probe could not look, so nothing is known about the target.
  'no_permission',
  'no_descriptors',
  'local_loss',
  'local_network_down',
  'not_running',
  'late',
  'internal',
  'witnesses_down',
  // Of a target that answers, but poorly.
  'slow',
  'jitter',
  // Ours too, and about nobody but who looks names up: no address of the target is known.
  'resolver_silent',
  // Ours as well: its secrets cannot be opened, so it is not looked at.
  'key_missing',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

const FIRST_OWN_FAULT = ERROR_CODES.indexOf('no_permission')
const LAST_OWN_FAULT = ERROR_CODES.indexOf('witnesses_down')
const INDEX_OF: ReadonlyMap<string, number> = new Map(ERROR_CODES.map((code, index) => [code, index]))

/** Index of a code in `ERROR_CODES`, as it is stored; 0 is "ok". */
export const errorIndex = (code: ErrorCode): number => INDEX_OF.get(code)!

/** True when the code says that this server could not look, so the result is inconclusive, not a failure. */
export const isOwnFault = (code: ErrorCode): boolean => {
  const index = INDEX_OF.get(code)!
  return (index >= FIRST_OWN_FAULT && index <= LAST_OWN_FAULT) || code === 'resolver_silent' || code === 'key_missing'
}

export interface ProbeError {
  readonly code: ErrorCode
  /** Why, with the facts. Never holds a secret. */
  readonly cause: Cause
}

/** Numbers that every result may carry; each a duration in milliseconds except `loss` (0 to 1) and dates. */
export interface ResultMetrics {
  readonly loss?: number
  readonly min?: number
  readonly median?: number
  readonly max?: number
  readonly p95?: number
  readonly jitter?: number
  /** Packets of the round, and their times in order of sending, NaN where one was lost: to be read at once. */
  readonly sent?: number
  readonly rtts?: ArrayLike<number>
  /** When the certificate that was shown ends, ms since the epoch; known of the last result only. */
  readonly certificateEnds?: number
}

/** One timed step of a probe, for `vigia check` and "check now". */
export interface ProbeStep extends StepFacts {
  readonly name: StepName
  readonly ms: number
}

/** What one look at a target found. Expected failure is a value here, never an exception. */
export interface ProbeOutcome {
  readonly ok: boolean
  readonly latencyMs?: number
  readonly error?: ProbeError
  readonly metrics?: ResultMetrics
  readonly facts?: Found
  readonly steps?: readonly ProbeStep[]
}

export type Verdict = 'ok' | 'failed' | 'unknown'

/** How the state machine reads an outcome. */
export const verdictOf = (ok: boolean, code: ErrorCode | undefined): Verdict =>
  ok ? 'ok' : code !== undefined && isOwnFault(code) ? 'unknown' : 'failed'
