import { useTranslation } from 'react-i18next'
import type { Severity } from '../api/types.ts'
import { type ShownState, shownSince, shownState } from '../lib/shown-state.ts'
import classes from './state.module.css'

export { type ShownState, shownSince, shownState }

/** States differ by shape as well as by colour: a disc, a triangle, a square, a ring, two bars; cut off is an empty square. */
export const StateMark = ({ state, size = 12 }: { readonly state: ShownState; readonly size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 12 12"
    aria-hidden="true"
    className={classes[state]}
    style={{ flexShrink: 0 }}
  >
    {state === 'up' && <circle cx="6" cy="6" r="5" fill="currentColor" />}
    {state === 'degraded' && <path d="M6 .5l5.700 10.500H.3z" fill="currentColor" />}
    {state === 'down' && <rect x="0.500" y="0.500" width="11" height="11" rx="1.500" fill="currentColor" />}
    {state === 'cut_off' && (
      <rect x="1.500" y="1.500" width="9" height="9" rx="1.500" fill="none" stroke="currentColor" strokeWidth="2" />
    )}
    {state === 'maintenance' && <path d="M6 .8l5.200 5.200L6 11.200.8 6z" fill="currentColor" />}
    {state === 'unknown' && <circle cx="6" cy="6" r="4.500" fill="none" stroke="currentColor" strokeWidth="2" />}
    {state === 'paused' && <path d="M3.500 1v10M8.500 1v10" stroke="currentColor" strokeWidth="2.500" />}
  </svg>
)

export const StateText = ({ state }: { readonly state: ShownState }) => {
  const { t } = useTranslation()
  return (
    <span className={`${classes.text} ${classes[state]}`}>
      <StateMark state={state} />
      {t(`words.${state}`)}
    </span>
  )
}

export const SeverityText = ({ severity }: { readonly severity: Severity }) => {
  const { t } = useTranslation()
  return <span className={`${classes.severity} ${classes[severity]}`}>{t(`words.${severity}`)}</span>
}
