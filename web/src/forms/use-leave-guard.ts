import i18next from 'i18next'
import { useEffect } from 'react'
import type { AroundNavHandler } from 'wouter'
import { confirm } from '../components/confirm.tsx'

let forms = 0

/** Has both the browser and this page ask before a form with unsaved changes is left. */
export const useLeaveGuard = (unsaved: boolean): void => {
  useEffect(() => {
    if (!unsaved) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    forms++
    addEventListener('beforeunload', ask)
    return () => {
      forms--
      removeEventListener('beforeunload', ask)
    }
  }, [unsaved])
}

/** Goes to another page, after a question where something typed would be lost. */
export const askBeforeLeaving: AroundNavHandler = (go, to, options) => {
  if (forms === 0) return go(to, options)
  const [title, text, action] = (['leave', 'leaveHint', 'leaveAction'] as const).map((key) => i18next.t(`forms.${key}`))
  void confirm(title!, text!, action!).then((yes) => yes && go(to, options))
}
