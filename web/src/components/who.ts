import { useTranslation } from 'react-i18next'

/** How the server signs for who followed the link of a message. */
const BY_LINK = / \(by link\)$/

/** And for what the configuration file names. */
const BY_FILE = 'file'

/** Who did something, in the reader's language. */
export const useWho = (): ((name: string | null | undefined) => string) => {
  const { t } = useTranslation()
  return (name) => (name === BY_FILE ? t('alerts.theFile') : (name ?? '').replace(BY_LINK, ` (${t('alerts.byLink')})`))
}
