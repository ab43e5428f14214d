import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Monitor } from '../../api/types.ts'
import { useCause } from '../../components/cause.ts'
import { StateMark, shownState } from '../../components/state.tsx'
import classes from './monitor-list.module.css'

/** Monitors as marks, side by side. */
export const MonitorCells = memo(
  ({ monitors, row }: { readonly monitors: readonly Monitor[]; readonly row: number }) => {
    const { t } = useTranslation()
    const causeOf = useCause()
    return (
      <div role="row" aria-rowindex={row} className={classes.cells}>
        {monitors.map((monitor) => {
          const state = shownState(monitor)
          const cause = state !== 'cut_off' && monitor.cause && causeOf(monitor)
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
  },
)
