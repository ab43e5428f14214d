import { useTranslation } from 'react-i18next'
import { Ago } from '../../components/time.tsx'

/** How often something came, where more than once, and when last. */
export const Often = ({ count, at }: { readonly count: number; readonly at: string }) => {
  const { t } = useTranslation()
  return (
    <>
      {count > 1 && `${t('addresses.times', { count })} · `}
      <Ago at={at} />
    </>
  )
}
