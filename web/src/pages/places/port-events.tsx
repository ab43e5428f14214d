import { Card, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useEvents } from '../../api/queries.ts'
import { useEventText } from '../../components/event-text.ts'
import { SeverityText } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'

const SHOWN = 20

/** What went wrong at ports; nothing where nothing did. */
export const PortEvents = () => {
  const { t } = useTranslation()
  const textOf = useEventText()
  const { data: events = [] } = useEvents('port_state', SHOWN)
  if (events.length === 0) return null
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {t('places.portEvents')}
      </Text>
      <Wide>
        <table className="plain stack">
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
                <td className="break quiet all">{textOf(event)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Card>
  )
}
