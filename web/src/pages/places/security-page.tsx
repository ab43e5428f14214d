import { Card, Code, Stack, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, query } from '../../api/client.ts'
import type { Event, Page } from '../../api/types.ts'
import { kindOf, useKindName } from '../../components/kind.ts'
import { Empty, PageHead } from '../../components/page.tsx'
import { RecentEvents } from '../../components/recent-events.tsx'
import { Ago } from '../../components/time.tsx'
import { addTexts } from '../../i18n/index.ts'
import { places as placesTexts } from '../../i18n/texts/places.ts'
import { number } from '../../lib/format.ts'
import { ClassifierCard } from '../security/classifier-card.tsx'
import { MostSeen } from '../security/most-seen.tsx'
import { ToLookAt } from '../security/to-look-at.tsx'
import { Bans } from './bans.tsx'
import { FollowedLogs } from './followed-logs.tsx'

addTexts('places', placesTexts)

const TYPES = ['zeek_detection', 'fail2ban_ban', 'ml_prediction'] as const
const READ = 500
const SHOWN = 12
const YAML = `sources:
  zeek: { logs: /opt/zeek/logs/current }
  fail2ban: { log: /var/log/fail2ban.log }`

interface Tally {
  readonly name: string
  readonly count: number
  readonly last: Event
}

/** The most frequent values, with the newest event of each; events come newest first. */
const tally = (events: readonly Event[], nameOf: (event: Event) => string): readonly Tally[] => {
  const groups = Map.groupBy(
    events.filter((event) => nameOf(event) !== ''),
    nameOf,
  )
  return [...groups]
    .map(([name, members]) => ({ name, count: members.length, last: members[0]! }))
    .sort((a, b) => b.count - a.count)
    .slice(0, SHOWN)
}

/** Who was seen most, detections by kind, and bans. */
const SecurityPage = () => {
  const { t } = useTranslation()
  const kindName = useKindName()
  const answers = useQueries({
    queries: TYPES.map((type) => ({
      queryKey: ['events', 'security', type],
      queryFn: async () => (await api.get<Page<Event>>(`/events${query({ type, limit: READ })}`)).items,
    })),
  })
  const events = answers.flatMap(({ data }) => data ?? []).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const loading = answers.some(({ isPending }) => isPending)
  return (
    <>
      <PageHead title={t('places.security')} below={<Text className="quiet">{t('places.securityHint')}</Text>} />
      {events.length === 0 && !loading ? (
        <Card mb="md">
          <Empty
            title={t('places.securityOff')}
            action={
              <Code block ta="left" tabIndex={0}>
                {YAML}
              </Code>
            }
          >
            {t('places.securityHow')}
          </Empty>
        </Card>
      ) : (
        <Stack mb="md">
          <ToLookAt />
          <MostSeen />
          <Ranking
            title={t('places.byKind')}
            heading={t('places.kind')}
            rows={tally(events, (event) => kindName(kindOf(event)))}
          />
          <RecentEvents title={t('monitors.recent')} events={events.slice(0, 30)} country />
        </Stack>
      )}
      <ClassifierCard />
      <FollowedLogs />
      <Bans />
    </>
  )
}
export default SecurityPage

const Ranking = ({
  title,
  heading,
  rows,
}: {
  readonly title: string
  readonly heading: string
  readonly rows: readonly Tally[]
}) => {
  const { t } = useTranslation()
  const top = rows[0]?.count ?? 1
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {title}
      </Text>
      <table className="plain">
        <thead>
          <tr>
            <th>{heading}</th>
            <th>{t('alerts.count')}</th>
            <th>{t('places.last')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, count, last }) => (
            <tr key={name}>
              <td className="break">{name}</td>
              <td style={{ width: '35%' }}>
                <span style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
                  <span className="number">{number(count)}</span>
                  <span
                    style={{
                      height: 8,
                      borderRadius: 3,
                      background: 'var(--series)',
                      width: `${(count / top) * 100}%`,
                      minWidth: 2,
                    }}
                  />
                </span>
              </td>
              <td className="quiet">
                <Ago at={last.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
