import type { MonitorSpec, Threshold } from '#core/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import { durationText } from '#lib/duration.ts'
import { buildMonitor, type ParseTarget } from './build.ts'
import { plainSource } from './plain-source.ts'
import { fileSchema, type MonitorEntry } from './schema.ts'
import type { ConfigProblem } from './source.ts'
import { validate } from './validate.ts'

/** The shape of one monitor, as in the file. */
export const monitorEntrySchema = (fileSchema.properties.monitors as unknown as { readonly items: typeof fileSchema })
  .items

const thresholdText = ({ count, of }: Threshold): number | string => (count === of ? count : `${count} of ${of}`)

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
  ...(monitor.degraded && {
    degraded: {
      ...(monitor.degraded.latencyMs !== undefined && { latency: `>= ${monitor.degraded.latencyMs}ms` }),
      ...(monitor.degraded.loss !== undefined && {
        loss: `>= ${Number((monitor.degraded.loss * 100).toPrecision(9))}%`,
      }),
    },
  }),
  ...(monitor.description !== undefined && { description: monitor.description }),
  ...(monitor.location !== undefined && { location: monitor.location }),
  ...(monitor.runbook !== undefined && { runbook: monitor.runbook }),
  ...(monitor.paused && { paused: true }),
})

export interface EntryDeps {
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  readonly parseTarget: ParseTarget
}

/** One monitor from an entry that stands in no file, by the file's own schema and rules; or the first thing wrong. */
export const monitorFrom = (
  entry: unknown,
  { probeTypes, parseTarget }: EntryDeps,
):
  | { readonly ok: true; readonly spec: MonitorSpec }
  | { readonly ok: false; readonly path: string; readonly message: string } => {
  const source = plainSource(entry)
  const refusal = ({ file, message }: ConfigProblem) => ({ ok: false, path: file, message }) as const
  const [shape] = validate(monitorEntrySchema, entry, [], source)
  if (shape) return refusal(shape)
  const problems: ConfigProblem[] = []
  const built = buildMonitor(entry as MonitorEntry, {}, [], {
    source,
    problems,
    probeTypes,
    parseTarget,
    environment: {},
    channelTypes: new Map(),
  })
  if (!built || problems.length > 0) return refusal(problems[0]!)
  const { was: _, origin: __, ...spec } = built
  return { ok: true, spec }
}
