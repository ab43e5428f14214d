import { Button, Card, Group, SimpleGrid, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useChannels, useMay, useRules } from '../../api/queries.ts'
import { useAttemptText } from '../../components/attempt-text.ts'
import { useAlertCause } from '../../components/cause.ts'
import { Dependants } from '../../components/dependants.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { Facts } from '../../components/facts.tsx'
import { Icon, type IconName } from '../../components/icon.tsx'
import { Loaded, PageHead } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago, Moment as MomentText } from '../../components/time.tsx'
import { sayFailed } from '../../components/toast.tsx'
import { useWho } from '../../components/who.ts'
import { now } from '../../lib/clock.ts'
import { absolute, duration } from '../../lib/format.ts'
import { plain } from '../../lib/plain.ts'
import { AlertActions } from './actions.tsx'
import classes from './alerts.module.css'
import { type AlertDetail, type Moment, momentsOf } from './timeline.ts'

/** What the details say already. */
const TOLD: ReadonlySet<string> = new Set(['monitor', 'cause', 'since', 'unwatched'])
/** What a cause of the server's own is made of, which stands above in words. */
const MADE_OF: ReadonlySet<string> = new Set(['cause_code', 'cause_facts'])

/** When it is told again at the earliest: who has it, and a silence, put a reminder off. */
const nextNoticeOf = ({ next_notice_at: next, acknowledgement, silence }: AlertDetail): string | undefined => {
  if (!next || (acknowledgement && !acknowledgement.until)) return undefined
  return [next, acknowledgement?.until, silence?.until]
    .filter((at) => typeof at === 'string')
    .toSorted((one, other) => Date.parse(one) - Date.parse(other))
    .at(-1)
}

/** One alert: what it is about, and everything that was decided and sent. */
const AlertPage = ({ id }: { readonly id: number }) => {
  const alert = useQuery({ queryKey: ['alert', id], queryFn: () => api.get<AlertDetail>(`/alerts/${id}`) })
  return (
    <Loaded query={alert} lines={8}>
      {(data) => <Shown alert={data} />}
    </Loaded>
  )
}
export default AlertPage

const Shown = ({ alert }: { readonly alert: AlertDetail }) => {
  const { t } = useTranslation()
  const may = useMay()
  const client = useQueryClient()
  const errorText = useErrorText()
  const causeOf = useAlertCause()
  const { data: rules = [] } = useRules()
  const open = alert.status !== 'resolved'
  const { acknowledgement, silence } = alert
  const who = useWho()
  const rule = rules.find(({ id }) => id === alert.rule)
  const end = alert.resolved_at ? Date.parse(alert.resolved_at) : now()
  const lasting = alert.since ? duration(end - Date.parse(alert.since) - alert.unwatched_ms) : ''
  const lasted =
    alert.unwatched_ms > 0 ? `${lasting}, ${t('alerts.unwatched', { time: duration(alert.unwatched_ms) })}` : lasting
  const takeBack = () =>
    api.delete(`/alerts/${alert.id}/acknowledge`).then(
      () => client.invalidateQueries({ queryKey: ['alert'] }),
      (error) => sayFailed(errorText(error)),
    )

  const next = open ? nextNoticeOf(alert) : undefined
  const lines: readonly (readonly [string, React.ReactNode])[] = [
    [t('words.since'), <MomentText key="since" at={alert.since} />],
    [t('monitors.for'), alert.since && lasted],
    [t('words.cause'), causeOf(alert)],
    [
      t('alerts.monitor'),
      alert.monitor !== null && (
        <Link key="monitor" href={`/monitors/${alert.monitor}`}>
          {String(alert.data.monitor ?? alert.subject)}
        </Link>
      ),
    ],
    [
      t('alerts.rule'),
      alert.rule === null ? (
        t('alerts.ownRule')
      ) : (
        <Link key="rule" href={`/alerts/rules/${alert.rule}`}>
          {rule?.name ?? alert.rule}
        </Link>
      ),
    ],
    [t('alerts.count'), alert.count],
    [t('alerts.nextNotice'), next && <MomentText key="next" at={next} />],
    [
      t('alerts.resolvedAt'),
      alert.resolved_at && (
        <span key="end">
          <MomentText at={alert.resolved_at} /> {alert.resolved_by && t(`alerts.resolvedBy.${alert.resolved_by}`)}
          {alert.closed_by && ` (${alert.closed_by})`}
        </span>
      ),
    ],
  ]

  return (
    <>
      <PageHead
        title={alert.subject}
        beside={<SeverityText severity={alert.severity} />}
        below={
          <Group gap="xs" className="quiet" fz="sm">
            <span>{t(`words.${alert.status}`)}</span>·<Ago at={alert.since} />
          </Group>
        }
        actions={may && open && <AlertActions alerts={[alert]} />}
      />
      {acknowledgement && open && (
        <Card mb="md" padding="sm">
          <Group justify="space-between">
            <Text className="break">
              <b>{t('alerts.acknowledgedBy', { name: who(acknowledgement.by) })}</b>
              {acknowledgement.until && `, ${t('alerts.until', { time: absolute(acknowledgement.until) })}`}
              {acknowledgement.note && `: ${acknowledgement.note}`}
            </Text>
            {may && (
              <Button size="xs" variant="default" onClick={() => void takeBack()}>
                {t('alerts.takeBack')}
              </Button>
            )}
          </Group>
        </Card>
      )}
      {silence && open && (
        <Card mb="md" padding="sm">
          <Group gap="xs" wrap="nowrap">
            <Icon name="mute" size={18} />
            <Text className="break">
              <b>{t('alerts.silencedUntil', { time: absolute(silence.until) })}</b>{' '}
              {t('alerts.by', { name: who(silence.by) })}
              {silence.comment && `: ${silence.comment}`}
            </Text>
          </Group>
        </Card>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }} mb="md">
        <Card component="section">
          <Text component="h2" fw={600} mb="xs">
            {t('words.details')}
          </Text>
          <Facts facts={lines} />
        </Card>
        <Card component="section">
          <Text component="h2" fw={600} mb="xs">
            {t('alerts.facts')}
          </Text>
          <Facts
            facts={Object.entries(alert.data)
              .filter(([name]) => !TOLD.has(name) && !(alert.cause_code !== undefined && MADE_OF.has(name)))
              .map(([name, value]) => [name, plain(value)])}
          />
        </Card>
      </SimpleGrid>
      {typeof alert.data.monitor === 'string' && <Dependants of={alert.data.monitor} />}
      <Card component="section">
        <Group justify="space-between" mb="xs">
          <Text component="h2" fw={600}>
            {t('alerts.timeline')}
          </Text>
          {alert.last_event !== null && <Link href={`/events/${alert.last_event}`}>{t('alerts.explain')}</Link>}
        </Group>
        <ol className={classes.timeline}>
          {momentsOf(alert).map((moment, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: moments have no other identity
            <Line key={index} moment={moment} alert={alert} />
          ))}
        </ol>
      </Card>
    </>
  )
}

const ICONS: Readonly<Record<Moment['kind'], IconName>> = {
  decision: 'rules',
  notification: 'bell',
  attempt: 'out',
  failures: 'out',
  acknowledged: 'check',
  resolved: 'check',
}

const Line = ({ moment, alert }: { readonly moment: Moment; readonly alert: AlertDetail }) => (
  <li className={classes.moment}>
    <span className="quiet number">
      <MomentText at={moment.at} />
    </span>
    <span className={`quiet ${classes.mark}`}>
      <Icon name={ICONS[moment.kind]} size={16} />
    </span>
    <span className="break">
      <Words moment={moment} alert={alert} />
    </span>
  </li>
)

const Words = ({ moment, alert }: { readonly moment: Moment; readonly alert: AlertDetail }) => {
  const { t } = useTranslation()
  const attemptText = useAttemptText()
  const who = useWho()
  const { data: channels = [] } = useChannels()
  const nameOf = (id: number) => channels.find((channel) => channel.id === id)?.name ?? `#${id}`
  if (moment.kind === 'decision') {
    const { outcome, until, event } = moment.decision
    return (
      <>
        {t(`alerts.outcomes.${outcome as 'first'}`, { defaultValue: outcome })}
        {until && `, ${t('alerts.until', { time: absolute(until) })}`}{' '}
        <Link href={`/events/${event}`}>{t('alerts.showEvent')}</Link>
      </>
    )
  }
  if (moment.kind === 'notification') {
    const { notification } = moment
    const reason = t(`alerts.reasons.${notification.reason}`)
    const waits = notification.status === 'pending' && notification.next_attempt_at
    return (
      <>
        {t('alerts.notified', { reason, channel: nameOf(notification.channel) })}
        {waits && `: ${t('alerts.waiting', { time: absolute(notification.next_attempt_at) })}`}
        {notification.status === 'held' && `: ${t('alerts.held')}`}
        {notification.status === 'digested' && `: ${t('alerts.digested')}`}
        {notification.status === 'cancelled' &&
          `: ${t(notification.fallback === null ? 'alerts.cancelled' : 'alerts.byFallback')}`}
      </>
    )
  }
  if (moment.kind === 'attempt') {
    const { attempt, number, channel } = moment
    return (
      <span style={{ color: attempt.ok ? undefined : 'var(--state-down-text)' }}>
        {nameOf(channel)}, {t('alerts.attempt', { number, result: attemptText(attempt) })}
      </span>
    )
  }
  if (moment.kind === 'failures') {
    const { from, to, channel } = moment
    return <span className="quiet">{t('alerts.failedBetween', { channel: nameOf(channel), from, to })}</span>
  }
  if (moment.kind === 'acknowledged') return <>{t('alerts.acknowledgedBy', { name: who(alert.acknowledgement?.by) })}</>
  return (
    <>
      {t('words.resolved')} {alert.resolved_by && t(`alerts.resolvedBy.${alert.resolved_by}`)}
    </>
  )
}
