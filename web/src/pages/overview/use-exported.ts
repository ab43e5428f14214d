import { useTranslation } from 'react-i18next'
import type { Mark, Monitor } from '../../api/types.ts'
import { useCause } from '../../components/cause.ts'
import { shownSince, shownState } from '../../lib/shown-state.ts'
import { targetText } from '../../lib/target-text.ts'

/** The monitors that are shown, as a spreadsheet has them. */
export const useExported = (monitors: readonly Monitor[], marks: ReadonlyMap<number, Mark>) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  return {
    head: [
      t('words.name'),
      t('words.type'),
      t('words.target'),
      t('words.state'),
      t('words.since'),
      t('words.cause'),
      `${t('words.latency')} (ms)`,
      t('words.severity'),
      t('monitors.location'),
      t('words.labels'),
      t('words.acknowledged'),
      t('words.maintenance'),
    ],
    rows: async () => {
      const { stamp } = await import('../../lib/save-csv.ts')
      return monitors.map((monitor) => {
        const mark = marks.get(monitor.id)
        return [
          monitor.name,
          monitor.type,
          targetText(monitor.target),
          t(`words.${shownState(monitor)}`),
          stamp(shownSince(monitor)),
          causeOf(monitor),
          monitor.latency_ms,
          t(`words.${monitor.severity}`),
          monitor.location,
          Object.entries(monitor.labels)
            .map(([name, value]) => `${name}=${value}`)
            .join(' '),
          mark?.acknowledgement?.by,
          mark?.maintenance?.name,
        ]
      })
    },
  }
}
