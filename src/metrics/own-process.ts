import { collectDefaultMetrics, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client'
import { labelText } from '#lib/text/label-text.ts'
import { type Family, type FamilyType, type Format, header, numberText } from './exposition.ts'

/**
 * The library wakes the thread again and again to see how late it comes, which would be most of what an idle server costs.
 * So it does not, and what it would have seen by it is left out; the delay at the scrape itself stays.
 */
const WAKE_EVERY_MS = 2 ** 31 - 1
const SEEN_BY_WAKING = /^nodejs_eventloop_lag_(?!seconds$)/

type Collected = MetricObjectWithValues<MetricValue<string> & { readonly metricName?: string }>

const familyOf = ({ name, help, type }: Collected): Family => {
  const kind = String(type) as FamilyType
  return { name: kind === 'counter' ? name.replace(/_total$/, '') : name, type: kind, help }
}

const block = (collected: Collected, format: Format): string => {
  const lines = collected.values.map(
    ({ metricName, labels, value }) =>
      `${metricName ?? collected.name}${labelText(labels as Record<string, string>)} ${numberText(value)}\n`,
  )
  return header(familyOf(collected), format) + lines.join('')
}

export interface ProcessMetrics {
  render(format: Format): Promise<string>
  close(): void
}

/** CPU, memory, event-loop delay and garbage collection of this process, by the names that the field uses. */
export const createProcessMetrics = (): ProcessMetrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: WAKE_EVERY_MS })
  return {
    render: async (format) => {
      const collected = (await registry.getMetricsAsJSON()) as readonly Collected[]
      // A suffix that belongs to counters and to nothing else: the library's few exceptions are left out.
      return collected
        .filter(
          ({ type, name }) => (String(type) === 'counter') === name.endsWith('_total') && !SEEN_BY_WAKING.test(name),
        )
        .map((one) => block(one, format))
        .join('')
    },
    close: () => registry.clear(),
  }
}
