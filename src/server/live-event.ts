import type { VigiaEvent } from '#core/event/event.ts'
import type { Bus } from '#lib/run/bus.ts'

/** What happens, for whoever watches it live. */
export type Live = Bus<[kind: string, data: object]>

/** The end of time, as ECMAScript has it, ms. */
const LATEST_TIME = 8.64e15

/** What a live listener hears of an event. */
const liveEvent = ({ id, type, severity, subject, at, monitorId, data }: VigiaEvent): object => ({
  id,
  type,
  severity,
  subject,
  at: new Date(at).toISOString(),
  monitor: monitorId,
  ...(type === 'monitor_state' && {
    // Of one that flaps: where it stands at the moment.
    state: data.state_now ?? data.state,
    ...(data.state === 'flapping' && { flapping: true }),
    previous_state: data.previous_state,
    // Whoever sends such an event may write anything there; as it stands it is no time then.
    since:
      typeof data.since === 'number' && Math.abs(data.since) <= LATEST_TIME ? new Date(data.since).toISOString() : null,
    code: data.code,
    cause: data.cause,
    cause_code: data.cause_code,
    cause_facts: data.cause_facts,
  }),
})

/** Tells live listeners of stored events. */
export const publishEvents = (live: Live, events: readonly VigiaEvent[]): void => {
  for (const event of events) live.publish('event', liveEvent(event))
}
