import type { DegradedThresholds, MonitorSpec, QualityBounds, Threshold } from '#core/monitor/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import type { Wrong } from '#core/problem.ts'
import { isObject } from '#lib/json.ts'
import { durationText } from '#lib/time/duration.ts'
import type { ParseTarget } from './build-deps.ts'
import { buildMonitor } from './build-monitor.ts'
import { type MonitorEntry, monitorEntrySchema } from './monitor-schema.ts'
import { plainSource } from './plain-source.ts'
import type { ConfigProblem } from './source.ts'
import { validate } from './validate.ts'

const thresholdText = ({ count, of }: Threshold): number | string => (count === of ? count : `${count} of ${of}`)

const share = (part: number): string => `${Number((part * 100).toPrecision(9))}%`

const boundsText = (comparison: string, { loss, rttP95Ms, jitterMs }: QualityBounds) => ({
  ...(loss !== undefined && { loss: `${comparison} ${share(loss)}` }),
  ...(rttP95Ms !== undefined && { rtt_p95: `${comparison} ${rttP95Ms}ms` }),
  ...(jitterMs !== undefined && { jitter: `${comparison} ${jitterMs}ms` }),
})

const windowOf = ({ window }: DegradedThresholds) =>
  window && {
    ...boundsText('>=', window.begin),
    over: durationText(window.overMs),
    clear: boundsText('<', window.clear),
  }

/** What a file would say of a monitor: durations as text, everything written out. */
export const entryOf = (monitor: MonitorSpec): MonitorEntry => ({
  name: monitor.name,
  type: monitor.type,
  options: monitor.options,
  interval: durationText(monitor.intervalMs),
  timeout: durationText(monitor.timeoutMs),
  failures: thresholdText(monitor.failures),
  successes: thresholdText(monitor.successes),
  retry_interval: durationText(monitor.retryIntervalMs),
  recovery_interval: durationText(monitor.recoveryIntervalMs),
  reset_failures: monitor.resetFailures,
  severity: monitor.severity,
  degraded_severity: monitor.degradedSeverity,
  reminder: monitor.reminderMs.length === 0 ? 0 : monitor.reminderMs.map(durationText),
  notify_recovery: monitor.notifyRecovery,
  channels: [...monitor.channels],
  labels: { ...monitor.labels },
  ...(monitor.flapping === false && { flapping: false }),
  ...(monitor.parents && { parents: monitor.parents.map((group) => [...group]) }),
  ...(monitor.degraded && {
    degraded: {
      ...(monitor.degraded.latencyMs !== undefined && { latency: `>= ${monitor.degraded.latencyMs}ms` }),
      ...windowOf(monitor.degraded),
    },
  }),
  ...(monitor.description !== undefined && { description: monitor.description }),
  ...(monitor.location !== undefined && { location: monitor.location }),
  ...(monitor.lat !== undefined && { lat: monitor.lat, lon: monitor.lon! }),
  ...(monitor.runbook !== undefined && { runbook: monitor.runbook }),
  ...(monitor.paused && { paused: true }),
})

export interface EntryDeps {
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  readonly parseTarget: ParseTarget
}

const wrongOf = ({ file, line: _, column: __, ...told }: ConfigProblem): Wrong => ({ path: file, ...told })

/** What of an entry has the shape that it must have: what has not is left out, and said already. */
const sound = (entry: unknown, shape: readonly ConfigProblem[]): MonitorEntry | undefined => {
  if (!isObject(entry)) return undefined
  const wrong = new Set(shape.map(({ file }) => file.split('.', 1)[0]))
  const rest = Object.fromEntries(Object.entries(entry).filter(([key]) => !wrong.has(key)))
  const named = { name: 'unnamed', ...rest }
  return validate(monitorEntrySchema, named, [], plainSource(named)).length === 0 ? (named as MonitorEntry) : undefined
}

/** One monitor from an entry that stands in no file, by the file's own schema and rules; or all that is wrong with it. */
export const monitorFrom = (
  entry: unknown,
  { probeTypes, parseTarget }: EntryDeps,
):
  | { readonly ok: true; readonly spec: MonitorSpec }
  | { readonly ok: false; readonly wrong: readonly [Wrong, ...Wrong[]] } => {
  const source = plainSource(entry)
  const refusal = (problems: readonly ConfigProblem[]) =>
    ({ ok: false, wrong: problems.map(wrongOf) as [Wrong, ...Wrong[]] }) as const
  const shape = validate(monitorEntrySchema, entry, [], source)
  const checked = shape.length === 0 ? (entry as MonitorEntry) : sound(entry, shape)
  if (!checked) return refusal(shape)
  const problems: ConfigProblem[] = [...shape]
  const built = buildMonitor(checked, {}, [], {
    source,
    problems,
    probeTypes,
    parseTarget,
    environment: {},
    channelTypes: new Map(),
  })
  if (!built || problems.length > 0) return refusal(problems)
  const { was: _, origin: __, ...spec } = built
  return { ok: true, spec }
}
