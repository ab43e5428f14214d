import { Card, Group, Select, SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { panel, query } from '../../api/client.ts'
import { useAttemptError } from '../../components/attempt-text.ts'
import { Empty, Loaded } from '../../components/page.tsx'
import { SeverityText, StateMark } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { milliseconds, number } from '../../lib/format.ts'
import { useUrlState } from '../../lib/url-state.ts'
import type { LogEntry, Stats } from './stats.ts'

const HOURS = [1, 24, 168, 720] as const
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const
const LIMIT = 200

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
          `/logs${query({ hours_back: hours, severity, success, limit: LIMIT })}`,
        )
      ).logs,
    placeholderData: (before) => before,
  })
  const stats = useQuery({
    queryKey: ['stats', hours],
    queryFn: async () => (await panel.get<{ stats: Stats }>(`/logs/stats${query({ hours_back: hours })}`)).stats,
  })
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
        </Group>
        <Loaded query={log}>
          {(entries) =>
            entries.length === 0 ? (
              <Empty title={t('history.noLog')} />
            ) : (
              <Wide padded>
                <table className="plain stack">
                  <thead>
                    <tr>
                      <th>{t('history.sentAt')}</th>
                      <th>{t('history.severity')}</th>
                      <th>{t('history.message')}</th>
                      <th>{t('history.rule')}</th>
                      <th>{t('history.channel')}</th>
                      <th>{t('history.outcome')}</th>
                      <th style={{ textAlign: 'right' }}>{t('history.took')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {entries.map((entry) => (
                      <Entry key={entry.id} entry={entry} />
                    ))}
                  </tbody>
                </table>
              </Wide>
            )
          }
        </Loaded>
      </Card>
      {stats.data && stats.data.total_sent > 0 && (
        <SimpleGrid cols={{ base: 1, md: 2 }} mb="md">
          <Card component="section">
            <Text component="h2" fw={600} mb="xs">
              {t('history.bySeverity')}
            </Text>
            <Group>
              {SEVERITIES.map((one) => (
                <span key={one} style={{ display: 'inline-flex', gap: 8 }}>
                  <SeverityText severity={one} />{' '}
                  <b className="number">{number(stats.data.by_severity[one.toLowerCase() as 'low'])}</b>
                </span>
              ))}
            </Group>
          </Card>
          {stats.data.top_rules.length > 0 && (
            <Card component="section">
              <Text component="h2" fw={600} mb="xs">
                {t('history.topRules')}
              </Text>
              {stats.data.top_rules.map(({ rule_name: name, count }) => (
                <Group key={name} justify="space-between" fz="sm">
                  <span className="break">{name}</span>
                  <b className="number">{number(count)}</b>
                </Group>
              ))}
            </Card>
          )}
        </SimpleGrid>
      )}
    </>
  )
}

const Entry = ({ entry }: { readonly entry: LogEntry }) => {
  const { t } = useTranslation()
  const errorOf = useAttemptError()
  const error = errorOf({ ...entry, error: entry.error_message })
  return (
    <tr>
      <td>
        <Moment at={`${entry.sent_at}Z`} />
      </td>
      <td>
        <SeverityText severity={entry.severity} />
      </td>
      <td className="all" style={{ minWidth: 240, maxWidth: 480 }}>
        <details>
          <summary className="break">{entry.subject}</summary>
          <pre className="break quiet" style={{ whiteSpace: 'pre-wrap', font: 'inherit', margin: '4px 0' }}>
            {entry.message}
          </pre>
        </details>
      </td>
      <td className="break">{entry.rule_name ?? <span className="quiet">{t('alerts.ownRule')}</span>}</td>
      <td className="break">{entry.channel_name}</td>
      <td className="break">
        <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
          <StateMark state={entry.success ? 'up' : 'down'} />
          {t(entry.success ? 'history.successes' : 'history.failures')}
        </span>
        {error && <div className="quiet">{error.slice(0, 500)}</div>}
      </td>
      <td className="number" style={{ textAlign: 'right', whiteSpace: 'nowrap' }}>
        {milliseconds(entry.send_duration_ms)}
      </td>
    </tr>
  )
}
