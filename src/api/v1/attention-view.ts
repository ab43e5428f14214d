import type { Alert } from '#core/alert/alert.ts'
import { iso } from '#lib/time/iso.ts'
import type { MaintenanceWindow } from '#storage/maintenance.ts'
import type { Silence } from '#storage/silences.ts'

/** Who takes care of an alert; null where nobody has said so. */
export const acknowledgementView = (
  alert: Pick<Alert, 'acknowledgedAt' | 'acknowledgedBy' | 'acknowledgeNote' | 'acknowledgeUntil'>,
) =>
  alert.acknowledgedAt === null
    ? null
    : {
        at: iso(alert.acknowledgedAt),
        by: alert.acknowledgedBy,
        note: alert.acknowledgeNote,
        until: iso(alert.acknowledgeUntil),
      }

/** What mutes something now. */
export const silenceView = (silence: Silence | undefined) =>
  silence ? { id: silence.id, until: iso(silence.endsAt), by: silence.createdBy, comment: silence.comment } : null

/** The planned work that it stands in now. */
export const maintenanceView = (window: MaintenanceWindow | undefined) =>
  window ? { id: window.id, name: window.name, until: iso(window.endsAt), by: window.createdBy } : null
