import type { Selectable } from 'kysely'
import type { Alert } from '#core/alert/alert.ts'
import type { Severity } from '#core/event/severity.ts'
import type { AlertsTable } from './tables.ts'

export type AlertRow = Selectable<AlertsTable>

export const alertOf = (row: AlertRow): Alert => ({
  id: row.id,
  fingerprint: row.fingerprint,
  ruleId: row.rule_id,
  monitorId: row.monitor_id,
  subject: row.subject,
  severity: row.severity as Severity,
  status: row.status as Alert['status'],
  since: row.since,
  openedAt: row.opened_at,
  updatedAt: row.updated_at,
  resolvedAt: row.resolved_at,
  resolvedBy: row.resolved_by as Alert['resolvedBy'],
  acknowledgedAt: row.acknowledged_at,
  acknowledgedBy: row.acknowledged_by,
  acknowledgeNote: row.acknowledge_note,
  acknowledgeUntil: row.acknowledge_until,
  firstLookAt: row.first_look_at,
  count: row.count,
  lastEventId: row.last_event_id,
  nextDueAt: row.next_due_at,
  resolveAt: row.resolve_at,
  lastToldAt: row.last_told_at,
  toldSeverity: row.told_severity as Severity | null,
  toldState: row.told_state,
  reminders: row.reminders,
  escalated: row.escalated === null ? [] : JSON.parse(row.escalated),
  facts: JSON.parse(row.facts),
  data: JSON.parse(row.data),
})

/** Column of each field that may change. */
const COLUMN = {
  severity: 'severity',
  status: 'status',
  updatedAt: 'updated_at',
  resolvedAt: 'resolved_at',
  resolvedBy: 'resolved_by',
  acknowledgedAt: 'acknowledged_at',
  acknowledgedBy: 'acknowledged_by',
  acknowledgeNote: 'acknowledge_note',
  acknowledgeUntil: 'acknowledge_until',
  count: 'count',
  lastEventId: 'last_event_id',
  nextDueAt: 'next_due_at',
  resolveAt: 'resolve_at',
  lastToldAt: 'last_told_at',
  toldSeverity: 'told_severity',
  toldState: 'told_state',
  reminders: 'reminders',
  escalated: 'escalated',
  facts: 'facts',
  data: 'data',
} as const satisfies Partial<Record<keyof Alert, keyof AlertsTable>>

export type AlertPatch = Partial<Pick<Alert, keyof typeof COLUMN>>
const PATCHABLE = Object.keys(COLUMN) as (keyof AlertPatch)[]

const columnValue = (field: keyof AlertPatch, patch: AlertPatch): unknown => {
  if (field === 'escalated') return patch.escalated?.length ? JSON.stringify(patch.escalated) : null
  return field === 'data' || field === 'facts' ? JSON.stringify(patch[field]) : patch[field]
}

/** The part of a statement that changes these fields, and its values. */
export const assignments = (patch: AlertPatch): { readonly text: string; readonly values: readonly unknown[] } => {
  const fields = PATCHABLE.filter((field) => patch[field] !== undefined)
  return {
    text: fields.map((field) => `${COLUMN[field]} = ?`).join(', '),
    values: fields.map((field) => columnValue(field, patch)),
  }
}

/** Columns of a new alert, and their values in the same order. */
export const OPENED = [
  'fingerprint',
  'rule_id',
  'monitor_id',
  'subject',
  'since',
  'opened_at',
  ...Object.values(COLUMN),
]

export const openedValues = (alert: Omit<Alert, 'id'>): readonly unknown[] => [
  alert.fingerprint,
  alert.ruleId,
  alert.monitorId,
  alert.subject,
  alert.since,
  alert.openedAt,
  ...PATCHABLE.map((field) => columnValue(field, alert)),
]
