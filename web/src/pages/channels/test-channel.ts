import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useCause, useCure } from '../../components/cause.ts'
import { useErrorText } from '../../components/error-text.ts'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { milliseconds } from '../../lib/format.ts'

interface Outcome {
  readonly ok: boolean
  readonly message?: string
  readonly cause_code?: string
  readonly cause_facts?: object
  readonly cure?: string
  readonly cure_code?: string
  readonly cure_facts?: object
  readonly duration_ms: number
}

/** Sends one test message and says what came of it; resolves to whether it arrived. */
export const useTestChannel = (): ((channel: { readonly id: number; readonly name: string }) => Promise<boolean>) => {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const causeOf = useCause()
  const cureOf = useCure()
  const whyOf = ({ message, cause_code, cause_facts, ...rest }: Outcome): string =>
    [causeOf({ cause: message, cause_code, cause_facts }), cureOf(rest)].filter(Boolean).join(' ')
  return async ({ id, name }) => {
    try {
      const outcome = await api.post<Outcome>(`/channels/${id}/test`)
      if (outcome.ok) sayDone(t('history.testOk', { name, time: milliseconds(outcome.duration_ms) }))
      else sayFailed(t('history.testFailed', { name, error: whyOf(outcome) }))
      return outcome.ok
    } catch (error) {
      sayFailed(t('history.testFailed', { name, error: errorText(error) }))
      return false
    }
  }
}
