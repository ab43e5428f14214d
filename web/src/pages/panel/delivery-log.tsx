import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAttemptError } from '../../components/attempt-text.ts'
import { SeverityText, StateMark } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { milliseconds } from '../../lib/format.ts'
import type { LogEntry } from './stats.ts'

/** Attempts to deliver, a line each. */
export const DeliveryLog = ({ entries }: { readonly entries: readonly LogEntry[] }) => {
  const { t } = useTranslation()
  return (
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
      <td className="break">
        {entry.test ? (
          <Badge variant="light" color="gray">
            {t('history.test')}
          </Badge>
        ) : (
          (entry.rule_name ?? <span className="quiet">{t('alerts.ownRule')}</span>)
        )}
      </td>
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
