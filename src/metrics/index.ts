import { createBreath } from '#lib/run/breath.ts'
import { createCounter } from './counters.ts'
import { endOf, type Family, type Format, header } from './exposition.ts'
import { healthFamilies } from './health.ts'
import { createHistogram } from './histogram.ts'
import type { MetricsInputs } from './inputs.ts'
import { createWritten, monitorFamilies } from './monitors.ts'
import { createProcessMetrics } from './own-process.ts'
import { type OlderPorts, olderPortFamilies, portFamilies } from './ports.ts'
import { type CountedBatch, createResultCounts } from './results.ts'

export type { MetricsInputs, OwnHealth } from './inputs.ts'

export interface MetricsOptions {
  /** Labels of monitors that become labels of their series. */
  readonly labels?: readonly string[]
  /** A latency histogram per monitor: sixteen more series each. */
  readonly monitorHistograms?: boolean
  /** The ports that the older names stand for beside the labelled families, asked at a scrape; absent: none. */
  readonly olderPorts?: () => OlderPorts
}

export interface Metrics {
  /** Counts results, by probe type and by what they came to. */
  results(batch: CountedBatch): void
  event(type: string, severity: string): void
  /** A commit of the store that took so long until it was durable. */
  commit(ms: number): void
  /** `outcome` is `delivered`, `retry`, `failed`, … */
  notification(channelType: string, outcome: string): void
  /** The whole answer in pieces; between them the event loop has its turns. */
  render(format: Format): AsyncGenerator<string>
  close(): void
}

/** More monitors than this have no series of their own. */
const MOST_MONITORS = 20_000
/** The event loop waits for a scrape no longer than this at a time. */
const STRETCH_MS = 5

const commitTime: Family = {
  name: 'vigia_store_commit_seconds',
  type: 'histogram',
  help: 'Time of the commits of the store until they were durable; one may carry many transactions.',
}

/** Everything that `/metrics` says, in both formats. Series are bounded; what is left out is counted. */
export const createMetrics = (inputs: MetricsInputs, options: MetricsOptions = {}): Metrics => {
  const own = createProcessMetrics()
  const writtenOf = createWritten(options.labels ?? [])
  const commits = createHistogram()
  const results = createResultCounts(inputs, options.monitorHistograms ?? false)
  const events = createCounter('vigia_events', 'Events by type and severity.', ['type', 'severity'])
  const notifications = createCounter('vigia_notifications', 'Attempts to deliver a notification, by outcome.', [
    'channel_type',
    'outcome',
  ])
  const leftOut = (count: number, format: Format): string => {
    const family: Family = {
      name: 'vigia_metrics_monitors_left_out',
      type: 'gauge',
      help: `Monitors beyond the first ${MOST_MONITORS}, which have no series of their own.`,
    }
    return `${header(family, format)}${family.name} ${count}\n`
  }

  const pieces = function* (format: Format): Generator<string> {
    const active = inputs.monitors().flatMap(({ monitor }) => (monitor.paused ? [] : [monitor]))
    const monitors = active.slice(0, MOST_MONITORS)
    yield* monitorFamilies(monitors, writtenOf, inputs, format)
    yield* results.renderHistograms(monitors, (monitor) => writtenOf(monitor).labels, format)
    yield leftOut(active.length - monitors.length, format)
    yield header(commitTime, format) + commits.render(commitTime, '')
    yield results.renderCounts(format)
    yield events.render(format)
    yield notifications.render(format)
    const samples = inputs.ports?.()
    if (samples === undefined) return
    yield* portFamilies(samples.latest, format)
    if (options.olderPorts) yield* olderPortFamilies(samples.latest, options.olderPorts(), format)
  }

  return {
    results: results.add,
    commit: (ms) => commits.observe(ms / 1000),
    event: (type, severity) => events.add({ type, severity }),
    notification: (channelType, outcome) => notifications.add({ channel_type: channelType, outcome }),
    render: async function* (format) {
      const breathe = createBreath(STRETCH_MS)
      yield await own.render(format)
      if (inputs.health) yield healthFamilies(await inputs.health(), format)
      for (const piece of pieces(format)) {
        if (piece !== '') yield piece
        await breathe()
      }
      yield endOf(format)
    },
    close: own.close,
  }
}
