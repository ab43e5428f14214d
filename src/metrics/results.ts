import { ERROR_CODES } from '#core/result/result.ts'
import { type LiveBatch, NO_LATENCY } from '#core/result/result-batch.ts'
import { labelText } from '#lib/text/label-text.ts'
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
export const createResultCounts = (
  { monitor: monitorOf, generation = () => 0 }: Pick<MetricsInputs, 'monitor' | 'generation'>,
  perMonitorToo: boolean,
) => {
  const tallies = new Map<string, Tally>()
  const perMonitor = new Map<number, Histogram>()

  /** By monitor id: looking up a monitor for each result would cost more than counting it. */
  let tallyOf: (Tally | undefined)[] = []
  let seen = generation()

  const findTally = (monitorId: number): Tally | undefined => {
    const type = monitorOf(monitorId)?.monitor.type
    if (type === undefined) return undefined
    const tally = tallies.get(type) ?? emptyTally(type)
    tallies.set(type, tally)
    tallyOf[monitorId] = tally
    return tally
  }

  return {
    add: ({ count, monitorIds, codes, latency: latencies }: CountedBatch): void => {
      if (generation() !== seen) tallyOf = []
      seen = generation()
      for (let index = 0; index < count; index++) {
        const id = monitorIds[index]!
        const tally = tallyOf[id] ?? findTally(id)
        if (!tally) continue
        tally.codes[codes[index]!]! += 1
        const us = latencies[index]!
        if (us === NO_LATENCY) continue
        tally.latency ??= createHistogram()
        tally.latency.observe(us / 1e6)
        if (!perMonitorToo) continue
        const histogram = perMonitor.get(id) ?? createHistogram()
        perMonitor.set(id, histogram)
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
