import { isDeepStrictEqual } from 'node:util'
import type { MonitorSpec } from '#core/monitor/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import { entryOf } from '../monitor-entry.ts'
import type { MonitorEntry } from '../monitor-schema.ts'
import { BUILT_IN } from '../presets.ts'

/** Keys that can be left out one by one where they say what holds anyhow. */
const EACH = [
  'interval',
  'failures',
  'successes',
  'reset_failures',
  'severity',
  'degraded_severity',
  'notify_recovery',
] as const

/** What holds for a time-out that nobody set. */
const ownTimeout = ({ intervalMs, options }: MonitorSpec, type: ProbeType): number =>
  Math.max(50, Math.min(type.defaultTimeoutMs, intervalMs - (type.roundMs?.(options as never) ?? 0)))

/** What a file would say of a monitor, without what holds where nothing is said. */
export const briefMonitorOf = (monitor: MonitorSpec, type: ProbeType | undefined): MonitorEntry => {
  const entry: { -readonly [Key in keyof MonitorEntry]: MonitorEntry[Key] } = entryOf(monitor)
  for (const key of EACH) if (entry[key] === durationOrSame(BUILT_IN[key])) delete entry[key]
  if (type && monitor.timeoutMs === ownTimeout(monitor, type)) delete entry.timeout
  // One of them alone means something for the other.
  const { retry_interval: retry, recovery_interval: recovery } = entry
  if (retry === BUILT_IN.retry_interval && recovery === BUILT_IN.recovery_interval) {
    delete entry.retry_interval
    delete entry.recovery_interval
  }
  const silent = monitor.severity === 'LOW' ? 0 : BUILT_IN.reminder
  if (isDeepStrictEqual(entry.reminder, silent)) delete entry.reminder
  if (monitor.parents?.length === 1) entry.parents = [...monitor.parents[0]!]
  if (Object.keys(entry.labels ?? {}).length === 0) delete entry.labels
  if (Object.keys(entry.options ?? {}).length === 0) delete entry.options
  return entry
}

/** As `entryOf` writes it: `60s` is `1m`. */
const durationOrSame = (value: unknown): unknown => (value === '60s' ? '1m' : value)
