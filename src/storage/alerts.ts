import { type Alert, type AlertOpening, newAlert } from '#core/alert/alert.ts'
import type { AlertFacts } from '#core/alert/alert-facts.ts'
import { createAlertLists } from './alert-lists.ts'
import { type AlertPatch, type AlertRow, alertOf, assignments, OPENED, openedValues } from './alert-row.ts'
import { createAlertsTold } from './alerts-told.ts'
import { chunks, type Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { createStatements } from './statements.ts'

/** Alerts one by one, and those that are open. */
const createEpisodes = (db: Database, engine: Engine) => ({
  /**
   * The open alert of an episode. Within a transaction nobody else changes it until the end: what is decided from its
   * count and its last telling holds. SQLite has one writer at a time anyway.
   */
  firing: async (fingerprint: string): Promise<Alert | undefined> => {
    const row = await createStatements(db, engine).first<AlertRow>(
      `select * from alerts where fingerprint = ? and status = 'firing'${engine === 'postgres' ? ' for update' : ''}`,
      [fingerprint],
    )
    return row && alertOf(row)
  },

  /** The same for who only reads it, and waits for nobody. */
  openOf: async (fingerprint: string): Promise<Alert | undefined> => {
    const text = "select * from alerts where fingerprint = ? and status = 'firing'"
    const row = await createStatements(db, engine).first<AlertRow>(text, [fingerprint])
    return row && alertOf(row)
  },

  /** Opens an alert; the database refuses a second open one of the same fingerprint. */
  open: async (opening: AlertOpening): Promise<Alert> => {
    const alert = newAlert(opening)
    const [id] = await createStatements(db, engine).insert('alerts', OPENED, [alert], openedValues)
    return { ...alert, id: id! }
  },

  /** Changes fields and returns the alert as it then is. Throws when there is no such alert. */
  update: async (id: number, patch: AlertPatch): Promise<Alert> => {
    const { text, values } = assignments(patch)
    const statement = `update alerts set ${text} where id = ? returning *`
    const row = await createStatements(db, engine).first<AlertRow>(statement, [...values, id])
    if (!row) throw new Error(`there is no alert ${id}`)
    return alertOf(row)
  },

  /** Somebody looks at it: the first time counts. */
  looked: async (id: number, at: number): Promise<void> => {
    await db
      .updateTable('alerts')
      .set({ first_look_at: at })
      .where('id', '=', id)
      .where('first_look_at', 'is', null)
      .execute()
  },

  /** Open alerts that the clock must look at. */
  due: async (now: number, limit: number): Promise<Alert[]> => {
    const text = `select * from alerts where next_due_at <= ? and status = 'firing' order by next_due_at limit ?`
    return (await createStatements(db, engine).rows<AlertRow>(text, [now, limit])).map(alertOf)
  },

  /** Ends the open alerts of a rule that is gone, without a word. */
  endOfRule: async (ruleId: number, now: number): Promise<void> => {
    await db
      .updateTable('alerts')
      .set({ status: 'resolved', resolved_at: now, resolved_by: 'removed', next_due_at: null, resolve_at: null })
      .where('rule_id', '=', ruleId)
      .where('status', '=', 'firing')
      .execute()
  },

  /**
   * Has the clock look at the open alerts of these monitors at a time, ms: those that nobody was told of, and those that it
   * would not look at, for something held back how they changed.
   */
  lookAgainAt: async (monitorIds: readonly number[], at: number): Promise<void> => {
    for (const part of chunks(monitorIds))
      await db
        .updateTable('alerts')
        .set({ next_due_at: at })
        .where('monitor_id', 'in', part)
        .where('status', '=', 'firing')
        .where((where) => where.or([where('last_told_at', 'is', null), where('next_due_at', 'is', null)]))
        .execute()
  },

  /** Open alerts whose events are of a type. */
  firingOfType: async (type: string): Promise<Alert[]> => {
    const rows = await db
      .selectFrom('alerts')
      .selectAll()
      .where('status', '=', 'firing')
      .where('rule_id', 'is not', null)
      .where('facts', 'like', `%"event_type":${JSON.stringify(type)}%`)
      .execute()
    return rows.map(alertOf).filter(({ facts }) => facts.event_type === type)
  },

  /** Every open alert. */
  firingAll: async (): Promise<Alert[]> =>
    (await createStatements(db, engine).rows<AlertRow>("select * from alerts where status = 'firing'", [])).map(
      alertOf,
    ),

  /** Open alerts about monitors that somebody acknowledged. */
  acknowledgedOfMonitors: async (): Promise<Alert[]> => {
    const firing = db.selectFrom('alerts').selectAll().where('status', '=', 'firing')
    const rows = await firing.where('monitor_id', 'is not', null).where('acknowledged_at', 'is not', null).execute()
    return rows.map(alertOf)
  },

  /** Monitors with an open alert. */
  firingMonitors: async (): Promise<number[]> => {
    const firing = db.selectFrom('alerts').select('monitor_id').distinct().where('status', '=', 'firing')
    return (await firing.where('monitor_id', 'is not', null).execute()).map(({ monitor_id }) => monitor_id!)
  },

  /** Monitors whose open alert says that they flap. */
  flappingMonitors: async (): Promise<number[]> => {
    const firing = db.selectFrom('alerts').select(['monitor_id', 'facts']).where('status', '=', 'firing')
    const rows = await firing.where('monitor_id', 'is not', null).execute()
    const flapping = rows.filter(({ facts }) => (JSON.parse(facts) as AlertFacts).state === 'flapping')
    return [...new Set(flapping.map(({ monitor_id }) => monitor_id!))]
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
    const text = `select * from alerts where resolve_at <= ? and status = 'firing' order by resolve_at limit ?`
    return (await createStatements(db, engine).rows<AlertRow>(text, [now, limit])).map(alertOf)
  },

  byId: async (id: number): Promise<Alert | undefined> => {
    const row = await createStatements(db, engine).first<AlertRow>('select * from alerts where id = ?', [id])
    return row && alertOf(row)
  },

  /** The id of the newest alert of a fingerprint. */
  latestOf: async (fingerprint: string): Promise<number | undefined> => {
    const text = 'select id from alerts where fingerprint = ? order by id desc limit 1'
    return (await createStatements(db, engine).first<{ id: number }>(text, [fingerprint]))?.id
  },

  firingOfRule: async (ruleId: number): Promise<Alert[]> => {
    const text = "select * from alerts where rule_id = ? and status = 'firing'"
    return (await createStatements(db, engine).rows<AlertRow>(text, [ruleId])).map(alertOf)
  },

  firingOfMonitor: async (monitorId: number): Promise<Alert[]> => {
    const rows = await db
      .selectFrom('alerts')
      .selectAll()
      .where('monitor_id', '=', monitorId)
      .where('status', '=', 'firing')
      .execute()
    return rows.map(alertOf)
  },
})

/** Alerts: as episodes, as people look through them, and what was told of them. */
export const createAlerts = (db: Database, engine: Engine) => ({
  ...createEpisodes(db, engine),
  ...createAlertLists(db, engine),
  ...createAlertsTold(db, engine),
})
