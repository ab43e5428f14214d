import { labelText } from '#lib/text/label-text.ts'
import { type Family, type Format, header, numberText } from './exposition.ts'
import type { OwnHealth } from './inputs.ts'

type Lines = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]

const block = (family: Family, lines: Lines, format: Format): string =>
  lines.length === 0
    ? ''
    : header(family, format) +
      lines
        .map(([labels, value]) => {
          const suffix = family.type === 'counter' ? '_total' : ''
          return `${family.name}${suffix}${labelText(labels)} ${numberText(value)}\n`
        })
        .join('')

const one = (value: number | undefined): Lines => (value === undefined ? [] : [[{}, value]])

/** The families about the server itself, beside those of its process. */
export const healthFamilies = (health: OwnHealth, format: Format): string => {
  const { restarts = {}, lateness, icmp = [], outbox = {}, disk } = health
  const gauge = (name: string, help: string, lines: Lines) => block({ name, type: 'gauge', help }, lines, format)
  const counter = (name: string, help: string, lines: Lines) => block({ name, type: 'counter', help }, lines, format)
  const late = (what: 'p50' | 'p99' | 'max') => one(lateness && lateness[what] / 1000)
  return [
    gauge('vigia_ready', 'Whether probing and delivery work.', one(health.ready ? 1 : 0)),
    counter(
      'vigia_thread_restarts',
      'Threads that ended by themselves and were started again.',
      Object.entries(restarts).map(([thread, count]) => [{ thread }, count]),
    ),
    gauge(
      'vigia_probe_lateness_p50_seconds',
      'Median delay of the probes of the last minute against their plan.',
      late('p50'),
    ),
    gauge(
      'vigia_probe_lateness_p99_seconds',
      '99th percentile of the delay of the probes of the last minute.',
      late('p99'),
    ),
    gauge('vigia_probe_lateness_max_seconds', 'Longest delay of the probes of the last minute.', late('max')),
    counter('vigia_probes_started', 'Probes that were begun.', one(health.probesStarted)),
    gauge('vigia_probes_in_flight', 'Probes that are under way.', one(health.probesInFlight)),
    counter('vigia_probe_overruns', 'Probes still under way when their next turn came.', one(health.overruns)),
    counter(
      'vigia_icmp_packets',
      'ICMP packets sent, and what came of them.',
      icmp.flatMap(({ family, packets }) =>
        Object.entries(packets).map(([outcome, count]) => [{ family: String(family), outcome }, count] as const),
      ),
    ),
    gauge(
      'vigia_outbox_notifications',
      'Notifications that wait, by status.',
      Object.entries(outbox).map(([status, count]) => [{ status }, count]),
    ),
    gauge(
      'vigia_outbox_oldest_due_seconds',
      'How long the oldest notification that waits has been due.',
      one(health.oldestDueMs === undefined ? undefined : health.oldestDueMs / 1000),
    ),
    gauge('vigia_data_disk_free_bytes', 'Room left on the disk that holds the data.', one(disk?.freeBytes)),
    gauge('vigia_data_disk_size_bytes', 'Size of the disk that holds the data.', one(disk?.sizeBytes)),
  ].join('')
}
