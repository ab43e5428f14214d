import { type Alert, type AlertOpening, type AttendedAlert, newAlert } from '#core/alert/alert.ts'
import type { AlertFacts } from '#core/alert/alert-facts.ts'
import { type Severity, severityRank } from '#core/event/severity.ts'
import { type AlertPatch, type AlertRow, alertOf, assignments, OPENED, openedValues } from './alert-row.ts'
import { octets, type Page, pageOf } from './byte-page.ts'
import { chunks, type Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { createStatements } from './statements.ts'
import { type Walked, walkBack } from './walk-back.ts'

export interface AlertFilter {
  readonly status?: Alert['status'] | undefined
  readonly ruleId?: number | undefined
  readonly monitorId?: number | undefined
  readonly severity?: Severity | undefined
  readonly subject?: string | undefined
  readonly before?: number | undefined
  readonly limit: number
}

/** What is looked for where no index leads. */
export interface AlertSearch extends AlertFilter {
  /** When it began, ms; `to` is not included. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly fits: (alert: Alert) => boolean
}

/** What an escalation step looks for; times in ms. */
export interface Unattended {
  readonly openedBefore: number
  readonly severities: readonly Severity[]
  /** Key of the step. */
  readonly step: string
  readonly now: number
  readonly afterId: number
  readonly limit: number
}

/** What an open alert's place in a list depends on. */
export type AlertOutline = Pick<Alert, 'id' | 'monitorId' | 'severity' | 'acknowledgedAt' | 'acknowledgeUntil'>

export interface LastTold {
  readonly id: number
  /** Ms. */
  readonly at: number
  readonly severity: Severity | null
  readonly status: Alert['status']
}

/**
 * The engines use the index of open alerts only where a query says its condition in the same words; `+ 0` keeps them from
 * walking through all alerts for the sake of the order.
 */
const unattendedText = (severities: number): string => `select * from alerts
where status = 'firing' and opened_at <= ? and last_told_at is not null
and (acknowledged_at is null or acknowledge_until <= ?) and (escalated is null or escalated not like ?)
and id > ? and severity in (${Array(severities).fill('?').join(', ')}) order by id + 0 limit ?`

const ATTENDED = `select id, status, acknowledged_at as "acknowledgedAt", acknowledged_by as "acknowledgedBy",
acknowledge_note as "acknowledgeNote", acknowledge_until as "acknowledgeUntil" from alerts where id`

/** Few different numbers of ids, for each is a statement of its own that is kept: the last one is asked for again. */
const toPowerOfTwo = (ids: readonly number[]): readonly number[] => {
  const size = 2 ** Math.ceil(Math.log2(ids.length))
  return [...ids, ...Array<number>(size - ids.length).fill(ids.at(-1)!)]
}

const MOST_ATTENDED = 512
const SEARCH_STEP = 500
const SEARCH_MOST = 20_000

const filtered = (db: Database, { status, ruleId, monitorId, severity, subject, before, limit }: AlertFilter) => {
  let query = db.selectFrom('alerts').orderBy('id', 'desc').limit(limit)
  if (status !== undefined) query = query.where('status', '=', status)
  if (ruleId !== undefined) query = query.where('rule_id', '=', ruleId)
  if (monitorId !== undefined) query = query.where('monitor_id', '=', monitorId)
  if (severity !== undefined) query = query.where('severity', '=', severity)
  if (subject !== undefined) query = query.where('subject', '=', subject)
  if (before !== undefined) query = query.where('id', '<', before)
  return query
}

export const createAlerts = (db: Database, engine: Engine) => ({
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

  /**
   * Open alerts of these severities that people were told of, opened by `openedBefore`, that nobody takes care of at
   * `now` and that were not escalated by this step; in the order of their ids, after `afterId`.
   */
  unattended: async ({ openedBefore, severities, step, now, afterId, limit }: Unattended): Promise<Alert[]> => {
    const rows = await createStatements(db, engine).rows<AlertRow>(unattendedText(severities.length), [
      openedBefore,
      now,
      `%${JSON.stringify(step)}%`,
      afterId,
      ...severities,
      limit,
    ])
    return rows.map(alertOf)
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

  /** Every open alert, of what its place in a list depends on, worst first and then newest first. */
  outline: async (): Promise<AlertOutline[]> => {
    const text = `select id, monitor_id as "monitorId", severity, acknowledged_at as "acknowledgedAt",
    acknowledge_until as "acknowledgeUntil" from alerts where status = 'firing'`
    const rows = await createStatements(db, engine).rows<AlertOutline>(text, [])
    return rows.sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.id - a.id)
  },

  /** These alerts, in the order in which they are named; those that there are. */
  some: async (ids: readonly number[]): Promise<Alert[]> => {
    const found = new Map<number, Alert>()
    for (const part of chunks(ids))
      for (const row of await db.selectFrom('alerts').selectAll().where('id', 'in', part).execute())
        found.set(row.id, alertOf(row))
    return ids.flatMap((id) => found.get(id) ?? [])
  },

  /** Those that opened since a moment, ms, newest first. */
  openedSince: async (since: number, limit: number): Promise<Alert[]> =>
    (
      await createStatements(db, engine).rows<AlertRow>(
        'select * from alerts where opened_at >= ? order by opened_at desc limit ?',
        [since, limit],
      )
    ).map(alertOf),

  /** Those that ended since a moment, ms, newest first. */
  resolvedSince: async (since: number, limit: number): Promise<Alert[]> =>
    (
      await createStatements(db, engine).rows<AlertRow>(
        'select * from alerts where resolved_at >= ? order by resolved_at desc limit ?',
        [since, limit],
      )
    ).map(alertOf),

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

  /**
   * What people were told last of this episode's identity, or of the rule at all; undefined for nothing. What lies after
   * `now` was written by a clock that has been set back since, and says nothing.
   */
  lastTold: async (
    of: { readonly fingerprint: string } | { readonly ruleId: number },
    now: number,
  ): Promise<LastTold | undefined> => {
    const [column, value] = 'fingerprint' in of ? ['fingerprint', of.fingerprint] : ['rule_id', of.ruleId]
    return createStatements(db, engine).first<LastTold>(
      `select id, last_told_at as at, told_severity as severity, status from alerts
      where ${column} = ? and last_told_at <= ? order by last_told_at desc limit 1`,
      [value, now],
    )
  },

  /** The alert of the same identity of which people were told before this one, and how it ended; undefined for none. */
  toldBefore: async ({
    fingerprint,
    id,
  }: Pick<Alert, 'fingerprint' | 'id'>): Promise<Pick<Alert, 'id' | 'fingerprint' | 'resolvedBy'> | undefined> => {
    const row = await createStatements(db, engine).first<{ id: number; resolved_by: Alert['resolvedBy'] }>(
      `select id, resolved_by from alerts
      where fingerprint = ? and id < ? and last_told_at is not null order by last_told_at desc limit 1`,
      [fingerprint, id],
    )
    return row && { id: row.id, fingerprint, resolvedBy: row.resolved_by }
  },

  byId: async (id: number): Promise<Alert | undefined> => {
    const row = await createStatements(db, engine).first<AlertRow>('select * from alerts where id = ?', [id])
    return row && alertOf(row)
  },

  /** The part of an alert that a message tells as of the moment when it leaves. */
  attended: async (id: number): Promise<AttendedAlert | undefined> =>
    createStatements(db, engine).first(`${ATTENDED} = ?`, [id]),

  /** The same of many; those that there are. */
  attendedAll: async (ids: readonly number[]): Promise<AttendedAlert[]> => {
    const found: AttendedAlert[] = []
    for (const part of chunks(ids, MOST_ATTENDED)) {
      const asked = toPowerOfTwo(part)
      const text = `${ATTENDED} in (${Array(asked.length).fill('?').join(', ')})`
      found.push(...(await createStatements(db, engine).rows<AttendedAlert>(text, asked)))
    }
    return found
  },

  /** Newest first; `before` is the id of the last one seen. */
  list: async (filter: AlertFilter): Promise<Alert[]> =>
    (await filtered(db, filter).selectAll().execute()).map(alertOf),

  /** The same, of no more bytes than one answer may have. */
  page: async (filter: AlertFilter): Promise<Page<Alert>> => {
    const query = filtered(db, filter)
    const sizes = await query.select(['id', octets('data').as('bytes')]).execute()
    return pageOf(sizes, async (last) => (await query.selectAll().where('id', '>=', last).execute()).map(alertOf))
  },

  /** Newest first of what is looked for, as far back as one walk goes. */
  search: async ({ from, to, fits, before, limit, ...filter }: AlertSearch): Promise<Walked<Alert>> => {
    const ends = await db
      .selectFrom('alerts')
      .select(({ fn }) => [fn.min('id').as('oldest'), fn.max('id').as('newest')])
      .executeTakeFirst()
    if (ends?.newest == null) return { items: [], next: null }
    return walkBack<Alert>({
      newest: Math.min(Number(ends.newest), (before ?? Number.POSITIVE_INFINITY) - 1),
      oldest: Number(ends.oldest),
      limit,
      step: SEARCH_STEP,
      most: SEARCH_MOST,
      fits,
      weigh: ({ data }) => JSON.stringify(data).length,
      read: async (low, high) => {
        let query = filtered(db, { ...filter, limit: high - low + 1 })
          .where('id', '>=', low)
          .where('id', '<=', high)
        if (from !== undefined) query = query.where('since', '>=', from)
        if (to !== undefined) query = query.where('since', '<', to)
        return (await query.selectAll().execute()).map(alertOf)
      },
    })
  },

  /** Those that ended since then, ms, because their monitor or rule was taken out; the newest, a thousand at most. */
  removedSince: async (since: number): Promise<Alert[]> => {
    const text =
      "select * from alerts where resolved_by = 'removed' and resolved_at > ? order by resolved_at desc limit 1000"
    return (await createStatements(db, engine).rows<AlertRow>(text, [since])).map(alertOf)
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
