import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useAlerts } from '../../api/queries.ts'
import { SeverityText } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { now } from '../../lib/clock.ts'
import { duration } from '../../lib/format.ts'
import { LastOf } from './last-of.tsx'

export const AlertsOf = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const alerts = useAlerts({ monitor: id, limit: 20 })
  return (
    <LastOf
      title={t('monitors.alertsOf')}
      items={alerts}
      none={t('monitors.noAlertsOf')}
      columns={[t('words.since'), t('words.state'), t('words.severity'), t('monitors.for')]}
    >
      {(alert) => (
        <>
          <td>
            <Link href={`/alerts/${alert.id}`}>
              <Moment at={alert.since} />
            </Link>
          </td>
          <td>{t(`words.${alert.status}`)}</td>
          <td>
            <SeverityText severity={alert.severity} />
          </td>
          <td className="number">
            {alert.since &&
              duration((alert.resolved_at ? Date.parse(alert.resolved_at) : now()) - Date.parse(alert.since))}
          </td>
        </>
      )}
    </LastOf>
  )
}
