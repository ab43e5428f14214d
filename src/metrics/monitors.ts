import { STATES } from '#core/monitor.ts'
import { labelText } from '#lib/label-text.ts'
import { type Family, type Format, header } from './exposition.ts'
import type { LastResult, MeasuredMonitor, MetricsInputs } from './inputs.ts'

/** Monitors that are written between two looks at the clock. */
const SLICE = 250

/** The labels of a monitor as text without braces, written once and kept as long as the monitor is the same. */
export const createLabelTexts = (chosen: readonly string[]) => {
  const extra = chosen.filter((name) => name !== 'monitor' && name !== 'type')
  const texts = new WeakMap<MeasuredMonitor, string>()
  return (monitor: MeasuredMonitor): string => {
    const known = texts.get(monitor)
    if (known !== undefined) return known
    const picked = extra.flatMap((name) => {
      const value = monitor.labels[name]
      return value === undefined ? [] : [[name, value] as const]
    })
    const braced = labelText({ monitor: monitor.name, type: monitor.type, ...Object.fromEntries(picked) })
    const text = braced.slice(1, -1)
    texts.set(monitor, text)
    return text
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

const stateLines = (labels: string, state: string): string => {
  let lines = ''
  for (const one of STATES) lines += `vigia_monitor_state{${labels},state="${one}"} ${one === state ? 1 : 0}\n`
  return lines
}

/** The families with a line per monitor, in pieces. Paused monitors have no lines: nobody looks at them. */
export function* monitorFamilies(
  monitors: readonly MeasuredMonitor[],
  labelsOf: (monitor: MeasuredMonitor) => string,
  inputs: MetricsInputs,
  format: Format,
): Generator<string> {
  const lineOf = (family: MonitorFamily, monitor: MeasuredMonitor): string => {
    const result = inputs.latest.get(monitor.id)
    const value = result && family.value(result, inputs, monitor.id)
    return value === undefined ? '' : `${family.name}{${labelsOf(monitor)}} ${value}\n`
  }
  const stateOf = (monitor: MeasuredMonitor): string =>
    stateLines(labelsOf(monitor), inputs.latest.get(monitor.id)?.state ?? 'unknown')
  const writers = [
    ...FAMILIES.map((family) => [family, (monitor: MeasuredMonitor) => lineOf(family, monitor)] as const),
    [stateFamily, stateOf] as const,
  ]
  for (const [family, write] of writers) {
    let text = header(family, format)
    for (const [index, monitor] of monitors.entries()) {
      text += write(monitor)
      if (index % SLICE === SLICE - 1) {
        yield text
        text = ''
      }
    }
    yield text
  }
}
