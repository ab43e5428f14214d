import { STATES } from '#core/monitor.ts'
import { labelText } from '#lib/label-text.ts'
import { type Family, type Format, header } from './exposition.ts'
import type { LastResult, MeasuredMonitor, MetricsInputs } from './inputs.ts'

/** Monitors that are written between two looks at the clock. */
const SLICE = 250

/** What is written of a monitor again and again, written once and kept as long as the monitor is the same. */
interface Written {
  /** Labels as text without braces. */
  readonly labels: string
  /** What stands before the value of each family. */
  readonly starts: readonly string[]
  state: string
  /** The lines of that state, which seldom changes. */
  stateLines: string
}

export type WrittenOf = (monitor: MeasuredMonitor) => Written

/** Keeps what is written of each monitor; `chosen` are the labels of monitors that their series carry. */
export const createWritten = (chosen: readonly string[]): WrittenOf => {
  const extra = chosen.filter((name) => name !== 'monitor' && name !== 'type')
  const kept = new WeakMap<MeasuredMonitor, Written>()
  return (monitor) => {
    const known = kept.get(monitor)
    if (known) return known
    const picked = extra.flatMap((name) => {
      const value = monitor.labels[name]
      return value === undefined ? [] : [[name, value] as const]
    })
    const braced = labelText({ monitor: monitor.name, type: monitor.type, ...Object.fromEntries(picked) })
    const starts = FAMILIES.map(({ name }) => `${name}${braced} `)
    const written: Written = { labels: braced.slice(1, -1), starts, state: '', stateLines: '' }
    kept.set(monitor, written)
    return written
  }
}

interface MonitorFamily extends Family {
  /** Undefined where the monitor has no such figure. */
  readonly value: (result: LastResult, inputs: MetricsInputs, id: number) => number | undefined
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
  {
    name: 'vigia_monitor_certificate_expiry_timestamp_seconds',
    type: 'gauge',
    help: 'When the certificate that the monitor saw ends.',
    value: (_result, { certificates }, id) => {
      const end = certificates?.get(id)
      return end === undefined ? undefined : end / 1000
    },
  },
]

const stateFamily: Family = {
  name: 'vigia_monitor_state',
  type: 'gauge',
  help: '1 for the state that the monitor is in, 0 for the others.',
}

const stateLines = (written: Written, state: string): string => {
  if (written.state !== state) {
    written.state = state
    written.stateLines = STATES.map(
      (one) => `${stateFamily.name}{${written.labels},state="${one}"} ${one === state ? 1 : 0}\n`,
    ).join('')
  }
  return written.stateLines
}

/** The families with a line per monitor, in pieces. Paused monitors have no lines: nobody looks at them. */
export function* monitorFamilies(
  monitors: readonly MeasuredMonitor[],
  writtenOf: WrittenOf,
  inputs: MetricsInputs,
  format: Format,
): Generator<string> {
  const results = monitors.map(({ id }) => inputs.latest.get(id))
  const written = monitors.map(writtenOf)
  const slices = function* (line: (index: number) => string): Generator<string> {
    for (let from = 0; from < monitors.length; from += SLICE) {
      let text = ''
      for (let index = from; index < Math.min(from + SLICE, monitors.length); index++) text += line(index)
      yield text
    }
  }
  for (const [which, family] of FAMILIES.entries()) {
    yield header(family, format)
    yield* slices((index) => {
      const result = results[index]
      const value = result && family.value(result, inputs, monitors[index]!.id)
      return value === undefined ? '' : `${written[index]!.starts[which]}${value}\n`
    })
  }
  yield header(stateFamily, format)
  yield* slices((index) => stateLines(written[index]!, results[index]?.state ?? 'unknown'))
}
