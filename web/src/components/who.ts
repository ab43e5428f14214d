import { useTranslation } from 'react-i18next'

/** How the server signs for who followed the link of a message. */
const BY_LINK = / \(by link\)$/

/** Who did something, in the reader's language. */
export const useWho = (): ((name: string | null | undefined) => string) => {
  const { t } = useTranslation()
  return (name) => (name ?? '').replace(BY_LINK, ` (${t('alerts.byLink')})`)
}
