import type { Event, Severity } from '../api/types.ts'
import { SeverityText, StateText } from './state.tsx'

type Weighed = Pick<Event, 'type'> & { readonly severity: Severity; readonly state?: unknown }

/** How grave an event is. A recovery carries the severity of what ended; it is good news all the same. */
export const EventWeight = ({ event }: { readonly event: Weighed }) =>
  event.type === 'monitor_state' && event.state === 'up' ? (
    <StateText state="up" />
  ) : (
    <SeverityText severity={event.severity} />
  )
