import { useTranslation } from 'react-i18next'
import { allOf } from '../../api/all-of.ts'
import type { Event } from '../../api/types.ts'
import { useEventText } from '../../components/event-text.ts'
import { kindOf, useKindName } from '../../components/kind.ts'

export interface EventSearch {
  readonly type: string
  readonly severity: string
  readonly q: string
  /** ISO 8601. */
  readonly from: string | undefined
  readonly to: string | undefined
}

/** The events of a filter, all of them, as a spreadsheet has them. */
export const useExportedEvents = (filter: EventSearch) => {
  const { t } = useTranslation()
  const textOf = useEventText()
  const kindName = useKindName()
  return {
    head: [
      t('words.when'),
      t('words.severity'),
      t('words.subject'),
      t('words.type'),
      t('words.what'),
      t('alerts.source'),
    ],
    rows: async () => {
      const { stamp } = await import('../../lib/save-csv.ts')
      const events = await allOf<Event>('/events', { ...filter })
      return events.map((event) => [
        stamp(event.at),
        t(`words.${event.severity}`),
        event.subject,
        kindName(kindOf(event)),
        textOf(event),
        event.source,
      ])
    },
  }
}
