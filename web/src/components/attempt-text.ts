import { useTranslation } from 'react-i18next'
import { milliseconds } from '../lib/format.ts'
import { useCause } from './cause.ts'

/** One attempt of a delivery, as the API tells it. */
export interface Attempt {
  readonly at: string
  readonly ok: boolean
  readonly duration_ms: number
  readonly code: number | null
  readonly failure: string | null
  readonly error: string | null
  readonly cause_code?: string
  readonly cause_facts?: object
}

/** What went wrong with an attempt, in the reader's language; empty where nothing did. */
export const useAttemptError = (): ((attempt: Pick<Attempt, 'error' | 'cause_code' | 'cause_facts'>) => string) => {
  const causeOf = useCause()
  return ({ error, cause_code, cause_facts }) => causeOf({ cause: error, cause_code, cause_facts })
}

/** What became of an attempt, in the reader's language. */
export const useAttemptText = (): ((attempt: Attempt) => string) => {
  const { t } = useTranslation()
  const errorOf = useAttemptError()
  return (attempt) => {
    const error = errorOf(attempt)
    return attempt.ok
      ? `${t('alerts.delivered', { time: milliseconds(attempt.duration_ms) })}${error ? `; ${error}` : ''}`
      : t('alerts.deliveryFailed', { error: error || attempt.failure || '' })
  }
}
