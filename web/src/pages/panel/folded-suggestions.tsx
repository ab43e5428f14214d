import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { number } from '../../lib/format.ts'
import classes from './panel.module.css'

/** What a new server brings along: out of the way until somebody wants it. */
export const FoldedSuggestions = ({ count, children }: { readonly count: number; readonly children: ReactNode }) => {
  const { t } = useTranslation()
  if (count === 0) return null
  return (
    <details style={{ borderTop: '1px solid var(--line)' }}>
      <summary className="quiet" style={{ padding: '11px 14px', cursor: 'pointer', fontSize: 14 }}>
        {t('history.suggestions', { total: number(count) })}
      </summary>
      <ul className={classes.list}>{children}</ul>
    </details>
  )
}
