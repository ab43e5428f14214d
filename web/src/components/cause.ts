import { useTranslation } from 'react-i18next'
import { codes } from '../i18n/texts/codes.ts'

type Code = keyof (typeof codes)['en']
const isCode = (text: unknown): text is Code => typeof text === 'string' && text in codes.en

/** Why something fails: the probe's own English sentence, or what its code says in the reader's other language. */
export const useCause = (): ((cause: unknown, code: unknown) => string) => {
  const { t, i18n } = useTranslation()
  return (cause, code) => {
    const sentence = typeof cause === 'string' ? cause : ''
    return i18n.language !== 'en' && isCode(code) && code !== 'ok' ? t(`codes.${code}`) : sentence
  }
}
