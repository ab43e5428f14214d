import type { JsonObject } from '#lib/json.ts'
import type { Cause } from '../cause/cause.ts'
import { type CauseFields, codeFields, storedCause } from '../cause/cause-fields.ts'
import type { NewEvent } from '../event/event.ts'
import { PROMETHEUS_SOURCE } from '../event/prometheus-alert.ts'
import { isReserved } from '../event/reserved-events.ts'
import type { QualityFacts } from '../monitor/quality-facts.ts'

/** From when to when nobody looked at a monitor, ms; the last one of a list may be open. */
export type Stretch = readonly [from: number] | readonly [from: number, to: number]

/**
 * What the server itself says of an alert, and decides by: apart from `data`, where a sender may have written anything
 * under the same names. The names are those by which the API, messages and templates know these fields. Times in ms.
 */
export interface AlertFacts extends Partial<QualityFacts> {
  /** Type of the event that it was opened or changed by last; absent of some that an older version opened. */
  readonly event_type?: string
  /** Who ended it by hand. */
  readonly closed_by?: string
  /** When nobody looked at its monitor. */
  readonly unwatched?: readonly Stretch[]
  /** The channel that could not deliver, by id. */
  readonly channel_id?: number
  /** Since when it is what is told, which may be later than the trouble. */
  readonly since?: number
  /** One English sentence, and what it is made of; an older version knew the sentence alone. */
  readonly cause?: string
  readonly cause_code?: string
  readonly cause_facts?: JsonObject
  /** Stable code of the cause. */
  readonly code?: string
  readonly monitor?: string
  /** What its monitor looks at, for people. */
  readonly target?: string
  /** Of its monitor: `down`, `degraded`, or `flapping`. */
  readonly state?: string
  readonly previous_state?: string
  /** Of one that flaps: where it stood at the last change. */
  readonly state_now?: string
  readonly flapping?: string
  readonly changes?: number
  readonly attempts?: number
  /** Where it broke; see the fields of a message. */
  readonly last_hop?: string
  readonly last_hop_monitor?: string
  readonly path_changed?: boolean
  readonly answers_ping?: boolean
}

/** What an event of the server's own may say, with the type of each. */
const OWN_FIELDS = {
  channel_id: 'number',
  since: 'number',
  cause: 'string',
  cause_code: 'string',
  cause_facts: 'object',
  code: 'string',
  monitor: 'string',
  target: 'string',
  state: 'string',
  previous_state: 'string',
  state_now: 'string',
  flapping: 'string',
  changes: 'number',
  attempts: 'number',
  last_hop: 'string',
  last_hop_monitor: 'string',
  path_changed: 'boolean',
  answers_ping: 'boolean',
  loss: 'number',
  rtt_p95: 'number',
  jitter: 'number',
  packets_sent: 'number',
  packets_lost: 'number',
  over_ms: 'number',
} as const satisfies Omit<Record<keyof AlertFacts, string>, 'event_type' | 'closed_by' | 'unwatched'>

type EventContent = Pick<NewEvent, 'type' | 'source' | 'monitorId' | 'data'>

/** True for an event that the server itself makes: nobody else may hand in one of its type, nor one about a monitor. */
const isOurs = ({ type, monitorId }: EventContent): boolean => monitorId !== null || isReserved(type)

/**
 * An event's content in two parts: what the server says in it, and what its sender wrote. Of a sender's event only the
 * type is ours, and of an alert of Prometheus since when it fires, which was checked when it came.
 */
export const partsOf = (event: EventContent): Known => {
  const { type, source, data } = event
  if (!isOurs(event)) {
    const since = source === PROMETHEUS_SOURCE && typeof data.since === 'number' ? data.since : undefined
    return { facts: { event_type: type, ...(since !== undefined && { since }) }, data }
  }
  const facts: Record<string, unknown> = { event_type: type }
  const rest: Record<string, JsonObject[string]> = {}
  for (const [name, value] of Object.entries(data)) {
    const isFact = Object.hasOwn(OWN_FIELDS, name) && typeof value === OWN_FIELDS[name as keyof typeof OWN_FIELDS]
    if (isFact) facts[name] = value
    else rest[name] = value
  }
  return { facts: facts as AlertFacts, data: rest }
}

/** What is known of an alert, by who says it. */
interface Known {
  readonly facts: AlertFacts
  readonly data: JsonObject
}

/** All that is known of an alert, as the API and messages show it: the server's own word stands before a sender's. */
export const shownData = ({ facts, data }: Known): JsonObject => ({ ...data, ...facts }) as JsonObject

/**
 * What is known by now, of what was known before and what is said: code and facts go with the sentence that they stand
 * beside, and are not left behind beside another.
 */
export const laterFacts = (before: AlertFacts, said: AlertFacts): AlertFacts => {
  if (said.cause === undefined) return { ...before, ...said }
  const { cause_code: _, cause_facts: __, ...kept } = before
  return { ...kept, ...said }
}

/**
 * Why it is so: what the server says, else the sentence that the sender does. What a sender calls a code is a word of
 * his own, and stands for no cause of ours.
 */
export const causeOf = ({ facts, data }: Known): CauseFields => {
  const cause = facts.cause ?? data.cause
  if (typeof cause !== 'string' || cause === '') return { cause: null }
  return { cause, ...codeFields(storedCause(facts.cause_code, facts.cause_facts as Cause['facts'] | undefined)) }
}
