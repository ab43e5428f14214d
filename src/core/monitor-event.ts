import type { NewEvent } from './event.ts'
import type { Monitor } from './monitor.ts'
import type { Severity } from './severity.ts'
import type { Transition } from './transition.ts'

/** How bad a change of state is: the monitor says so for trouble, and a recovery carries that of what it ends. */
const severityOf = (monitor: Monitor, { from, to }: Transition): Severity => {
  const state = to === 'up' || to === 'unknown' ? from : to
  return state === 'degraded' ? monitor.degradedSeverity : monitor.severity
}

/** The event that a monitor's change of state becomes. `target` is the monitor's target for people. */
export const monitorEvent = (monitor: Monitor, transition: Transition, target: string): NewEvent => ({
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
    cause: transition.cause,
    ...transition.facts,
    labels: monitor.labels,
  },
})
