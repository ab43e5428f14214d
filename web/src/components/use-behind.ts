import { useTranslation } from 'react-i18next'
import type { Monitor } from '../api/types.ts'

/** Names beyond these are counted. */
const NAMED = 2

/** By what a monitor is cut off, in words; empty where it is not. */
export const useBehind = (): ((monitor: Pick<Monitor, 'cut_off_by'>, nameOf: (id: number) => string) => string) => {
  const { t } = useTranslation()
  return ({ cut_off_by: by }, nameOf) => {
    if (!by) return ''
    const names = by.slice(0, NAMED).map(nameOf).filter(Boolean).join(', ')
    const more = by.length - NAMED
    return t('standing.behind', { names: more > 0 ? t('standing.behindMore', { names, count: more }) : names })
  }
}
