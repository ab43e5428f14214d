import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { faultsOf, showFirstFault } from './faults.ts'
import type { Faults } from './schema-form/schema-form.tsx'

/** What is wrong in a form: what is missing is said before anything is sent, the rest by the server. */
export const useFaults = () => {
  const { t } = useTranslation()
  const [error, setError] = useState<unknown>()
  const [faults, setFaults] = useState<Faults>({})
  const show = (found: Faults) => {
    setFaults(found)
    showFirstFault(found)
  }
  return {
    /** What the server or the line said; absent where only fields are missing. */
    error,
    faults,
    clear: () => {
      setError(undefined)
      setFaults({})
    },
    fail: (failure: unknown) => {
      setError(failure)
      show(faultsOf(failure))
    },
    /** True where something is missing. */
    lacks: (missing: readonly string[]): boolean => {
      setError(undefined)
      show(Object.fromEntries(missing.map((path) => [path, t('forms.required')])))
      return missing.length > 0
    },
  }
}
