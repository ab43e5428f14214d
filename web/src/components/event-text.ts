import { useTranslation } from 'react-i18next'
import type { Event, State } from '../api/types.ts'
import { useCause } from './cause.ts'

/** States that an event tells of: `flapping` gathers changes that come too fast to be told one by one. */
const isState = (value: unknown): value is State | 'flapping' =>
  ['up', 'degraded', 'down', 'unknown', 'flapping'].includes(String(value))

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** One line of what an event says. */
export const useEventText = (): ((event: Event) => string) => {
  const { t } = useTranslation()
  const causeOf = useCause()
  return (event) => {
    if (event.type === 'monitor_state' && isState(event.state) && isState(event.previous_state)) {
      const change = `${t(`words.${event.previous_state}`)} → ${t(`words.${event.state}`)}`
      const cause = causeOf({
        cause: event.cause,
        cause_code: event.cause_code,
        cause_facts: event.cause_facts,
        code: event.code,
      })
      return cause && event.state !== 'up' ? `${change}: ${cause}` : change
    }
    const detail = text(event.message) || text(event.reason) || text(event.detection_type) || text(event.jail)
    return detail ? `${event.type}: ${detail}` : event.type
  }
}
