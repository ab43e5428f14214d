import { Card, Code, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Port } from '../../api/types.ts'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { Ago } from '../../components/time.tsx'
import { addTexts } from '../../i18n/index.ts'
import { places as placesTexts } from '../../i18n/texts/places.ts'
import { useUrlState } from '../../lib/url-state.ts'
import { PortEvents } from './port-events.tsx'
import { PortTable } from './port-table.tsx'

addTexts('places', placesTexts)

const PortChart = lazy(() => import('./port-chart.tsx'))

const COUNT_EVERY_MS = 5000
const HOW = `sources:
  ports: { watch: listening }    # [22, 80, 443]`

interface Ports {
  /** When they were last counted; null where nobody counts. */
  readonly at: string | null
  readonly items: readonly Port[]
  readonly left_out: number
}

/** Ports of this machine, who listens there, and their connections now and over time. */
const ConnectionsPage = () => {
  const { t } = useTranslation()
  const ports = useQuery({
    queryKey: ['ports'],
    queryFn: () => api.get<Ports>('/ports'),
    refetchInterval: COUNT_EVERY_MS,
  })
  return (
    <>
      <PageHead title={t('places.connections')} below={<Text className="quiet">{t('places.connectionsHint')}</Text>} />
      <Loaded query={ports} lines={8}>
        {(data) => (data.items.length === 0 ? <NotWatched /> : <Watched ports={data} />)}
      </Loaded>
      <PortEvents />
    </>
  )
}
export default ConnectionsPage

const NotWatched = () => {
  const { t } = useTranslation()
  return (
    <Card mb="md">
      <Empty
        title={t('places.connectionsOff')}
        action={
          <Code block tabIndex={0} ta="left">
            {HOW}
          </Code>
        }
      >
        {t('places.connectionsHow')}
      </Empty>
    </Card>
  )
}

const Watched = ({ ports: { at, items, left_out: left } }: { readonly ports: Ports }) => {
  const { t } = useTranslation()
  const [wanted, choose] = useUrlState('port')
  const chosen = items.find(({ port }) => String(port) === wanted) ?? items[0]!
  return (
    <>
      <Card component="section" mb="md">
        <Suspense fallback={<div style={{ height: 340 }} />}>
          <PortChart port={chosen.port} />
        </Suspense>
      </Card>
      <Card component="section" mb="md">
        <Text component="h2" fw={600}>
          {t('places.ports')}
        </Text>
        <Text size="sm" className="quiet" mb="xs">
          {t('places.countedAt')} <Ago at={at} /> {left > 0 && t('places.leftOut', { count: left })}
        </Text>
        <PortTable ports={items} chosen={chosen.port} choose={(port) => choose(String(port))} />
      </Card>
    </>
  )
}
