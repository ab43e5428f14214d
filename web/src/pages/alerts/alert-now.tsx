import { useTranslation } from 'react-i18next'
import type { MonitorDetail } from '../../api/types.ts'
import { useCause } from '../../components/cause.ts'
import { shownState } from '../../components/state.tsx'
import { clockTime, milliseconds, percent } from '../../lib/format.ts'

/** How the monitor of an alert stands now, by its last look: what the alert says is of its beginning. */
export const AlertNow = ({ monitor }: { readonly monitor: MonitorDetail }) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const state = t(`words.${shownState(monitor)}`)
  const { last } = monitor
  if (!last) return <>{state}</>
  const cause = causeOf(last)
  const said = cause
    ? t('alertPage.nowCause', { state, cause })
    : last.latency_ms === null
      ? state
      : t('alertPage.nowAnswers', { state, latency: milliseconds(last.latency_ms) })
  const loss = last.loss ? `, ${t('alertPage.loss', { loss: percent(last.loss) })}` : ''
  return (
    <>
      {said}
      {loss} <span className="quiet">({t('alertPage.lookedAt', { time: clockTime(last.at) })})</span>
    </>
  )
}
