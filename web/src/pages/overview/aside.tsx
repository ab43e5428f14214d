import { Card, Text } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useAlerts, useEvents } from '../../api/queries.ts'
import { useEventText } from '../../components/event-text.ts'
import { Marks } from '../../components/marks.tsx'
import { Loaded } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import classes from './overview.module.css'

const SHOWN = 8

/** Open alerts and the stream of events, beside the wall. */
export const Aside = memo(() => {
  const { t } = useTranslation()
  const alerts = useAlerts({ status: 'firing', sort: 'severity', cut_off: false, limit: SHOWN })
  const events = useEvents(undefined, SHOWN)
  const textOf = useEventText()
  return (
    <aside className={classes.aside}>
      <Card component="section">
        <Text component="h2" fw={600} mb={4}>
          <Link href="/alerts/active" className="plain">
            {t('monitors.openAlerts')}
          </Link>
        </Text>
        <Loaded query={alerts}>
          {(all) => {
            const items = all.filter(({ maintenance }) => !maintenance)
            return items.length === 0 ? (
              <Text className="quiet" size="sm">
                {t('monitors.noAlerts')}
              </Text>
            ) : (
              <ul className={classes.asideList}>
                {items.map((alert) => (
                  <li key={alert.id}>
                    <Link href={`/alerts/${alert.id}`} className="plain clip" title={alert.subject}>
                      {alert.subject}
                    </Link>
                    <SeverityText severity={alert.severity} />
                    <span className={`quiet ${classes.standing}`}>
                      {alert.cuts_off > 0 && <span>{t('standing.cutOff', { count: alert.cuts_off })}</span>}
                      <Marks mark={alert} />
                    </span>
                    <span className="quiet">
                      <Ago at={alert.since} />
                    </span>
                  </li>
                ))}
              </ul>
            )
          }}
        </Loaded>
      </Card>
      <Card component="section">
        <Text component="h2" fw={600} mb={4}>
          <Link href="/events" className="plain">
            {t('monitors.recent')}
          </Link>
        </Text>
        <Loaded query={events}>
          {(items) =>
            items.length === 0 ? (
              <Text className="quiet" size="sm">
                {t('monitors.noEvents')}
              </Text>
            ) : (
              <ul className={classes.asideList}>
                {items.map((event) => (
                  <li key={event.id}>
                    <Link href={`/events/${event.id}`} className="plain clip">
                      {event.subject}
                    </Link>
                    <span className="quiet">
                      <Ago at={event.at} />
                    </span>
                    <span className={`quiet clip ${classes.whole}`}>{textOf(event)}</span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
    </aside>
  )
})
