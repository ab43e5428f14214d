import { STATES } from '#core/monitor.ts'
import { labelText } from '#lib/label-text.ts'
import { type Family, type Format, header } from './exposition.ts'
import type { LastResult, MeasuredMonitor, MetricsInputs } from './inputs.ts'

/** Monitors that are written between two looks at the clock. */
const SLICE = 250

/** What is written of a monitor: lines are kept as long as what they say is the same. */
interface Written {
  /** Labels as text without braces. */
  readonly labels: string
  /** What stands before the value of each family. */
  readonly starts: readonly string[]
  /** The result that `lines` tell of, one for each family. */
  result: LastResult | undefined
  lines: readonly string[]
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
    const picked = chosen.flatMap((name) => {
      const value = monitor.labels[name]
      return value === undefined ? [] : [[seriesLabel(name), value] as const]
    })
    const braced = labelText({ monitor: monitor.name, type: monitor.type, ...Object.fromEntries(picked) })
    const starts = FAMILIES.map(({ name }) => `${name}${braced} `)
    const labels = braced.slice(1, -1)
    const written: Written = { labels, starts, result: undefined, lines: [], state: '', stateLines: '' }
    kept.set(monitor, written)
    return written
  }
}

/** Writes the lines of a result, so that the next scrape finds them. */
export const writeResult = (written: Written, result: LastResult): void => {
  if (written.result === result) return
  written.result = result
  written.lines = FAMILIES.map(({ value }, index) => {
    const figure = value(result)
    return figure === undefined ? '' : `${written.starts[index]}${figure}\n`
  })
  if (written.state !== result.state) writeState(written, result.state)
}

/** Nothing is known of a monitor that has no result, or none any more. */
const forget = (written: Written): void => {
  written.result = undefined
  written.lines = []
  if (written.state !== 'unknown') writeState(written, 'unknown')
}

const writeState = (written: Written, state: string): void => {
  written.state = state
  written.stateLines = STATES.map(
    (one) => `${stateFamily.name}{${written.labels},state="${one}"} ${one === state ? 1 : 0}\n`,
  ).join('')
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
    value: ({ metrics }) => metrics?.loss,
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
  for (const [index, monitor] of monitors.entries()) {
    const one = writtenOf(monitor)
    const result = latest.get(monitor.id)
    if (result) writeResult(one, result)
    else forget(one)
    written.push(one)
    if (index % SLICE === SLICE - 1) yield ''
  }
  const slices = function* (family: Family, line: (one: Written, index: number) => string): Generator<string> {
    yield header(family, format)
    for (let from = 0; from < written.length; from += SLICE) {
      let text = ''
      for (let index = from; index < Math.min(from + SLICE, written.length); index++)
        text += line(written[index]!, index)
      yield text
    }
  }
  for (const [which, family] of FAMILIES.entries()) yield* slices(family, ({ lines }) => lines[which] ?? '')
  yield* slices(certificateFamily, ({ labels }, index) => {
    const end = certificates?.get(monitors[index]!.id)
    return end === undefined ? '' : `${certificateFamily.name}{${labels}} ${end / 1000}\n`
  })
  yield* slices(stateFamily, ({ stateLines }) => stateLines)
}
