import { useTranslation } from 'react-i18next'
import { allOf } from '../../api/all-of.ts'
import type { AlertFilter } from '../../api/queries.ts'
import type { Alert } from '../../api/types.ts'
import { useAlertCause } from '../../components/cause.ts'
import { kindOf, useKindName } from '../../components/kind.ts'

/** The alerts of a filter, all of them, as a spreadsheet has them. */
export const useExportedAlerts = ({ cut_off: _, ...filter }: AlertFilter) => {
  const { t } = useTranslation()
  const causeOf = useAlertCause()
  const kindName = useKindName()
  return {
    head: [
      t('words.severity'),
      t('words.state'),
      t('words.subject'),
      t('words.type'),
      t('words.cause'),
      t('alerts.since'),
      t('alerts.resolvedAt'),
      t('alerts.count'),
      t('words.acknowledged'),
      t('alerts.note'),
    ],
    rows: async () => {
      const { stamp } = await import('../../lib/save-csv.ts')
      const alerts = await allOf<Alert>('/alerts', { ...filter })
      return alerts.map((alert) => [
        t(`words.${alert.severity}`),
        t(`words.${alert.status}`),
        alert.subject,
        kindName(kindOf(alert.data)),
        causeOf(alert),
        stamp(alert.since),
        stamp(alert.resolved_at),
        alert.count,
        alert.acknowledgement?.by,
        alert.acknowledgement?.note,
      ])
    },
  }
}
