import { Alert, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { EngineStats } from '../../api/types.ts'
import { type CauseFields, useCause } from '../../components/cause.ts'
import { Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/page.tsx'
import { StateMark } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { clockAhead } from '../../lib/clock.ts'
import { duration, milliseconds, number } from '../../lib/format.ts'
import { Section } from './section.tsx'

/** How the probes do, by the engine's own counts. */
type Engine = Pick<EngineStats, 'overruns' | 'results' | 'lateness'> & {
  readonly in_flight: EngineStats['inFlight']
  readonly icmp: readonly Pick<EngineStats['icmp'][number], 'family' | 'method' | 'sent' | 'received'>[]
}

interface About {
  readonly version: string
  readonly node: string
  readonly database: string
  readonly started_at: string
  readonly time_zone: string
  readonly memory_mb: number
  readonly disk_free_bytes: number
  readonly disk_total_bytes: number
  readonly trouble: string | null
  readonly trouble_cause: Pick<CauseFields, 'cause_code' | 'cause_facts'> | null
  readonly engine: Engine | null
  readonly monitors: number
  readonly outbox: { readonly pending: number; readonly held: number; readonly failed: number }
}

const REFRESH_MS = 10_000
const GB = 1024 ** 3

const AboutSection = () => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const troubleOf = ({ trouble, trouble_cause }: About) =>
    causeOf({ cause: trouble, cause_code: trouble_cause?.cause_code, cause_facts: trouble_cause?.cause_facts })
  const about = useQuery({
    queryKey: ['about'],
    queryFn: async () => ({ ...(await api.get<About>('/about')), aheadMs: clockAhead() }),
    refetchInterval: REFRESH_MS,
  })
  return (
    <Loaded query={about} lines={8}>
      {(data) => (
        <>
          {data.aheadMs !== 0 && (
            <Alert color="yellow" mb="md">
              {t('settings.clockWrong', { time: duration(Math.abs(data.aheadMs)) })}
            </Alert>
          )}
          <Section title={t('settings.health')}>
            <Text style={{ display: 'flex', gap: 8, alignItems: 'center' }} mb="sm">
              <StateMark state={data.trouble === null ? 'up' : 'down'} />
              {data.trouble === null ? t('settings.healthy') : troubleOf(data)}
            </Text>
            <Facts
              facts={[
                [t('settings.started'), <Ago key="started" at={data.started_at} />],
                [t('monitors.title'), number(data.monitors)],
                [t('settings.memory'), `${number(data.memory_mb)} MB`],
                [
                  t('settings.disk'),
                  t('settings.diskOf', {
                    free: `${number(data.disk_free_bytes / GB, 1)} GB`,
                    total: `${number(data.disk_total_bytes / GB, 1)} GB`,
                  }),
                ],
                [t('settings.outbox'), t('settings.outboxOf', data.outbox)],
                [t('settings.serverZone'), data.time_zone],
              ]}
            />
          </Section>
          {data.engine && (
            <Section title={t('settings.engine')}>
              <EngineFacts engine={data.engine} />
            </Section>
          )}
          <Section title={t('settings.sections.about')}>
            <Facts
              facts={[
                [t('settings.version'), `Vigía ${data.version}`],
                ['Node', data.node],
                [t('settings.database'), data.database],
                [
                  t('settings.api'),
                  <span key="api">
                    {t('settings.apiText')} <a href="/api/v1/docs">{t('settings.openapi')}</a>
                  </span>,
                ],
              ]}
            />
          </Section>
        </>
      )}
    </Loaded>
  )
}
export default AboutSection

const EngineFacts = ({ engine: { in_flight, overruns, results, lateness, icmp } }: { readonly engine: Engine }) => {
  const { t } = useTranslation()
  return (
    <Facts
      facts={[
        [
          t('settings.lateness'),
          t('settings.latenessOf', {
            half: milliseconds(lateness.p50),
            most: milliseconds(lateness.p99),
            worst: milliseconds(lateness.max),
          }),
        ],
        [
          t('settings.results'),
          t('settings.resultsOf', { total: number(results.total), failed: number(results.failed) }),
        ],
        [t('settings.inFlight'), number(in_flight)],
        [t('settings.overruns'), number(overruns)],
        ...icmp.map(
          ({ family, method, sent, received }) =>
            [
              `ICMP, IPv${family}`,
              t('settings.icmpOf', { sent: number(sent), received: number(received), method }),
            ] as const,
        ),
      ]}
    />
  )
}
