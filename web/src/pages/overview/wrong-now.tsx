import { Button, Card, Text } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Monitor } from '../../api/types.ts'
import { useCause } from '../../components/cause.ts'
import { StateMark, StateText, shownState } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import type { Counts } from './arrange.ts'
import classes from './overview.module.css'

const SHOWN = 8

interface Props {
  /** Worst first. */
  readonly monitors: readonly Monitor[]
  readonly counts: Counts
  readonly showAll: () => void
}

/** What somebody should look at, with its cause; or that nothing needs it. */
export const WrongNow = memo(({ monitors, counts, showAll }: Props) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const total = counts.down + counts.degraded
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
      {monitors.slice(0, Math.min(SHOWN, total)).map((monitor) => (
        <div key={monitor.id} className={classes.wrongRow}>
          <StateText state={shownState(monitor)} />
          <Link href={`/monitors/${monitor.id}`} className="plain clip" style={{ fontWeight: 600 }}>
            {monitor.name}
          </Link>
          <span className="quiet clip" title={monitor.cause ?? ''}>
            {causeOf(monitor.cause, monitor.code)}
          </span>
          <Ago at={monitor.since} />
        </div>
      ))}
      {total > SHOWN && (
        <Button variant="subtle" size="xs" m={6} onClick={showAll}>
          {t('monitors.allWrong', { count: total })}
        </Button>
      )}
    </Card>
  )
})
