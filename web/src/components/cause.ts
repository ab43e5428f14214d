import { useTranslation } from 'react-i18next'
import { usePhrases } from '../api/queries.ts'
import type { Alert } from '../api/types.ts'
import { codes } from '../i18n/texts/codes.ts'
import { number } from '../lib/format.ts'
import { sayCause, withNumbers } from './say-cause.ts'

const twoDigits = (value: number): string => number(value, 2)

type Code = keyof (typeof codes)['en']
const isCode = (text: unknown): text is Code => typeof text === 'string' && text in codes.en

/** Why something fails, as the API tells it. */
export interface CauseFields {
  /** In English. */
  readonly cause?: unknown
  /** What that sentence is made of; absent of an older one, and of one that a sender wrote. */
  readonly cause_code?: unknown
  readonly cause_facts?: unknown
  /** Of the result that was looked at. */
  readonly code?: unknown
}

/**
 * Why something fails, in the reader's language: by its code and facts; else what the code of the result says, else its
 * English sentence.
 */
export const useCause = (): ((of: CauseFields) => string) => {
  const { t, i18n } = useTranslation()
  const { data } = usePhrases(i18n.language)
  return ({ cause, cause_code, cause_facts, code }) => {
    const sentence = typeof cause === 'string' ? cause : ''
    if (i18n.language === 'en') return withNumbers(sentence, cause_facts, twoDigits)
    const said = data && sayCause(data.sentences, cause_code, cause_facts, twoDigits)
    if (said !== undefined) return said
    return isCode(code) && code !== 'ok' ? t(`codes.${code}`) : sentence
  }
}

/** The same of an alert: a code that a sender wrote is a field of his own, and stands for no cause of ours. */
export const useAlertCause = (): ((alert: Alert) => string) => {
  const causeOf = useCause()
  return (alert) => causeOf({ ...alert, code: alert.monitor === null ? undefined : alert.data.code })
}

/** What helps, as the API tells it. */
interface CureFields {
  /** In English. */
  readonly cure?: string
  readonly cure_code?: string
  readonly cure_facts?: object
}

/** What helps, in the reader's language; empty where nothing is known to. */
export const useCure = (): ((of: CureFields) => string) => {
  const { i18n } = useTranslation()
  const { data } = usePhrases(i18n.language)
  return ({ cure = '', cure_code, cure_facts }) =>
    (data && sayCause(data.cures, cure_code, cure_facts, twoDigits)) ?? cure
}
