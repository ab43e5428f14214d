import type { Selectable } from 'kysely'
import type { Alert } from '#core/alert.ts'
import type { Severity } from '#core/severity.ts'
import type { Database } from './database.ts'
import type { Engine } from './migrate.ts'
import type { AlertsTable } from './tables.ts'

type Row = Selectable<AlertsTable>

const fromRow = (row: Row): Alert => ({
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
  count: row.count,
  lastEventId: row.last_event_id,
  nextDueAt: row.next_due_at,
  resolveAt: row.resolve_at,
  lastToldAt: row.last_told_at,
  reminders: row.reminders,
  data: JSON.parse(row.data),
})

/** What an opening says; the rest begins empty. */
export type NewAlert = Pick<
  Alert,
  | 'fingerprint'
  | 'ruleId'
  | 'monitorId'
  | 'subject'
  | 'severity'
  | 'since'
  | 'openedAt'
  | 'updatedAt'
  | 'lastEventId'
  | 'resolveAt'
  | 'data'
>

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
  reminders: 'reminders',
  data: 'data',
} as const satisfies Partial<Record<keyof Alert, keyof AlertsTable>>

export type AlertPatch = Partial<Pick<Alert, keyof typeof COLUMN>>

const patchRow = (patch: AlertPatch): Partial<Row> =>
  Object.fromEntries(
    Object.entries(patch)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [COLUMN[field as keyof AlertPatch], field === 'data' ? JSON.stringify(value) : value]),
  )

export interface AlertFilter {
  readonly status?: Alert['status'] | undefined
  readonly ruleId?: number | undefined
  readonly monitorId?: number | undefined
  readonly severity?: Severity | undefined
  readonly subject?: string | undefined
  readonly before?: number | undefined
  readonly limit: number
}

export const createAlerts = (db: Database, engine: Engine) => ({
  /**
   * The open alert of an episode. Within a transaction nobody else changes it until the end: what is decided from its
   * count and its last telling holds. SQLite has one writer at a time anyway.
   */
  firing: async (fingerprint: string): Promise<Alert | undefined> => {
    const query = db
      .selectFrom('alerts')
      .selectAll()
      .where('fingerprint', '=', fingerprint)
      .where('status', '=', 'firing')
    const row = await (engine === 'postgres' ? query.forUpdate() : query).executeTakeFirst()
    return row && fromRow(row)
  },

  /** Opens an alert; the database refuses a second open one of the same fingerprint. */
  open: async (alert: NewAlert): Promise<Alert> => {
    const row = {
      fingerprint: alert.fingerprint,
      rule_id: alert.ruleId,
      monitor_id: alert.monitorId,
      subject: alert.subject,
      severity: alert.severity,
      status: 'firing',
      since: alert.since,
      opened_at: alert.openedAt,
      updated_at: alert.updatedAt,
      resolved_at: null,
      resolved_by: null,
      acknowledged_at: null,
      acknowledged_by: null,
      acknowledge_note: null,
      acknowledge_until: null,
      count: 1,
      last_event_id: alert.lastEventId,
      next_due_at: null,
      resolve_at: alert.resolveAt,
      last_told_at: null,
      reminders: 0,
      data: JSON.stringify(alert.data),
    }
    return fromRow(await db.insertInto('alerts').values(row).returningAll().executeTakeFirstOrThrow())
  },

  /** Changes fields and returns the alert as it then is. Throws when there is no such alert. */
  update: async (id: number, patch: AlertPatch): Promise<Alert> =>
    fromRow(
      await db.updateTable('alerts').set(patchRow(patch)).where('id', '=', id).returningAll().executeTakeFirstOrThrow(),
    ),

  /** Open alerts that the clock must look at. */
  due: async (now: number, limit: number): Promise<Alert[]> => {
    const rows = await db
      .selectFrom('alerts')
      .selectAll()
      .where('next_due_at', '<=', now)
      .where('status', '=', 'firing')
      .orderBy('next_due_at')
      .limit(limit)
      .execute()
    return rows.map(fromRow)
  },

  /** Has the clock look at every open alert that it would look at later. */
  lookAgain: async (now: number): Promise<void> => {
    await db
      .updateTable('alerts')
      .set({ next_due_at: now })
      .where('next_due_at', '>', now)
      .where('status', '=', 'firing')
      .execute()
  },

  /** Open alerts that end by themselves by now. */
  ending: async (now: number, limit: number): Promise<Alert[]> => {
    const rows = await db
      .selectFrom('alerts')
      .selectAll()
      .where('resolve_at', '<=', now)
      .where('status', '=', 'firing')
      .orderBy('resolve_at')
      .limit(limit)
      .execute()
    return rows.map(fromRow)
  },

  /** When people were last told of this episode's identity, or of the rule at all, ms; null for never. */
  lastTold: async (of: { readonly fingerprint: string } | { readonly ruleId: number }): Promise<number | null> => {
    const query = db.selectFrom('alerts').select(({ fn }) => fn.max('last_told_at').as('at'))
    const row = await ('fingerprint' in of
      ? query.where('fingerprint', '=', of.fingerprint)
      : query.where('rule_id', '=', of.ruleId)
    ).executeTakeFirst()
    return row?.at ?? null
  },

  byId: async (id: number): Promise<Alert | undefined> => {
    const row = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst()
    return row && fromRow(row)
  },

  /** Newest first; `before` is the id of the last one seen. */
  list: async ({ status, ruleId, monitorId, severity, subject, before, limit }: AlertFilter): Promise<Alert[]> => {
    let query = db.selectFrom('alerts').selectAll().orderBy('id', 'desc').limit(limit)
    if (status !== undefined) query = query.where('status', '=', status)
    if (ruleId !== undefined) query = query.where('rule_id', '=', ruleId)
    if (monitorId !== undefined) query = query.where('monitor_id', '=', monitorId)
    if (severity !== undefined) query = query.where('severity', '=', severity)
    if (subject !== undefined) query = query.where('subject', '=', subject)
    if (before !== undefined) query = query.where('id', '<', before)
    return (await query.execute()).map(fromRow)
  },

  firingOfMonitor: async (monitorId: number): Promise<Alert[]> => {
    const rows = await db
      .selectFrom('alerts')
      .selectAll()
      .where('monitor_id', '=', monitorId)
      .where('status', '=', 'firing')
      .execute()
    return rows.map(fromRow)
  },
})
