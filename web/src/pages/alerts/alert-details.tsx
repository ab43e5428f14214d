import { Card, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useRules } from '../../api/queries.ts'
import type { MonitorDetail } from '../../api/types.ts'
import { useAlertCause } from '../../components/cause.ts'
import { Facts } from '../../components/facts.tsx'
import { Moment as MomentText } from '../../components/time.tsx'
import { now } from '../../lib/clock.ts'
import { duration } from '../../lib/format.ts'
import { AlertImpact } from './alert-impact.tsx'
import { AlertNow } from './alert-now.tsx'
import { nextNoticeOf } from './next-notice.ts'
import type { AlertDetail } from './timeline.ts'

const STATES = ['up', 'degraded', 'down', 'unknown', 'flapping'] as const

interface DetailsProps {
  readonly alert: AlertDetail
  /** What it is about, as it is now. */
  readonly monitor: MonitorDetail | undefined
}

const Guide = ({ text }: { readonly text: string }) =>
  /^https?:\/\//.test(text) ? (
    <a href={text} rel="noreferrer">
      {text}
    </a>
  ) : (
    text
  )

/** What it is about, since when, and what comes next. */
export const AlertDetails = ({ alert, monitor }: DetailsProps) => {
  const { t } = useTranslation()
  const causeOf = useAlertCause()
  const { data: rules = [] } = useRules()
  const rule = rules.find(({ id }) => id === alert.rule)
  const end = alert.resolved_at ? Date.parse(alert.resolved_at) : now()
  const lasting = alert.since ? duration(end - Date.parse(alert.since) - alert.unwatched_ms) : ''
  const lasted =
    alert.unwatched_ms > 0 ? `${lasting}, ${t('alerts.unwatched', { time: duration(alert.unwatched_ms) })}` : lasting
  const { last_hop: lastHop, path_changed: changed, previous_state: previous } = alert.data
  const hop = typeof lastHop === 'string' && (changed ? `${lastHop} (${t('alertPage.lastHopNew')})` : lastHop)
  const before = STATES.find((one) => one === previous)
  const next = alert.status === 'resolved' ? undefined : nextNoticeOf(alert)
  const lines: readonly (readonly [string, ReactNode])[] = [
    [t('alertPage.impact'), alert.affected && <AlertImpact key="impact" affected={alert.affected} />],
    [t('words.since'), <MomentText key="since" at={alert.since} />],
    [t('monitors.for'), alert.since && lasted],
    [t('alertPage.causeAtFirst'), causeOf(alert)],
    [t('alertPage.now'), alert.status !== 'resolved' && monitor && <AlertNow key="now" monitor={monitor} />],
    [t('alertPage.before'), before && t(`words.${before}`)],
    [t('alertPage.lastHop'), hop],
    [t('monitors.location'), monitor?.location],
    [t('alertPage.guide'), monitor?.runbook && <Guide key="guide" text={monitor.runbook} />],
    [t('words.description'), monitor?.description],
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
        <Link key="rule" href={`/channels/rules/${alert.rule}`}>
          {rule?.name ?? alert.rule}
        </Link>
      ),
    ],
    [t('alerts.count'), alert.count > 1 && alert.count],
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
    <Card component="section" mb="md">
      <Text component="h2" fw={600} mb="xs">
        {t('words.details')}
      </Text>
      <Facts facts={lines} />
    </Card>
  )
}
