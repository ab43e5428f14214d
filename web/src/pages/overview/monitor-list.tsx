import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { memo, type RefObject, useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMarks } from '../../api/queries.ts'
import type { Monitor } from '../../api/types.ts'
import { useBehind } from '../../components/use-behind.ts'
import { useWidth } from '../../lib/use-width.ts'
import { useWindowRows } from '../../lib/window-rows.ts'
import { GroupHead } from './group-head.tsx'
import { foldLines, linesOf } from './lines.ts'
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
  /** Those that others cut off stand under them. */
  readonly folded: boolean
  readonly favourites: ReadonlySet<number>
  /** Those that were chosen, by id; absent while nobody chooses. */
  readonly chosen: ReadonlySet<number> | undefined
  readonly choose: (id: number) => void
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

/** Whose cut-off ones are shown. */
const useOpened = () => {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const toggle = useCallback(
    (id: number) =>
      setOpened((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id])),
    [],
  )
  return [opened, toggle] as const
}

/** Thousands of monitors, of which only the lines near the window exist. */
export const MonitorList = memo(({ monitors, group, grid, folded, favourites, chosen, choose }: ListProps) => {
  const { t } = useTranslation()
  const container = useRef<HTMLDivElement>(null)
  const width = useWidth(container)
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const height = grid ? CELL_PX : narrow ? NARROW_ROW_PX : ROW_PX
  const perLine = grid ? Math.max(1, Math.floor(width / CELL_PX)) : 1
  const marks = useMarks()
  const [opened, toggle] = useOpened()
  const folds = folded && !grid && group === ''
  const lines = useMemo(
    () => (folds ? foldLines(monitors, opened) : linesOf(monitors, group, perLine, marks)),
    [folds, monitors, opened, group, perLine, marks],
  )
  const names = useMemo(() => new Map(monitors.map(({ id, name }) => [id, name])), [monitors])
  const { first, end } = useWindowRows(container, lines.length, height)
  const shown = lines.slice(first, end)
  const inSight = grid
    ? []
    : shown.flatMap((line) => (line.kind === 'monitors' ? line.monitors.map(({ id }) => id) : []))
  const stripOf = useStrips(inSight)
  useSteps(container)
  const behindOf = useBehind()

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
              mark={marks.get(line.monitors[0]!.id)}
              behind={behindOf(line.monitors[0]!, (id) => names.get(id) ?? '')}
              fold={line.fold}
              below={line.below ?? false}
              toggle={toggle}
              favourite={favourites.has(line.monitors[0]!.id)}
              chosen={chosen?.has(line.monitors[0]!.id)}
              choose={choose}
              row={first + index + 1}
            />
          ),
        )}
      </div>
    </div>
  )
})
