import { useTranslation } from 'react-i18next'
import { live } from '../api/live.ts'
import { clockTime } from '../lib/format.ts'
import { useSignal } from '../lib/signal.ts'
import classes from './shell.module.css'

/** Whether what is shown is of now, or since when it is not. */
export const LivePill = () => {
  const { t } = useTranslation()
  const { status, heardAt } = useSignal(live)
  const lost = status === 'reconnecting'
  const time = clockTime(heardAt)
  const text =
    lost && heardAt !== null ? t('shell.live.reconnecting', { time }) : t(`shell.live.${lost ? 'connecting' : status}`)
  return (
    <span
      className={`${classes.pill} ${classes[status] ?? ''}`}
      role="status"
      title={lost ? t('shell.live.explainLost', { time }) : t('shell.live.explain')}
    >
      <span className={classes.dot} aria-hidden="true" />
      <span className={classes.pillText}>{text}</span>
    </span>
  )
}
