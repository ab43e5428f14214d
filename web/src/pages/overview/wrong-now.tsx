import { Button, Card, Text } from '@mantine/core'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useMarks } from '../../api/queries.ts'
import type { Monitor } from '../../api/types.ts'
import { useCause } from '../../components/cause.ts'
import { Marks } from '../../components/marks.tsx'
import { SeverityText, StateMark, StateText, shownState } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { outagesOf, severityOf } from '../../lib/outages.ts'
import type { Counts } from './arrange.ts'
import classes from './overview.module.css'

const SHOWN = 8

interface Props {
  /** Worst first. */
  readonly monitors: readonly Monitor[]
  readonly counts: Counts
  readonly showAll: () => void
}

/** What failed by itself, with its cause and what it took with it; or that nothing needs anybody. */
export const WrongNow = memo(({ monitors, counts, showAll }: Props) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const marks = useMarks()
  const outages = useMemo(() => outagesOf(monitors, marks), [monitors, marks])
  const total = outages.length
  if (total === 0)
    return counts.up === monitors.length ? (
      <Card mb="md" padding="sm" component="section">
        <div className={classes.well}>
          <StateMark state="up" size={14} />
          <Text fw={600}>{t('monitors.allWell')}</Text>
          <Text className="quiet" size="sm">
            {t('monitors.allWellHint', { count: monitors.length })}
          </Text>
        </div>
      </Card>
    ) : null
  return (
    <Card
      mb="md"
      padding={0}
      component="section"
      aria-label={t('monitors.wrong')}
      style={{ borderLeft: '4px solid var(--state-down)' }}
    >
      <Text component="h2" fw={600} size="md" px="md" pt="sm" pb={4}>
        {t('monitors.wrong')}
      </Text>
      {outages.slice(0, SHOWN).map(({ monitor, cutOff }) => (
        <div key={monitor.id} className={classes.wrongRow}>
          <StateText state={shownState(monitor)} />
          <span className={classes.wrongName}>
            <Link
              href={`/monitors/${monitor.id}`}
              className="plain clip"
              style={{ fontWeight: 600 }}
              title={monitor.name}
            >
              {monitor.name}
            </Link>
            <Marks mark={marks.get(monitor.id)} flapping={monitor.flapping ?? false} />
          </span>
          <span className="quiet clip" title={causeOf(monitor)}>
            {cutOff > 0 && <b>{t('standing.cutOff', { count: cutOff })}</b>}
            {cutOff > 0 && ' · '}
            {causeOf(monitor)}
          </span>
          <SeverityText severity={severityOf(monitor)} />
          <Ago at={monitor.since} />
        </div>
      ))}
      {total > Math.min(SHOWN, outages.length) && (
        <Button variant="subtle" size="xs" m={6} onClick={showAll}>
          {t('monitors.allWrong', { count: total })}
        </Button>
      )}
    </Card>
  )
})
