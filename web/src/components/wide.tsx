import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** A table that may be wider than the window: it scrolls by itself, by the keyboard too. */
export const Wide = ({ children, padded = false }: { readonly children: ReactNode; readonly padded?: boolean }) => {
  const { t } = useTranslation()
  return (
    <div
      className="table-scroll"
      style={{ padding: padded ? '0 14px' : 0 }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by its focus
      tabIndex={0}
      role="group"
      aria-label={t('words.table')}
    >
      {children}
    </div>
  )
}
