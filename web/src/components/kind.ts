import { useTranslation } from 'react-i18next'
import { kinds } from '../i18n/texts/kinds.ts'

type Kind = keyof (typeof kinds)['en']
const isKind = (name: string): name is Kind => Object.hasOwn(kinds.en, name)

/** What an event is, by the most telling of the names that it carries. */
export const kindOf = (event: Readonly<Record<string, unknown>>): string =>
  [event.alertname, event.detection_type, event.problem, event.type, event.event_type].find(
    (name): name is string => typeof name === 'string' && name !== '',
  ) ?? ''

/** A kind in the reader's language; a name that is none of ours as it is. */
export const useKindName = (): ((name: string) => string) => {
  const { t } = useTranslation()
  return (name) => (isKind(name) ? t(`kinds.${name}`) : name)
}
