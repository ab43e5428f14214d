import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Monitor, Strip } from '../../api/types.ts'
import { Sparkline, UptimeBar } from '../../charts/uptime-bar.tsx'
import { useCause } from '../../components/cause.ts'
import { StateText, shownState } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { milliseconds, percent } from '../../lib/format.ts'
import classes from './monitor-list.module.css'

/** A monitor as a line: how it stands, and its last day. */
export const MonitorRow = memo(
  ({ monitor, strip, row }: { readonly monitor: Monitor; readonly strip: Strip | undefined; readonly row: number }) => {
    const { t } = useTranslation()
    const causeOf = useCause()
    const state = shownState(monitor)
    const well = state === 'up' || state === 'paused'
    const detail = (!well && causeOf(monitor)) || monitor.target
    const latency = strip ? strip.latency_ms : monitor.latency_ms
    return (
      <div role="row" aria-rowindex={row} className={`${classes.row} ${classes[state] ?? ''}`}>
        <div role="cell" className={classes.state}>
          <StateText state={state} />
        </div>
        <div role="cell" className={classes.name}>
          <Link href={`/monitors/${monitor.id}`} className={classes.link ?? ''} data-monitor={monitor.id}>
            <span className="clip">{monitor.name}</span>
          </Link>
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
          <Ago at={monitor.since} />
        </div>
      </div>
    )
  },
)
