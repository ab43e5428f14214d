import type { Monitor, State } from '#core/monitor.ts'
import { durationText } from '#lib/duration.ts'
import { iso } from '#lib/iso.ts'
import { maskSecrets } from '#storage/secret-fields.ts'
import type { TypeInfo } from '../services.ts'

/** What is known of a monitor besides what people wrote. */
export interface MonitorFacts {
  readonly target: string
  readonly state:
    | { readonly state: State; readonly since: number; readonly code: string; readonly cause: string }
    | undefined
  /** Of the last probe; null where none was measured. */
  readonly latencyMs: number | null
}

/** What a list shows of a monitor: thousands of these travel at once. */
export const monitorBrief = (monitor: Monitor, { target, state, latencyMs }: MonitorFacts) => ({
  id: monitor.id,
  name: monitor.name,
  type: monitor.type,
  target,
  state: state?.state ?? ('unknown' as State),
  since: iso(state?.since ?? null),
  cause: state && state.state !== 'up' ? state.cause : null,
  code: state && state.state !== 'up' ? state.code : null,
  latency_ms: latencyMs,
  paused: monitor.paused,
  labels: monitor.labels,
  parents: monitor.parents ?? [],
})

/** A monitor as it may leave the server: its secrets are masked. */
export const monitorView = (monitor: Monitor, facts: MonitorFacts, type: TypeInfo | undefined) => ({
  ...monitorBrief(monitor, facts),
  options: type ? maskSecrets(type.options, monitor.options) : {},
  interval: durationText(monitor.intervalMs),
  description: monitor.description ?? '',
  location: monitor.location ?? '',
  runbook: monitor.runbook ?? '',
  severity: monitor.severity,
  channels: monitor.channels,
  origin: monitor.origin ?? null,
})
