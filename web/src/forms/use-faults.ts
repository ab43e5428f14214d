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
  const lacking = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, t('forms.required')]))
  return {
    /** What the server or the line said; absent where only fields are missing. */
    error,
    faults,
    clear: () => {
      setError(undefined)
      setFaults({})
    },
    /** What the server refused, with what is missing beside it: all of it is said at once. */
    fail: (failure: unknown, missing: readonly string[] = []) => {
      setError(failure)
      show({ ...faultsOf(failure), ...lacking(missing) })
    },
    /** True where something is missing. */
    lacks: (missing: readonly string[]): boolean => {
      setError(undefined)
      show(lacking(missing))
      return missing.length > 0
    },
  }
}
