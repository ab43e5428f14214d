import type { VigiaEvent } from '#core/event/event.ts'
import { iso } from '#lib/time/iso.ts'

/** An event as it was sent, with what was added to it. */
export const eventView = ({ id, type, source, severity, subject, at, receivedAt, data }: VigiaEvent) => ({
  ...data,
  id,
  type,
  source,
  severity,
  subject,
  at: iso(at),
  received_at: iso(receivedAt),
})
