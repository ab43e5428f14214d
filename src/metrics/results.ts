import { ERROR_CODES } from '#core/result.ts'
import { type LiveBatch, NO_LATENCY } from '#core/result-batch.ts'
import { labelText } from '#lib/label-text.ts'
import { type Family, type Format, header, sampleName } from './exposition.ts'
import { createHistogram, type Histogram } from './histogram.ts'
import type { MeasuredMonitor, MetricsInputs } from './inputs.ts'

const counted: Family = { name: 'vigia_probe_results', type: 'counter', help: 'Results by probe type and code.' }
const latency: Family = {
  name: 'vigia_probe_latency_seconds',
  type: 'histogram',
  help: 'Latency of the probes that measured one, by probe type.',
}
const monitorLatency: Family = {
  name: 'vigia_monitor_probe_latency_seconds',
  type: 'histogram',
  help: 'Latency of the probes of a monitor.',
}

/** What the probes of one type came to. */
interface Tally {
  readonly type: string
  /** By the index in `ERROR_CODES`. */
  readonly codes: Float64Array
  latency: Histogram | undefined
}

const emptyTally = (type: string): Tally => ({
  type,
  codes: new Float64Array(ERROR_CODES.length),
  latency: undefined,
})

export type CountedBatch = Pick<LiveBatch, 'count' | 'monitorIds' | 'codes' | 'latency'>

/** Counts results by type and code, and their latencies by type and, where that is wanted, by monitor. */
export const createResultCounts = (monitorOf: MetricsInputs['monitor'], perMonitorToo: boolean) => {
  const tallies = new Map<string, Tally>()
  const perMonitor = new Map<number, Histogram>()

  const tallyOf = (type: string): Tally => {
    const tally = tallies.get(type) ?? emptyTally(type)
    tallies.set(type, tally)
    return tally
  }

  return {
    add: ({ count, monitorIds, codes, latency: latencies }: CountedBatch): void => {
      // Most batches are of few types: the tally of the result before is mostly that of the next one.
      let tally: Tally | undefined
      for (let index = 0; index < count; index++) {
        const type = monitorOf(monitorIds[index]!)?.monitor.type
        if (type === undefined) continue
        if (tally?.type !== type) tally = tallyOf(type)
        tally.codes[codes[index]!]! += 1
        const us = latencies[index]!
        if (us === NO_LATENCY) continue
        tally.latency ??= createHistogram()
        tally.latency.observe(us / 1e6)
        if (!perMonitorToo) continue
        const histogram = perMonitor.get(monitorIds[index]!) ?? createHistogram()
        perMonitor.set(monitorIds[index]!, histogram)
        histogram.observe(us / 1e6)
      }
    },

    renderCounts: (format: Format): string =>
      header(counted, format) +
      [...tallies.values()]
        .flatMap(({ type, codes }) =>
          ERROR_CODES.map((code, index) =>
            codes[index] === 0 ? '' : `${sampleName(counted)}${labelText({ type, code })} ${codes[index]}\n`,
          ),
        )
        .join(''),

    /** Histograms by type, then those of the monitors that are shown, whose labels `labelsOf` knows without braces. */
    renderHistograms: function* (
      monitors: readonly MeasuredMonitor[],
      labelsOf: (monitor: MeasuredMonitor) => string,
      format: Format,
    ): Generator<string> {
      yield header(latency, format)
      for (const { type, latency: histogram } of tallies.values())
        if (histogram) yield histogram.render(latency, labelText({ type }).slice(1, -1))
      if (!perMonitorToo) return
      yield header(monitorLatency, format)
      const shown = new Set(monitors.map(({ id }) => id))
      for (const id of perMonitor.keys()) if (!shown.has(id)) perMonitor.delete(id)
      for (const monitor of monitors) yield perMonitor.get(monitor.id)?.render(monitorLatency, labelsOf(monitor)) ?? ''
    },
  }
}
