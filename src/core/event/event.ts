import { isObject, type JsonObject } from '#lib/json.ts'
import type { Severity } from './severity.ts'

/** An immutable fact that a rule can look at. */
export interface VigiaEvent {
  readonly id: number
  readonly type: string
  /** Who says so: `engine`, `api`, `zeek:NAME`, … */
  readonly source: string
  readonly severity: Severity
  /** Host, address or name that it is about. */
  readonly subject: string
  /** When it happened, ms. */
  readonly at: number
  /** When it reached us, ms. */
  readonly receivedAt: number
  readonly monitorId: number | null
  /** Further fields, as sent. What of an event of our own decides is read by `core/alert/alert-facts.ts`. */
  readonly data: JsonObject
}

export type NewEvent = Omit<VigiaEvent, 'id'>

/**
 * When what is told of began, ms: what the engine says of a monitor, else `otherwise`. In what others send, `since` is
 * a field of theirs, and may be anything.
 */
export const sinceOf = ({ monitorId, data }: Pick<NewEvent, 'monitorId' | 'data'>, otherwise: number): number =>
  monitorId !== null && typeof data.since === 'number' ? data.since : otherwise

/** When what an event opens began, ms: Prometheus' alerts may be older than the word that they fire. */
export const beginningOf = ({ source, at, data }: Pick<NewEvent, 'source' | 'at' | 'data'>): number =>
  source === 'alertmanager' && typeof data.since === 'number' ? data.since : at

/** The labels that an event about no monitor brings with it. */
export const labelsOf = ({ labels }: JsonObject): Readonly<Record<string, string>> =>
  isObject(labels) && Object.values(labels).every((value) => typeof value === 'string')
    ? (labels as Record<string, string>)
    : {}

/** The fields that conditions and templates find at the top level: the event's own, and those that every event has. */
export const eventFields = ({ type, severity, subject, at, data }: NewEvent): JsonObject => ({
  ...data,
  type,
  severity,
  subject,
  // Few conditions ask for it, and writing it costs more than all the rest.
  get at() {
    return new Date(at).toISOString()
  },
})

const isName = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number'

/** What kind of finding an event is: what its source names it says more than the type that all its findings have. */
export const eventKind = ({ alertname, detection_type, problem, type }: JsonObject): string =>
  // A sender may write anything there, and what is no text names nothing.
  String([alertname, detection_type, problem, type].find(isName) ?? '')
