import { Card, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, query } from '../../api/client.ts'
import { ExportButton } from '../../components/export-button.tsx'
import { Loaded } from '../../components/page.tsx'
import { Scroll } from '../../components/scroll.tsx'
import { StateMark } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { now } from '../../lib/clock.ts'
import { milliseconds, percent } from '../../lib/format.ts'
import { HOUR_MS } from './ranges.ts'

interface Result {
  readonly at: string
  readonly ok: boolean
  readonly code: string
  readonly latency_ms: number | null
  readonly loss: number | null
}

const SHOWN = 30

/** The last single results with their reasons. */
export const Results = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const results = useQuery({
    queryKey: ['monitor', id, 'results'],
    queryFn: async () => {
      const from = new Date(now() - HOUR_MS).toISOString()
      const { items } = await api.get<{ items: readonly Result[] }>(`/monitors/${id}/results${query({ from })}`)
      return items.slice(-SHOWN).reverse()
    },
    refetchInterval: 15_000,
  })
  /** A day of them, as they were. */
  const exported = async () => {
    const { stamp } = await import('../../lib/save-csv.ts')
    const { items } = await api.get<{ items: readonly Result[] }>(`/monitors/${id}/results`)
    return items.map(({ at, code, latency_ms, loss }) => [
      stamp(at),
      t(`codes.${code as 'timeout'}`, { defaultValue: code }),
      latency_ms,
      loss === null ? null : loss * 100,
    ])
  }
  return (
    <Card component="section">
      <Group justify="space-between">
        <Text component="h2" fw={600}>
          {t('monitors.results')}
        </Text>
        {(results.data?.length ?? 0) > 0 && (
          <ExportButton
            name={t('monitors.results')}
            head={[t('words.when'), t('words.state'), `${t('words.latency')} (ms)`, `${t('monitors.loss')} (%)`]}
            rows={exported}
          />
        )}
      </Group>
      <Text size="sm" className="quiet" mb="xs">
        {t('monitors.resultsHint')}
      </Text>
      <Loaded query={results}>
        {(items) =>
          items.length === 0 ? (
            <Text className="quiet" size="sm">
              {t('monitors.noResults')}
            </Text>
          ) : (
            <Scroll maxHeight={300} label={t('monitors.results')}>
              <table className="plain">
                <tbody>
                  {items.map((result) => (
                    <tr key={result.at}>
                      <td>
                        <Moment at={result.at} />
                      </td>
                      <td>
                        <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
                          <StateMark state={result.ok ? 'up' : 'down'} />
                          {t(`codes.${result.code as 'timeout'}`, { defaultValue: result.code })}
                        </span>
                      </td>
                      <td className="number" style={{ textAlign: 'right' }}>
                        {milliseconds(result.latency_ms)}
                        {result.loss ? `, ${t('monitors.loss').toLowerCase()} ${percent(result.loss)}` : ''}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )
        }
      </Loaded>
    </Card>
  )
}
