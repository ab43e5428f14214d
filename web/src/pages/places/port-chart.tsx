import { Group, SegmentedControl, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, query } from '../../api/client.ts'
import type { PortMoment } from '../../api/types.ts'
import LinesChart, { type ChartLine } from '../../charts/lines-chart.tsx'
import { Empty, Loaded } from '../../components/page.tsx'
import { now } from '../../lib/clock.ts'
import { stepMs } from '../../lib/step.ts'
import { useUrlState } from '../../lib/url-state.ts'

const POINTS = 300
const REFRESH_MS = 10_000
const HOUR_MS = 3_600_000
const SPANS = { hour: HOUR_MS, day: 24 * HOUR_MS } as const
const NOT_A_CONNECTION = 'LISTEN'

/** States that have a colour of their own; the rest take turns. */
const COLORS: Readonly<Record<string, string>> = {
  ESTABLISHED: '--state-up',
  TIME_WAIT: '--series',
  CLOSE_WAIT: '--state-degraded',
  SYN_RECV: '--state-down',
}
const FURTHER = ['--series-2', '--series-3', '--state-unknown']

interface Series {
  readonly step: string
  readonly items: readonly PortMoment[]
}

/** Times in ms and a line for each state that anybody was in, with holes where nothing was counted. */
const linesOf = ({ items, step }: Series) => {
  const rows: { at: number; states?: PortMoment['states'] }[] = []
  for (const { at, states } of items) {
    const time = Date.parse(at!)
    const last = rows.at(-1)
    if (last && time - last.at > stepMs(step) * 1.5) rows.push({ at: last.at + stepMs(step) })
    rows.push({ at: time, states })
  }
  const names = [...new Set(items.flatMap(({ states }) => Object.keys(states)))].filter(
    (name) => name !== NOT_A_CONNECTION,
  )
  const further = names.filter((name) => !(name in COLORS))
  const lines: ChartLine[] = names.map((name) => ({
    label: name,
    color: COLORS[name] ?? FURTHER[further.indexOf(name) % FURTHER.length]!,
    values: rows.map(({ states }) => (states ? (states[name] ?? 0) : null)),
  }))
  return { times: rows.map(({ at }) => at), lines }
}

/** The connections of one port by state, over the last hour or day. */
const PortChart = ({ port }: { readonly port: number }) => {
  const { t } = useTranslation()
  const [wanted, setSpan] = useUrlState('span', 'hour')
  const span = wanted === 'day' ? 'day' : 'hour'
  const series = useQuery({
    queryKey: ['port', port, span],
    queryFn: async () => {
      const to = now()
      const from = to - SPANS[span]
      const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), points: POINTS }
      return { ...(await api.get<Series>(`/ports/${port}/series${query(range)}`)), from, to }
    },
    refetchInterval: REFRESH_MS,
  })
  return (
    <>
      <Group justify="space-between" mb="xs">
        <div>
          <Text component="h2" fw={600}>
            {t('places.portOf', { port })}
          </Text>
          <Text size="sm" className="quiet">
            {t('places.overTimeHint')}
          </Text>
        </div>
        <SegmentedControl
          aria-label={t('monitors.span')}
          data={(['hour', 'day'] as const).map((value) => ({ value, label: t(`monitors.${value}`) }))}
          value={span}
          onChange={setSpan}
        />
      </Group>
      <Loaded query={series} lines={8}>
        {(data) => <Drawn series={data} port={port} />}
      </Loaded>
    </>
  )
}
export default PortChart

interface DrawnProps {
  readonly series: Series & { readonly from: number; readonly to: number }
  readonly port: number
}

const Drawn = ({ series, port }: DrawnProps) => {
  const { t } = useTranslation()
  const { times, lines } = useMemo(() => linesOf(series), [series])
  if (lines.length === 0) return <Empty title={t('places.noConnections')} />
  return (
    <LinesChart label={t('places.portOf', { port })} times={times} lines={lines} from={series.from} to={series.to} />
  )
}
