import type { Alert } from '#core/alert/alert.ts'
import { causeOf } from '#core/alert/alert-facts.ts'
import type { VigiaEvent } from '#core/event/event.ts'
import type { Severity } from '#core/event/severity.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { fold } from '#lib/text/fold.ts'

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  LOW: 'low baja',
  MEDIUM: 'medium media',
  HIGH: 'high alta',
  CRITICAL: 'critical critica',
}

const made = new WeakMap<Monitor, string>()

/** What a monitor is found by: name, target, type, place, description, and `label=value` of each label. Made once. */
export const monitorHaystack = (monitor: Monitor, target: string): string => {
  let text = made.get(monitor)
  if (text === undefined) {
    const labels = Object.entries(monitor.labels).map(([name, value]) => `${name}=${value}`)
    const { name, type, location = '', description = '' } = monitor
    text = fold([name, target, type, location, description, ...labels].join('\n'))
    made.set(monitor, text)
  }
  return text
}

/** What an alert is found by: its subject, severity, cause, who has it, and its own fields; `monitor` is its monitor's. */
export const alertHaystack = (alert: Alert, monitor = ''): string =>
  `${monitor}\n${fold(
    [
      alert.subject,
      SEVERITY_WORDS[alert.severity],
      causeOf(alert).cause ?? '',
      alert.facts.event_type ?? '',
      alert.acknowledgedBy ?? '',
      alert.acknowledgeNote ?? '',
      JSON.stringify(alert.data),
    ].join('\n'),
  )}`

/** What an event is found by: its subject, type, severity, source, and whatever it says. */
export const eventHaystack = ({ subject, type, source, severity, data }: VigiaEvent): string =>
  fold([subject, type, source, SEVERITY_WORDS[severity], JSON.stringify(data)].join('\n'))
