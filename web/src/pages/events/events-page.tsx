import { Button, Card, Group, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api, query } from '../../api/client.ts'
import { useRules } from '../../api/queries.ts'
import type { Event, Page } from '../../api/types.ts'
import { AddressLink } from '../../components/address-link.tsx'
import { Columns } from '../../components/columns.tsx'
import { useEventText } from '../../components/event-text.ts'
import { EventWeight } from '../../components/event-weight.tsx'
import { useKindName } from '../../components/kind.ts'
import { LateListMenu } from '../../components/late-list-menu.tsx'
import { Empty, Failure, Loaded, PageHead } from '../../components/page.tsx'
import { SearchInput } from '../../components/search-input.tsx'
import { SeverityFilter } from '../../components/severity-filter.tsx'
import { Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { timeZone } from '../../lib/format.ts'
import { useUrlState } from '../../lib/url-state.ts'
import { zoneTime } from '../../lib/zone-time.ts'
import { EVENT_TYPES } from './event-types.ts'
import { type EventSearch, useExportedEvents } from './use-exported-events.ts'

const LIMIT = 100
const SETTLE_MS = 250

/** A time as it was typed, by the clock of the chosen zone, as the API takes it. */
const momentOf = (typed: string): string | undefined => {
  if (typed === '') return undefined
  const at = zoneTime(typed, timeZone.get())
  return at === undefined ? undefined : new Date(at).toISOString()
}

/** The next events that fit, however far back they lie. */
const findEvents = async (filter: EventSearch, cursor: number | string | null): Promise<Page<Event>> => {
  const page: Page<Event> = await api.get(`/events${query({ ...filter, limit: LIMIT, cursor })}`)
  return page.items.length === 0 && page.next_cursor !== null ? findEvents(filter, page.next_cursor) : page
}

interface TimeFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

const TimeField = ({ label, value, onChange }: TimeFieldProps) => (
  <Group gap={6} wrap="nowrap" fz="sm" className="quiet">
    <span aria-hidden="true">{label}</span>
    <TextInput
      type="datetime-local"
      aria-label={label}
      value={value}
      max="9999-12-31T23:59"
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  </Group>
)

/** Everything that happened, newest first. */
const EventsPage = () => {
  const { t } = useTranslation()
  const kindName = useKindName()
  const textOf = useEventText()
  const [type, setType] = useUrlState('type')
  const { data: rules = [] } = useRules()
  const types = [...new Set([...EVENT_TYPES, ...rules.map((rule) => rule.type)])]
  const [severity, setSeverity] = useUrlState('severity')
  const [text, setText] = useUrlState('q')
  const [from, setFrom] = useUrlState('from')
  const [to, setTo] = useUrlState('to')
  const [q] = useDebouncedValue(text.trim(), SETTLE_MS)
  const filter = { type, severity, q, from: momentOf(from), to: momentOf(to) }
  const exported = useExportedEvents(filter)
  const filtered = Object.values(filter).some((one) => one !== undefined && one !== '')
  const events = useInfiniteQuery({
    queryKey: ['events', 'all', filter],
    queryFn: ({ pageParam }) => findEvents(filter, pageParam),
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
            style={{ flex: '1 1 150px', maxWidth: 260 }}
            data={[
              { value: '', label: t('alerts.anyType') },
              ...types.map((value) => ({ value, label: kindName(value) })),
            ]}
            value={type}
            onChange={(value) => setType(value ?? '')}
            allowDeselect={false}
          />
          <SeverityFilter value={severity} onChange={setSeverity} style={{ flex: '1 1 110px', maxWidth: 140 }} />
          <SearchInput value={text} onChange={setText} placeholder={t('alerts.eventSearchHint')} basis={200} />
          <div style={{ marginLeft: 'auto', order: 1 }}>
            <LateListMenu page="events" {...exported} />
          </div>
          <Group gap="sm">
            <TimeField label={t('words.from')} value={from} onChange={setFrom} />
            <TimeField label={t('words.to')} value={to} onChange={setTo} />
          </Group>
        </Group>
        {events.isError && !events.data ? (
          <Failure error={events.error} retry={() => void events.refetch()} />
        ) : items.length === 0 && !events.isPending ? (
          <Empty title={t(filtered ? 'alerts.eventsNoMatch' : 'alerts.eventsEmpty')}>
            {!filtered && t('alerts.eventsEmptyHint')}
          </Empty>
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
                      <AddressLink text={event.subject} />
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
