import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Mark, Monitor, Strip } from '../../api/types.ts'
import { Sparkline, UptimeBar } from '../../charts/uptime-bar.tsx'
import { useCause } from '../../components/cause.ts'
import { Icon } from '../../components/icon.tsx'
import { Marks } from '../../components/marks.tsx'
import { StateText, shownSince, shownState } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { milliseconds, percent } from '../../lib/format.ts'
import { targetText } from '../../lib/target-text.ts'
import type { Fold } from './lines.ts'
import classes from './monitor-list.module.css'

interface RowProps {
  readonly monitor: Monitor
  readonly strip: Strip | undefined
  readonly row: number
  readonly mark: Mark | undefined
  /** By what it is cut off, in words. */
  readonly behind: string
  /** What it cut off. */
  readonly fold: Fold | undefined
  /** It stands under what cut it off. */
  readonly below: boolean
  readonly toggle: (id: number) => void
  readonly favourite: boolean
  /** Undefined while nobody chooses. */
  readonly chosen: boolean | undefined
  readonly choose: (id: number) => void
}

/** What a monitor cut off: counted, and shown under it when somebody asks. */
const FoldToggle = ({
  id,
  fold: { size, open },
  toggle,
}: Pick<RowProps, 'toggle'> & { readonly id: number; readonly fold: Fold }) => {
  const { t } = useTranslation()
  return (
    <button
      type="button"
      className={classes.fold}
      aria-expanded={open}
      title={t('standing.showCutOff', { count: size })}
      onClick={() => toggle(id)}
    >
      <span className={open ? classes.opened : classes.closed}>
        <Icon name="chevron" size={12} />
      </span>
      {t('standing.cutOff', { count: size })}
    </button>
  )
}

/** A monitor as a line: how it stands, and its last day. */
export const MonitorRow = memo((props: RowProps) => {
  const { monitor, strip, row, mark, behind, fold, below, toggle, favourite, chosen, choose } = props
  const { t } = useTranslation()
  const causeOf = useCause()
  const state = shownState(monitor)
  const well = state === 'up' || state === 'paused'
  const detail = behind || (!well && causeOf(monitor)) || targetText(monitor.target)
  const latency = strip ? strip.latency_ms : monitor.latency_ms
  return (
    <div
      role="row"
      aria-rowindex={row}
      className={`${classes.row} ${mark?.maintenance ? '' : (classes[state] ?? '')} ${below ? classes.below : ''}`}
    >
      <div role="cell" className={classes.state}>
        <StateText state={state} />
      </div>
      <div role="cell" className={classes.name}>
        <span className={classes.first}>
          {chosen !== undefined && (
            <input
              type="checkbox"
              className={classes.choice}
              aria-label={t('alerts.select', { subject: monitor.name })}
              checked={chosen}
              onChange={() => choose(monitor.id)}
            />
          )}
          {favourite && (
            <span role="img" className={classes.star} aria-label={t('monitors.favourite')}>
              <Icon name="star" size={13} filled />
            </span>
          )}
          <Link href={`/monitors/${monitor.id}`} className={classes.link ?? ''} data-monitor={monitor.id}>
            <span className="clip" title={monitor.name}>
              {monitor.name}
            </span>
          </Link>
          {fold && <FoldToggle id={monitor.id} fold={fold} toggle={toggle} />}
          <Marks mark={mark} flapping={monitor.flapping ?? false} />
        </span>
        <span className={`clip ${classes.target}`} title={detail}>
          {detail}
        </span>
      </div>
      <div role="cell" className={classes.bar}>
        {strip && (
          <UptimeBar
            states={strip.states}
            label={`${t('monitors.uptimeDay')}: ${percent(strip.uptime) || t('monitors.notKnown')}`}
          />
        )}
      </div>
      <div role="cell" className={`number ${classes.uptime}`}>
        {strip && percent(strip.uptime)}
      </div>
      <div role="cell" className={classes.spark}>
        {strip && <Sparkline values={strip.latencies} label={t('monitors.latencyDay')} />}
      </div>
      <div role="cell" className={`number ${classes.latency}`}>
        {state === 'up' || state === 'degraded' ? milliseconds(latency) : ''}
      </div>
      <div role="cell" className={`quiet ${classes.since}`}>
        <Ago at={shownSince(monitor)} />
      </div>
    </div>
  )
})
