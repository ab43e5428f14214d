import type { CauseFields } from '#core/cause/cause-fields.ts'
import type { VigiaEvent } from '#core/event/event.ts'
import { iso } from '#lib/time/iso.ts'
import { eventSaid } from '#templates/said.ts'

/** What its own fields come to in a sentence, where it says no cause; nothing where that is no more than they say. */
const said = ({ type, monitorId, data }: VigiaEvent): Partial<CauseFields> => {
  if (monitorId !== null || data.cause !== undefined || data.cause_code !== undefined) return {}
  const fields = eventSaid({ ...data, type })
  return fields.cause === null || fields.cause_code === 'as_said' ? {} : fields
}

/** An event as it was sent, with what was added to it. */
export const eventView = (event: VigiaEvent) => {
  const { id, type, source, severity, subject, at, receivedAt, data } = event
  return {
    ...said(event),
    ...data,
    id,
    type,
    source,
    severity,
    subject,
    at: iso(at),
    received_at: iso(receivedAt),
  }
}
