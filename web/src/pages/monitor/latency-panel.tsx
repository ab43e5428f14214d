import { Group, SegmentedControl, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, query } from '../../api/client.ts'
import type { Point } from '../../api/types.ts'
import LatencyChart from '../../charts/latency-chart.tsx'
import { Columns } from '../../components/columns.tsx'
import { Empty, Loaded } from '../../components/page.tsx'
import { Scroll } from '../../components/scroll.tsx'
import { Moment } from '../../components/time.tsx'
import { now } from '../../lib/clock.ts'
import { milliseconds, percent } from '../../lib/format.ts'
import { stepMs } from '../../lib/step.ts'
import { useUrlState } from '../../lib/url-state.ts'
import { isSpan, SPANS, type Span } from './ranges.ts'

const POINTS = 400
const SHORTEST_MS = 60_000

interface Series {
  readonly step: string
  readonly items: readonly Point[]
}

/** Latency and loss from an hour to a year; where one looks stands in the address. */
const LatencyPanel = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const [spanName, setSpan] = useUrlState('span', 'day')
  const [zoomed, setZoomed] = useUrlState('zoom')
  const [asTable, setAsTable] = useState(false)
  const span: Span = isSpan(spanName) ? spanName : 'day'
  const [zoomFrom, zoomTo] = zoomed.split('-').map(Number)
  const fixed = zoomed !== '' && zoomFrom! < zoomTo! ? { from: zoomFrom!, to: zoomTo! } : undefined
  const series = useQuery({
    queryKey: ['monitor', id, 'series', fixed ? zoomed : span],
    queryFn: async () => {
      const to = fixed?.to ?? now()
      const from = fixed?.from ?? to - SPANS[span]
      const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
      return { ...(await api.get<Series>(`/monitors/${id}/series${query({ ...range, points: POINTS })}`)), from, to }
    },
    placeholderData: (before) => before,
    refetchInterval: fixed ? false : span === 'hour' || span === 'day' ? 30_000 : 300_000,
  })
  return (
    <>
      <Group justify="space-between" mb="xs">
        <div>
          <Text component="h2" fw={600}>
            {t('monitors.latencyAndLoss')}
          </Text>
          <Text size="sm" className="quiet">
            {t('monitors.chartHint')}
          </Text>
        </div>
        <Group gap="sm">
          <Switch
            size="xs"
            label={t('monitors.chartTable')}
            checked={asTable}
            onChange={({ currentTarget }) => setAsTable(currentTarget.checked)}
          />
          <SegmentedControl
            aria-label={t('monitors.span')}
            data={(Object.keys(SPANS) as Span[]).map((value) => ({ value, label: t(`monitors.${value}`) }))}
            value={fixed ? '' : span}
            onChange={(value) => {
              setZoomed('')
              setSpan(value)
            }}
          />
        </Group>
      </Group>
      <Loaded query={series} lines={8}>
        {({ items, step, from, to }) =>
          items.length === 0 ? (
            <Empty title={t('monitors.noResults')} />
          ) : asTable ? (
            <SeriesTable points={items} />
          ) : (
            <LatencyChart
              points={items}
              stepMs={stepMs(step)}
              from={from}
              to={to}
              onZoom={(start, end) => end - start >= SHORTEST_MS && setZoomed(`${start}-${end}`)}
              onReset={() => setZoomed('')}
            />
          )
        }
      </Loaded>
    </>
  )
}
export default LatencyPanel

/** The same figures for who cannot see a chart. */
const SeriesTable = ({ points }: { readonly points: readonly Point[] }) => {
  const { t } = useTranslation()
  return (
    <Scroll maxHeight={320} label={t('monitors.latencyAndLoss')}>
      <table className="plain">
        <Columns
          names={[
            t('words.when'),
            t('monitors.median'),
            t('monitors.p95'),
            t('monitors.range'),
            t('monitors.jitter'),
            t('monitors.loss'),
            t('monitors.failed'),
          ]}
        />
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.at} className="number">
              <td>
                <Moment at={point.at} />
              </td>
              <td>{milliseconds(point.p50)}</td>
              <td>{milliseconds(point.p95)}</td>
              <td>
                {milliseconds(point.min)} – {milliseconds(point.max)}
              </td>
              <td>{milliseconds(point.jitter)}</td>
              <td>{percent(point.loss)}</td>
              <td>
                {point.failed} / {point.total}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
