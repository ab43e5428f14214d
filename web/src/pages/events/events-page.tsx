import { Button, Card, Group, Select, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api, query } from '../../api/client.ts'
import { useRules } from '../../api/queries.ts'
import type { Event, Page } from '../../api/types.ts'
import { Columns } from '../../components/columns.tsx'
import { useEventText } from '../../components/event-text.ts'
import { EventWeight } from '../../components/event-weight.tsx'
import { useKindName } from '../../components/kind.ts'
import { Empty, Failure, Loaded, PageHead } from '../../components/page.tsx'
import { Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { useUrlState } from '../../lib/url-state.ts'
import { EVENT_TYPES } from './event-types.ts'

const LIMIT = 100

/** Everything that happened, newest first. */
const EventsPage = () => {
  const { t } = useTranslation()
  const kindName = useKindName()
  const textOf = useEventText()
  const [type, setType] = useUrlState('type')
  const { data: rules = [] } = useRules()
  const types = [...new Set([...EVENT_TYPES, ...rules.map((rule) => rule.type)])]
  const events = useInfiniteQuery({
    queryKey: ['events', 'all', type],
    queryFn: ({ pageParam }) => api.get<Page<Event>>(`/events${query({ type, limit: LIMIT, cursor: pageParam })}`),
    initialPageParam: null as number | string | null,
    getNextPageParam: (page) => page.next_cursor,
  })
  const items = events.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <PageHead title={t('alerts.events')} below={<Text className="quiet">{t('alerts.eventsHint')}</Text>} />
      <Card padding={0} component="section" aria-label={t('alerts.events')}>
        <Group p="sm" style={{ borderBottom: '1px solid var(--line)' }}>
          <Select
            aria-label={t('alerts.eventType')}
            searchable
            w={260}
            data={[
              { value: '', label: t('alerts.anyType') },
              ...types.map((value) => ({ value, label: kindName(value) })),
            ]}
            value={type}
            onChange={(value) => setType(value ?? '')}
            allowDeselect={false}
          />
        </Group>
        {events.isError && !events.data ? (
          <Failure error={events.error} retry={() => void events.refetch()} />
        ) : items.length === 0 && !events.isPending ? (
          <Empty title={t('alerts.eventsEmpty')}>{t('alerts.eventsEmptyHint')}</Empty>
        ) : (
          <Wide padded>
            <table className="plain stack">
              <Columns
                names={[t('words.when'), t('words.severity'), t('words.subject'), t('words.what'), t('alerts.source')]}
              />
              <tbody>
                {items.map((event) => (
                  <tr key={event.id}>
                    <td>
                      <Link href={`/events/${event.id}`}>
                        <Moment at={event.at} />
                      </Link>
                    </td>
                    <td>
                      <EventWeight event={event} />
                    </td>
                    <td className="break" style={{ minWidth: 110 }}>
                      {event.subject}
                    </td>
                    <td className="break quiet all">{textOf(event).slice(0, 300)}</td>
                    <td className="quiet">{event.source}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        )}
        {events.isPending && <Loaded query={events as never}>{() => null}</Loaded>}
        {events.hasNextPage && (
          <Group justify="center" p="sm">
            <Button variant="default" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
              {t('words.more')}
            </Button>
          </Group>
        )}
      </Card>
    </>
  )
}
export default EventsPage
