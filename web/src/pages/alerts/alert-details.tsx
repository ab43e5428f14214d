import { Card, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useRules } from '../../api/queries.ts'
import { useAlertCause } from '../../components/cause.ts'
import { Facts } from '../../components/facts.tsx'
import { Moment as MomentText } from '../../components/time.tsx'
import { now } from '../../lib/clock.ts'
import { duration } from '../../lib/format.ts'
import type { AlertDetail } from './timeline.ts'

/** When it is told again at the earliest: who has it, and a silence, put a reminder off. */
const nextNoticeOf = ({ next_notice_at: next, acknowledgement, silence }: AlertDetail): string | undefined => {
  if (!next || (acknowledgement && !acknowledgement.until)) return undefined
  return [next, acknowledgement?.until, silence?.until]
    .filter((at) => typeof at === 'string')
    .toSorted((one, other) => Date.parse(one) - Date.parse(other))
    .at(-1)
}

/** What it is about, since when, and what comes next. */
export const AlertDetails = ({ alert }: { readonly alert: AlertDetail }) => {
  const { t } = useTranslation()
  const causeOf = useAlertCause()
  const { data: rules = [] } = useRules()
  const rule = rules.find(({ id }) => id === alert.rule)
  const end = alert.resolved_at ? Date.parse(alert.resolved_at) : now()
  const lasting = alert.since ? duration(end - Date.parse(alert.since) - alert.unwatched_ms) : ''
  const lasted =
    alert.unwatched_ms > 0 ? `${lasting}, ${t('alerts.unwatched', { time: duration(alert.unwatched_ms) })}` : lasting
  const next = alert.status === 'resolved' ? undefined : nextNoticeOf(alert)
  const lines: readonly (readonly [string, ReactNode])[] = [
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
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {t('words.details')}
      </Text>
      <Facts facts={lines} />
    </Card>
  )
}
