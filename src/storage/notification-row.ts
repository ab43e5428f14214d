import type { Selectable } from 'kysely'
import type { NotifyReason } from '#core/alert/notify-reason.ts'
import type { Cause } from '#core/cause/cause.ts'
import type { DeliveryFailure, Served } from '#core/channel.ts'
import type { DigestWhy } from '#core/message/digest-why.ts'
import type { Notification, NotificationStatus } from '#core/message/notification.ts'
import { type CauseColumns, causeOfRow } from './cause-columns.ts'
import type { NotificationsTable } from './tables.ts'

export type NotificationRow = Selectable<NotificationsTable>

/** The cause as it stands beside its sentence; nothing where there is none, or an older version wrote it. */
export const causeOf = (row: CauseColumns): { readonly cause?: Cause } => {
  const cause = causeOfRow(row)
  return cause ? { cause } : {}
}

export const fromRow = (row: NotificationRow): Notification => ({
  id: row.id,
  uid: row.uid,
  alertId: row.alert_id,
  about: row.about,
  channelId: row.channel_id,
  reason: row.reason as NotifyReason,
  status: row.status as NotificationStatus,
  payload: JSON.parse(row.payload),
  createdAt: row.created_at,
  nextAttemptAt: row.next_attempt_at,
  leaseUntil: row.lease_until,
  attempts: row.attempts,
  firstAttemptAt: row.first_attempt_at,
  deliveredAt: row.delivered_at,
  failure: row.failure as DeliveryFailure | null,
  error: row.error,
  ...causeOf(row),
  response: row.response,
  reference: row.reference,
  heldFor: row.held_for as DigestWhy | null,
  digestId: row.digest_id,
  fallbackId: row.fallback_id,
  served: row.served === null ? null : (JSON.parse(row.served) as Served),
})
