import { useTranslation } from 'react-i18next'
import type { Event, State } from '../api/types.ts'
import { type CauseFields, useCause } from './cause.ts'
import { kindOf, useKindName } from './kind.ts'

/** States that an event tells of: `flapping` gathers changes that come too fast to be told one by one. */
const isState = (value: unknown): value is State | 'flapping' =>
  ['up', 'degraded', 'down', 'unknown', 'flapping'].includes(String(value))

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const whyOf = ({ cause, cause_code, cause_facts }: Event): CauseFields => ({ cause, cause_code, cause_facts })

/** One line of what an event says. */
export const useEventText = (): ((event: Event) => string) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  const kindName = useKindName()
  return (event) => {
    if (event.type === 'monitor_state' && isState(event.state) && isState(event.previous_state)) {
      const change = `${t(`words.${event.previous_state}`)} → ${t(`words.${event.state}`)}`
      const cause = causeOf({ ...whyOf(event), code: event.code })
      return cause && event.state !== 'up' ? `${change}: ${cause}` : change
    }
    const detail = text(event.message) || causeOf(whyOf(event)) || text(event.reason) || text(event.jail)
    const name = kindName(kindOf(event))
    return detail ? `${name}: ${detail}` : name
  }
}
