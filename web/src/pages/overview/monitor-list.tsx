import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { memo, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Monitor, Strip } from '../../api/types.ts'
import { Sparkline, UptimeBar } from '../../charts/uptime-bar.tsx'
import { useCause } from '../../components/cause.ts'
import { StateMark, StateText, shownState } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { milliseconds, percent } from '../../lib/format.ts'
import { useWidth } from '../../lib/use-width.ts'
import { useWindowRows } from '../../lib/window-rows.ts'
import { type Counts, type Line, linesOf, SHOWN_STATES } from './arrange.ts'
import classes from './monitor-list.module.css'
import { useStrips } from './strips.ts'

const ROW_PX = 44
const NARROW_ROW_PX = 58
const CELL_PX = 30

interface ListProps {
  readonly monitors: readonly Monitor[]
  readonly group: string
  readonly grid: boolean
}

/** Thousands of monitors, of which only the lines near the window exist. */
export const MonitorList = memo(({ monitors, group, grid }: ListProps) => {
  const { t } = useTranslation()
  const container = useRef<HTMLDivElement>(null)
  const width = useWidth(container)
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const height = grid ? CELL_PX : narrow ? NARROW_ROW_PX : ROW_PX
  const perLine = grid ? Math.max(1, Math.floor(width / CELL_PX)) : 1
  const lines = useMemo(() => linesOf(monitors, group, perLine), [monitors, group, perLine])
  const { first, end } = useWindowRows(container, lines.length, height)
  const shown = lines.slice(first, end)
  const inSight = grid
    ? []
    : shown.flatMap((line) => (line.kind === 'monitors' ? line.monitors.map(({ id }) => id) : []))
  const stripOf = useStrips(inSight)

  const move = (step: 1 | -1) => {
    const links = [...(container.current?.querySelectorAll<HTMLAnchorElement>('a[data-monitor]') ?? [])]
    const at = links.indexOf(document.activeElement as HTMLAnchorElement)
    const next = links[at < 0 ? 0 : at + step]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  useHotkeys([
    ['j', () => move(1)],
    ['k', () => move(-1)],
  ])

  return (
    <div
      ref={container}
      className={classes.list}
      role="table"
      aria-label={t('monitors.title')}
      aria-rowcount={lines.length}
      style={{ height: lines.length * height }}
    >
      {/* One block that is moved as a whole: the browser lays out what is in sight and nothing else. */}
      <div role="rowgroup" style={{ transform: `translateY(${first * height}px)` }}>
        {shown.map((line, index) =>
          line.kind === 'group' ? (
            <GroupHead key={`g${line.value}`} line={line} group={group} height={height} row={first + index + 1} />
          ) : grid ? (
            <Cells key={line.monitors[0]!.id} monitors={line.monitors} row={first + index + 1} />
          ) : (
            <Row
              key={line.monitors[0]!.id}
              monitor={line.monitors[0]!}
              strip={stripOf(line.monitors[0]!.id)}
              row={first + index + 1}
            />
          ),
        )}
      </div>
    </div>
  )
})

const Row = memo(
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

const Cells = memo(({ monitors, row }: { readonly monitors: readonly Monitor[]; readonly row: number }) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  return (
    <div role="row" aria-rowindex={row} className={classes.cells}>
      {monitors.map((monitor) => {
        const state = shownState(monitor)
        const cause = monitor.cause && causeOf(monitor)
        const text = `${monitor.name}: ${t(`words.${state}`)}${cause ? `, ${cause}` : ''}`
        return (
          <div role="cell" key={monitor.id}>
            <Link
              href={`/monitors/${monitor.id}`}
              className={`${classes.cell} ${classes[`cell-${state}`] ?? ''}`}
              title={text}
              aria-label={text}
              data-monitor={monitor.id}
            >
              <StateMark state={state} size={14} />
            </Link>
          </div>
        )
      })}
    </div>
  )
})

interface HeadProps {
  readonly line: Extract<Line, { kind: 'group' }>
  readonly group: string
  readonly height: number
  readonly row: number
}

const GroupHead = ({ line, group, height, row }: HeadProps) => {
  const { t } = useTranslation()
  return (
    <div role="row" aria-rowindex={row} className={classes.group} style={{ height }}>
      <div role="rowheader" className="clip">
        {line.value || t('monitors.noGroup', { label: group })}
      </div>
      <div role="cell">
        <CountMarks counts={line.counts} />
      </div>
    </div>
  )
}

const CountMarks = ({ counts }: { readonly counts: Counts }) => {
  const { t } = useTranslation()
  return (
    <span className={classes.counts}>
      {SHOWN_STATES.filter((state) => counts[state] > 0).map((state) => (
        <span key={state} title={t(`words.${state}`)} className={classes.count}>
          <StateMark state={state} /> {counts[state]}
        </span>
      ))}
    </span>
  )
}
