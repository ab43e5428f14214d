import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'

/** A sentence for what went wrong, in the reader's language where we know it, else the server's own. */
export const useErrorText = (): ((error: unknown) => string) => {
  const { t } = useTranslation()
  return (error) => {
    if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error)
    if (error.code === 'network') return t('shell.errors.network')
    if (error.code === 'forbidden') return t('shell.errors.forbidden')
    if (error.code === 'not_found') return t('shell.errors.notFound')
    if (error.code === 'owned_by_file') return t('shell.errors.owned_by_file')
    if (error.code === 'changed_meanwhile') return t('shell.errors.changed_meanwhile')
    return error.message
  }
}
