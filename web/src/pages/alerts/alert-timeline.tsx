import { Card, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useChannels } from '../../api/queries.ts'
import { useAttemptText } from '../../components/attempt-text.ts'
import { Icon, type IconName } from '../../components/icon.tsx'
import { Moment as MomentText } from '../../components/time.tsx'
import { useWho } from '../../components/who.ts'
import { absolute } from '../../lib/format.ts'
import classes from './alerts.module.css'
import { type AlertDetail, type Moment, momentsOf } from './timeline.ts'

/** Everything that was decided and sent. */
export const AlertTimeline = ({ alert }: { readonly alert: AlertDetail }) => {
  const { t } = useTranslation()
  return (
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
        {notification.recipients?.via?.map(({ channel, person, why }) => (
          <div key={channel}>
            → {person === null ? channel : t('alertPage.via.person', { person, channel })}:{' '}
            <span className="quiet">{t(`alertPage.via.${why}`)}</span>
          </div>
        ))}
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
