import { Card, Group, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { panel, query } from '../../api/client.ts'
import { useAttemptError } from '../../components/attempt-text.ts'
import { ExportButton } from '../../components/export-button.tsx'
import { Empty, Loaded } from '../../components/page.tsx'
import { useUrlState } from '../../lib/url-state.ts'
import { DeliveryLog } from './delivery-log.tsx'
import { DeliverySums } from './delivery-sums.tsx'
import type { LogEntry, Stats } from './stats.ts'

const HOURS = [1, 24, 168, 720] as const
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const
const LIMIT = 200
const MOST_EXPORTED = 1000

/** Every attempt to deliver, with filters by time, severity and outcome. */
export const HistoryTab = () => {
  const { t } = useTranslation()
  const [hours, setHours] = useUrlState('hours', '24')
  const [severity, setSeverity] = useUrlState('severity')
  const [success, setSuccess] = useUrlState('success')
  const log = useQuery({
    queryKey: ['notifications', 'log', hours, severity, success],
    queryFn: async () =>
      (
        await panel.get<{ logs: readonly LogEntry[] }>(
          `/logs${query({ hours_back: hours, severity, success, limit: LIMIT, tests: true })}`,
        )
      ).logs,
    placeholderData: (before) => before,
  })
  const stats = useQuery({
    queryKey: ['stats', hours],
    queryFn: async () => (await panel.get<{ stats: Stats }>(`/logs/stats${query({ hours_back: hours })}`)).stats,
  })
  const errorOf = useAttemptError()
  const head = [
    t('history.sentAt'),
    t('history.severity'),
    t('history.message'),
    t('history.rule'),
    t('history.channel'),
    t('history.outcome'),
    t('words.error'),
    `${t('history.took')} (ms)`,
  ]
  const rows = async () => {
    const { stamp } = await import('../../lib/save-csv.ts')
    const { logs } = await panel.get<{ logs: readonly LogEntry[] }>(
      `/logs${query({ hours_back: hours, severity, success, limit: MOST_EXPORTED, tests: true })}`,
    )
    return logs.map((entry) => [
      stamp(`${entry.sent_at}Z`),
      t(`words.${entry.severity}`),
      entry.subject,
      entry.test ? t('history.test') : (entry.rule_name ?? t('alerts.ownRule')),
      entry.channel_name,
      t(entry.success ? 'history.successes' : 'history.failures'),
      errorOf({ ...entry, error: entry.error_message }),
      entry.send_duration_ms,
    ])
  }
  const spanOf = (count: number) =>
    count <= 24 ? t('history.hours', { count }) : t('history.days', { count: count / 24 })
  return (
    <>
      <Card padding={0} mb="md" component="section" aria-label={t('history.history')}>
        <Group p="sm" gap="sm" style={{ borderBottom: '1px solid var(--line)' }}>
          <Select
            aria-label={t('history.period')}
            w={150}
            data={HOURS.map((count) => ({ value: String(count), label: spanOf(count) }))}
            value={hours}
            onChange={(value) => setHours(value ?? '24')}
            allowDeselect={false}
          />
          <Select
            aria-label={t('history.severity')}
            w={150}
            data={[
              { value: '', label: t('history.severity') },
              ...SEVERITIES.map((value) => ({ value, label: t(`words.${value}`) })),
            ]}
            value={severity}
            onChange={(value) => setSeverity(value ?? '')}
            allowDeselect={false}
          />
          <Select
            aria-label={t('history.outcome')}
            w={150}
            data={[
              { value: '', label: t('history.outcome') },
              { value: 'true', label: t('history.successes') },
              { value: 'false', label: t('history.failures') },
            ]}
            value={success}
            onChange={(value) => setSuccess(value ?? '')}
            allowDeselect={false}
          />
          <div style={{ marginLeft: 'auto' }}>
            <ExportButton name={t('history.history')} head={head} rows={rows} />
          </div>
        </Group>
        <Loaded query={log}>
          {(entries) =>
            entries.length === 0 ? <Empty title={t('history.noLog')} /> : <DeliveryLog entries={entries} />
          }
        </Loaded>
      </Card>
      {stats.data && stats.data.total_sent > 0 && <DeliverySums stats={stats.data} />}
    </>
  )
}
