import { DETECTION_FIELD, detectionName } from '#core/event/detection.ts'
import type { NewEvent } from '#core/event/event.ts'
import { ML_PREDICTION, readPrediction } from '#core/event/prediction.ts'
import { reservedReason } from '#core/event/reserved-events.ts'
import { SEVERITIES, type Severity } from '#core/event/severity.ts'
import { isObject, type Json, type JsonObject } from '#lib/json.ts'
import type { Fault } from '../problem.ts'

const LONGEST_TYPE = 100
const LONGEST_SUBJECT = 300
const DEEPEST = 32
/** Clocks differ; an event from further ahead than this has a wrong date. */
const FUTURE_MS = 24 * 3_600_000

/** True when a value nests deeper than `limit`; looks at each part once, and recurses no further than that. */
const tooDeep = (value: unknown, limit: number): boolean => {
  if (typeof value !== 'object' || value === null) return false
  for (const key in value) {
    if (limit <= 0) return true
    const inner = (value as Record<string, unknown>)[key]
    if (typeof inner === 'object' && inner !== null && tooDeep(inner, limit - 1)) return true
  }
  return false
}

const timeOf = (value: unknown, now: number): number | undefined => {
  if (value === undefined) return now
  const at = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN
  return at >= 0 && at <= now + FUTURE_MS ? Math.round(at) : undefined
}

/** NUL is refused because PostgreSQL stores no such text; inside of further fields it stands escaped in JSON. */
const isText = (value: unknown, longest = Number.POSITIVE_INFINITY): value is string =>
  typeof value === 'string' && value !== '' && value.length <= longest && !value.includes('\0')

const mustBeText = (longest: number): string => `must be text of 1 to ${longest} characters without NUL`

const text = (value: unknown): string | undefined => (isText(value) ? value : undefined)

/**
 * Reads one event as it was sent: `type` is required; severity is LOW, the subject `ip`, else `host`, else the type,
 * and the time now where they are not said. Further fields stay as they are, but for older names of detections
 * and what a prediction leaves to be completed. Returns what is wrong otherwise.
 */
export const readEvent = (sent: unknown, path: string, now: number): NewEvent | Fault => {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`)
  if (!isObject(sent)) return { path, message: 'must be an event: an object with at least a type' }
  const { type, severity = 'LOW', subject, at: time, ...data } = sent
  if (!isText(type, LONGEST_TYPE)) return { path: at('type'), message: mustBeText(LONGEST_TYPE) }
  if (!SEVERITIES.includes(severity as Severity))
    return { path: at('severity'), message: `must be one of ${SEVERITIES.join(', ')}` }
  if (subject !== undefined && !isText(subject, LONGEST_SUBJECT))
    return { path: at('subject'), message: mustBeText(LONGEST_SUBJECT) }
  const happened = timeOf(time, now)
  if (happened === undefined)
    return { path: at('at'), message: 'must be a time: ISO 8601, or milliseconds since 1970, not in the future' }
  if (tooDeep(data, DEEPEST)) return { path, message: `nests deeper than ${DEEPEST} levels` }
  const read =
    type === ML_PREDICTION
      ? readPrediction(data as JsonObject, sent.severity as Severity | undefined)
      : { data: data as JsonObject, severity: severity as Severity }
  if ('message' in read) return { path: at(read.path), message: read.message }
  return {
    type,
    source: 'api',
    severity: read.severity,
    subject: (subject ?? text(data.ip) ?? text(data.host) ?? type).slice(0, LONGEST_SUBJECT),
    at: happened,
    receivedAt: now,
    monitorId: null,
    data:
      DETECTION_FIELD in data
        ? { ...read.data, [DETECTION_FIELD]: detectionName(data[DETECTION_FIELD]) as Json }
        : read.data,
  }
}

export const isFault = (value: NewEvent | Fault): value is Fault => 'message' in value && !('receivedAt' in value)

/** The same of what somebody hands in: types that the server alone makes are refused. */
export const readSent = (sent: unknown, path: string, now: number): NewEvent | Fault => {
  const event = readEvent(sent, path, now)
  const reserved = isFault(event) ? undefined : reservedReason(event.type)
  return reserved === undefined ? event : { path: path === '' ? 'type' : `${path}.type`, message: reserved }
}
