import { causeFields } from '../cause/cause-fields.ts'
import type { NewEvent } from '../event/event.ts'
import type { Severity } from '../event/severity.ts'
import type { Monitor } from './monitor.ts'
import { type LastHop, lastHopText } from './path.ts'
import type { Transition, WordedTransition } from './transition.ts'

/** How bad a change of state is: the monitor says so for trouble, and a recovery carries that of what it ends. */
const severityOf = (monitor: Monitor, { from, to }: Transition): Severity => {
  const state = to === 'up' || to === 'unknown' ? from : to
  return state === 'degraded' ? monitor.degradedSeverity : monitor.severity
}

/** That a monitor flaps: `began` with this change, or `goes_on`. */
export interface Flapping {
  readonly stage: 'began' | 'goes_on'
  readonly since: number
  readonly changes: number
}

/** The event that a monitor's change of state becomes while it flaps: one episode, whatever the state is. */
export const flappingEvent = (event: NewEvent, { stage, since, changes }: Flapping): NewEvent => ({
  ...event,
  data: { ...event.data, state: 'flapping', state_now: event.data.state!, flapping: stage, since, changes },
})

/** The state that flapping ended in, since when, and why it is so. */
export interface Calm extends Pick<WordedTransition, 'code' | 'cause' | 'sentence' | 'since'> {
  readonly state: 'up' | 'degraded' | 'down'
  readonly at: number
}

/** The event that ends flapping: the state that it ended in. */
export const calmEvent = (
  monitor: Monitor,
  target: string,
  { state, at, since, code, cause, sentence }: Calm,
): NewEvent => ({
  type: 'monitor_state',
  source: 'engine',
  severity: state === 'degraded' ? monitor.degradedSeverity : monitor.severity,
  subject: monitor.name,
  at,
  receivedAt: at,
  monitorId: monitor.id,
  data: {
    monitor: monitor.name,
    target,
    state,
    previous_state: 'flapping',
    since,
    code,
    ...causeFields(sentence, cause),
    labels: monitor.labels,
  },
})

/** Where it broke, as an event's fields say it. */
const lastHopFields = (lastHop: LastHop | undefined) => {
  if (!lastHop) return {}
  if (lastHop.reached) return { answers_ping: true }
  const { name, changed } = lastHop
  return {
    last_hop: lastHopText(lastHop),
    ...(name !== undefined && { last_hop_monitor: name }),
    ...(changed !== undefined && { path_changed: changed }),
  }
}

/** The event that a monitor's change of state becomes. `target` is the monitor's target for people. */
export const monitorEvent = (monitor: Monitor, transition: WordedTransition, target: string): NewEvent => {
  const { lastHop, latencyMs, ...facts } = transition.facts
  return {
    type: 'monitor_state',
    source: 'engine',
    severity: severityOf(monitor, transition),
    subject: monitor.name,
    at: transition.at,
    receivedAt: transition.at,
    monitorId: monitor.id,
    data: {
      monitor: monitor.name,
      target,
      state: transition.to,
      previous_state: transition.from,
      since: transition.since,
      ...(transition.to === 'up' && { duration_ms: Math.max(0, transition.since - transition.previousSince) }),
      code: transition.code,
      ...causeFields(transition.sentence, transition.cause),
      ...facts,
      ...(latencyMs !== undefined && { latency_ms: latencyMs }),
      ...lastHopFields(lastHop),
      labels: monitor.labels,
    },
  }
}
