import { Card, Text } from '@mantine/core'
import { Link } from 'wouter'
import type { Event } from '../api/types.ts'
import { AddressLink } from './address-link.tsx'
import { useEventText } from './event-text.ts'
import { SeverityText } from './state.tsx'
import { Moment } from './time.tsx'
import { Wide } from './wide.tsx'

/** What happened last, each with the way to all that is known of it; `country`: with where its address lies. */
export const RecentEvents = ({
  title,
  events,
  country = false,
}: {
  readonly title: string
  readonly events: readonly Event[]
  readonly country?: boolean
}) => {
  const textOf = useEventText()
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {title}
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
                <td className="break">
                  <AddressLink text={event.subject} />
                </td>
                <td className="break quiet all">{textOf(event)}</td>
                {country && <td className="quiet">{typeof event.country === 'string' ? event.country : ''}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Card>
  )
}
