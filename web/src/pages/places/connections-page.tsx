import { Card, Code, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useEvents } from '../../api/queries.ts'
import { useEventText } from '../../components/event-text.ts'
import { Empty, PageHead } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'

const SHOWN = 20
const EXPORTER = 'PUERTOS_A_MONITOREAR=22,80,443 PROMETHEUS_PORT=8000 npx vigia exporter'

/** Ports and their connections; until there are figures, how to get them. */
const ConnectionsPage = () => {
  const { t } = useTranslation()
  const textOf = useEventText()
  const { data: events = [] } = useEvents('port_state', SHOWN)
  return (
    <>
      <PageHead title={t('places.connections')} below={<Text className="quiet">{t('places.connectionsHint')}</Text>} />
      {events.length > 0 ? (
        <Card component="section">
          <Text component="h2" fw={600} mb="xs">
            {t('places.portEvents')}
          </Text>
          <Wide>
            <table className="plain">
              <tbody>
                {events.map((event) => (
                  <tr key={event.id}>
                    <td>
                      <Link href={`/events/${event.id}`}>
                        <Moment at={event.at} />
                      </Link>
                    </td>
                    <td>
                      <SeverityText severity={event.severity} />
                    </td>
                    <td className="break">{event.subject}</td>
                    <td className="break quiet">{textOf(event)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        </Card>
      ) : (
        <Card>
          <Empty
            title={t('places.connectionsOff')}
            action={
              <Code block tabIndex={0}>
                {EXPORTER}
              </Code>
            }
          >
            {t('places.connectionsHow')}
          </Empty>
        </Card>
      )}
    </>
  )
}
export default ConnectionsPage
