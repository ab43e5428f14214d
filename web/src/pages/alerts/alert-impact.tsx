import { useTranslation } from 'react-i18next'
import type { Alert } from '../../api/types.ts'

/** Whom it hits: who does not answer, which is measured, and who stands behind, with the sum of their subscribers. */
export const AlertImpact = ({ affected }: { readonly affected: NonNullable<Alert['affected']> }) => {
  const { t } = useTranslation()
  const { count, silent, subscribers } = affected
  return (
    <>
      {silent > 0 ? <b>{t('alertPage.impactSilent', { count: silent })}</b> : t('alertPage.impactSilent', { count: 0 })}
      {`, ${t('alertPage.impactBehind', { count })}`}
      {subscribers !== undefined && `, ${t('alertPage.subscribers', { count: subscribers })}`}
    </>
  )
}
