import { useTranslation } from 'react-i18next'
import { usePhrases } from '../api/queries.ts'
import type { Alert } from '../api/types.ts'
import { codes } from '../i18n/texts/codes.ts'

type Code = keyof (typeof codes)['en']
const isCode = (text: unknown): text is Code => typeof text === 'string' && text in codes.en

/** Probes say no more than this; what is longer is not worth the search. */
const LONGEST = 600

/**
 * Why something fails, in the reader's language: what the probe said, else what its code says, else its English sentence.
 */
export const useCause = (): ((cause: unknown, code: unknown) => string) => {
  const { t, i18n } = useTranslation()
  const { data: phrases = [] } = usePhrases(i18n.language)
  return (cause, code) => {
    const sentence = typeof cause === 'string' ? cause : ''
    if (i18n.language === 'en') return sentence
    const phrase = sentence.length > LONGEST ? undefined : phrases.find(({ pattern }) => pattern.test(sentence))
    if (phrase) return sentence.replace(phrase.pattern, phrase.means)
    return isCode(code) && code !== 'ok' ? t(`codes.${code}`) : sentence
  }
}

/** The same of an alert: a code that a sender wrote is a field of his own, and stands for no cause of ours. */
export const useAlertCause = (): ((alert: Pick<Alert, 'monitor' | 'data'>) => string) => {
  const causeOf = useCause()
  return ({ monitor, data }) => causeOf(data.cause, monitor === null ? undefined : data.code)
}
