import { Card, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useAlerts } from '../../api/queries.ts'
import { Columns } from '../../components/columns.tsx'
import { Loaded } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { now } from '../../lib/clock.ts'
import { duration } from '../../lib/format.ts'

export const AlertsOf = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const alerts = useAlerts({ monitor: id, limit: 20 })
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {t('monitors.alertsOf')}
      </Text>
      <Loaded query={alerts}>
        {(items) =>
          items.length === 0 ? (
            <Text className="quiet" size="sm">
              {t('monitors.noAlertsOf')}
            </Text>
          ) : (
            <table className="plain stack">
              <Columns names={[t('words.since'), t('words.state'), t('words.severity'), t('monitors.for')]} />
              <tbody>
                {items.map((alert) => (
                  <tr key={alert.id}>
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
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Card>
  )
}
