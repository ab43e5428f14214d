import { useTranslation } from 'react-i18next'
import { StateMark } from '../../components/state.tsx'
import { type Counts, SHOWN_STATES } from './arrange.ts'
import type { Line } from './lines.ts'
import classes from './monitor-list.module.css'

interface HeadProps {
  readonly line: Extract<Line, { kind: 'group' }>
  readonly group: string
  readonly height: number
  readonly row: number
}

/** The head of a group: what is common to it, and how many of its monitors stand how. */
export const GroupHead = ({ line, group, height, row }: HeadProps) => {
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
