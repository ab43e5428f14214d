import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'
import { language } from '../i18n/language.ts'
import { faultText, problemText } from '../i18n/problem-text.ts'

/** Codes for which the page has a sentence of its own, in both languages. */
const OWN_WORDS = new Map([
  ['network', 'network'],
  ['forbidden', 'forbidden'],
  ['not_found', 'notFound'],
  ['owned_by_file', 'owned_by_file'],
  ['changed_meanwhile', 'changed_meanwhile'],
  ['still_failing', 'still_failing'],
] as const)

/** A sentence for what went wrong, in the reader's language where we know it, else the server's own. */
export const useErrorText = (): ((error: unknown) => string) => {
  const { t } = useTranslation()
  return (error) => {
    if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error)
    const known = OWN_WORDS.get(error.code as 'network')
    if (known) return t(`shell.errors.${known}`)
    const [first] = error.faults
    if (language() === 'en' || !first?.['x-es'])
      return problemText({ code: error.code, message: error.message, ...error.told })
    return first!.path === '' ? faultText(first!) : `${first!.path}: ${faultText(first!)}`
  }
}
