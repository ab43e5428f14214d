import { STATES } from '#core/monitor/monitor.ts'
import { labelText } from '#lib/text/label-text.ts'
import { type Family, type Format, header } from './exposition.ts'
import type { LastResult, MeasuredMonitor, MetricsInputs } from './inputs.ts'

/** Monitors that are written between two looks at the clock. */
const SLICE = 250

/** What stays of what is written of a monitor from one scrape to the next. */
interface Written {
  /** Labels as text without braces. */
  readonly labels: string
  /** Of `stateLines`. */
  state: string
  stateLines: string
}

export type WrittenOf = (monitor: MeasuredMonitor) => Written

/** Labels that the families have of their own: two of one name would make Prometheus refuse the whole scrape. */
const TAKEN = new Set(['monitor', 'type', 'state', 'le'])

/** A label of a monitor whose name is taken stands under the name that Prometheus itself would give it. */
const seriesLabel = (name: string): string => (TAKEN.has(name) ? `exported_${name}` : name)

/** Keeps what is written of each monitor; `chosen` are the labels of monitors that their series carry. */
export const createWritten = (chosen: readonly string[]): WrittenOf => {
  const kept = new WeakMap<MeasuredMonitor, Written>()
  return (monitor) => {
    const known = kept.get(monitor)
    if (known) return known
    const labels: Record<string, string> = { monitor: monitor.name, type: monitor.type }
    for (const name of chosen) {
      const value = monitor.labels[name]
      if (value !== undefined) labels[seriesLabel(name)] = value
    }
    const written: Written = { labels: labelText(labels).slice(1, -1), state: '', stateLines: '' }
    kept.set(monitor, written)
    return written
  }
}

const stateLinesOf = (written: Written, state: string): string => {
  if (written.state === state) return written.stateLines
  written.state = state
  written.stateLines = STATES.map(
    (one) => `${stateFamily.name}{${written.labels},state="${one}"} ${one === state ? 1 : 0}\n`,
  ).join('')
  return written.stateLines
}

interface MonitorFamily extends Family {
  /** Undefined where the monitor has no such figure. */
  readonly value: (result: LastResult) => number | undefined
}

const FAMILIES: readonly MonitorFamily[] = [
  {
    name: 'vigia_monitor_up',
    type: 'gauge',
    help: '1 while the monitor is up or degraded, 0 while it is down; absent while nothing is known.',
    value: ({ state }) => (state === 'unknown' ? undefined : state === 'down' ? 0 : 1),
  },
  {
    name: 'vigia_monitor_last_result_success',
    type: 'gauge',
    help: 'Whether the last probe succeeded, whatever the state.',
    value: ({ code }) => (code === 'ok' ? 1 : 0),
  },
  {
    name: 'vigia_monitor_last_result_timestamp_seconds',
    type: 'gauge',
    help: 'When the last probe began.',
    value: ({ at }) => at / 1000,
  },
  {
    name: 'vigia_monitor_latency_seconds',
    type: 'gauge',
    help: 'Latency of the last probe; absent where it measured none.',
    value: ({ latencyMs }) => (Number.isNaN(latencyMs) ? undefined : latencyMs / 1000),
  },
  {
    name: 'vigia_monitor_loss_ratio',
    type: 'gauge',
    help: 'Share of lost packets of the last round, 0 to 1.',
    value: ({ loss }) => (Number.isNaN(loss) ? undefined : loss),
  },
]

const certificateFamily: Family = {
  name: 'vigia_monitor_certificate_expiry_timestamp_seconds',
  type: 'gauge',
  help: 'When the certificate that the monitor saw ends.',
}

const stateFamily: Family = {
  name: 'vigia_monitor_state',
  type: 'gauge',
  help: '1 for the state that the monitor is in, 0 for the others.',
}

/** The families with a line per monitor, in pieces. Paused monitors have no lines: nobody looks at them. */
export function* monitorFamilies(
  monitors: readonly MeasuredMonitor[],
  writtenOf: WrittenOf,
  { latest, certificates }: Pick<MetricsInputs, 'latest' | 'certificates'>,
  format: Format,
): Generator<string> {
  const written: Written[] = []
  const results: (LastResult | undefined)[] = []
  for (const [index, monitor] of monitors.entries()) {
    written.push(writtenOf(monitor))
    results.push(latest.get(monitor.id))
    if (index % SLICE === SLICE - 1) yield ''
  }
  const slices = function* (family: Family, line: (index: number) => string): Generator<string> {
    yield header(family, format)
    for (let from = 0; from < written.length; from += SLICE) {
      let text = ''
      for (let index = from; index < Math.min(from + SLICE, written.length); index++) text += line(index)
      yield text
    }
  }
  const line = (name: string, index: number, figure: number | undefined) =>
    figure === undefined ? '' : `${name}{${written[index]!.labels}} ${figure}\n`
  for (const family of FAMILIES)
    yield* slices(family, (index) => {
      const result = results[index]
      return line(family.name, index, result && family.value(result))
    })
  yield* slices(certificateFamily, (index) => {
    const end = certificates?.get(monitors[index]!.id)
    return line(certificateFamily.name, index, end && end / 1000)
  })
  // Nothing is known of a monitor that has no result, or none any more.
  yield* slices(stateFamily, (index) => stateLinesOf(written[index]!, results[index]?.state ?? 'unknown'))
}
