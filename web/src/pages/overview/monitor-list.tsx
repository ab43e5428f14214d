import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { memo, type RefObject, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Monitor } from '../../api/types.ts'
import { useWidth } from '../../lib/use-width.ts'
import { useWindowRows } from '../../lib/window-rows.ts'
import { linesOf } from './arrange.ts'
import { GroupHead } from './group-head.tsx'
import { MonitorCells } from './monitor-cells.tsx'
import classes from './monitor-list.module.css'
import { MonitorRow } from './monitor-row.tsx'
import { useStrips } from './strips.ts'

const ROW_PX = 44
const NARROW_ROW_PX = 58
const CELL_PX = 30

interface ListProps {
  readonly monitors: readonly Monitor[]
  readonly group: string
  readonly grid: boolean
}

/** j and k go from monitor to monitor. */
const useSteps = (container: RefObject<HTMLDivElement | null>) => {
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
  useSteps(container)

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
            <MonitorCells key={line.monitors[0]!.id} monitors={line.monitors} row={first + index + 1} />
          ) : (
            <MonitorRow
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
