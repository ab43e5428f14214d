import { Card, SimpleGrid, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, query } from '../../api/client.ts'
import { now } from '../../lib/clock.ts'
import { duration, percent } from '../../lib/format.ts'
import { SPANS } from './ranges.ts'

interface Uptime {
  readonly uptime: number | null
  readonly up_ms: number
  readonly degraded_ms: number
  readonly down_ms: number
  readonly unknown_ms: number
  readonly maintenance_ms: number
}

/** A share of less than this of the time says by how much it goes. */
const KNOWN_ENOUGH = 0.9
const SHOWN = ['day', 'week', 'month', 'year'] as const

/** Shares of the known time, split as the engine splits them; the bar shows what is unknown too. */
export const UptimeCards = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const answers = useQueries({
    queries: SHOWN.map((span) => ({
      queryKey: ['monitor', id, 'uptime', span],
      queryFn: () => {
        const from = new Date(now() - SPANS[span]).toISOString()
        return api.get<Uptime>(`/monitors/${id}/uptime${query({ from })}`)
      },
      staleTime: 30_000,
    })),
  })
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} mb="md" spacing="sm">
      {SHOWN.map((span, index) => {
        const data = answers[index]!.data
        const parts =
          data &&
          ([
            ['up', data.up_ms],
            ['degraded', data.degraded_ms],
            ['down', data.down_ms],
            ['unknown', data.unknown_ms],
          ] as const)
        const total = parts?.reduce((sum, [, ms]) => sum + ms, 0) ?? 0
        const known = data ? data.up_ms + data.degraded_ms + data.down_ms : 0
        const words =
          data &&
          t('monitors.uptimeOf', {
            span: t(`monitors.${span}`),
            up: duration(data.up_ms + data.degraded_ms),
            down: duration(data.down_ms),
            unknown: duration(data.unknown_ms),
            maintenance: duration(data.maintenance_ms),
          })
        return (
          <Card key={span} padding="sm">
            <Text size="sm" className="quiet">
              {t('monitors.uptime')}, {t(`monitors.${span}`).toLowerCase()}
            </Text>
            <Text fz={24} fw={600} className="number" lh={1.3}>
              {data ? percent(data.uptime) || <span className="quiet">{t('monitors.notKnown')}</span> : ' '}{' '}
              {data && known > 0 && known < SPANS[span] * KNOWN_ENOUGH && (
                <span className="quiet" style={{ fontSize: 14, fontWeight: 400, display: 'inline-block' }}>
                  {t('monitors.uptimeKnown', { time: duration(known) })}
                </span>
              )}
            </Text>
            <div
              role="img"
              aria-label={words ?? ''}
              title={words}
              style={{
                display: 'flex',
                flexShrink: 0,
                marginTop: 'auto',
                height: 5,
                borderRadius: 3,
                overflow: 'hidden',
                background: 'var(--line)',
              }}
            >
              {parts?.map(
                ([state, ms]) =>
                  ms > 0 &&
                  state !== 'unknown' && (
                    <div key={state} style={{ flex: ms / total, background: `var(--state-${state})` }} />
                  ),
              )}
              {parts && (
                <div
                  style={{ flex: (data.unknown_ms + data.maintenance_ms) / Math.max(1, total + data.maintenance_ms) }}
                />
              )}
            </div>
          </Card>
        )
      })}
    </SimpleGrid>
  )
}
