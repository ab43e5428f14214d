import type { Alert } from '#core/alert/alert.ts'
import { type Severity, severityRank } from '#core/event/severity.ts'
import { type AlertRow, alertOf } from './alert-row.ts'
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

/** What an open alert's place in a list depends on. */
export type AlertOutline = Pick<Alert, 'id' | 'monitorId' | 'severity' | 'acknowledgedAt' | 'acknowledgeUntil'>

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

/** Alerts as people look through them. */
export const createAlertLists = (db: Database, engine: Engine) => ({
  /** These alerts, in the order in which they are named; those that there are. */
  some: async (ids: readonly number[]): Promise<Alert[]> => {
    const found = new Map<number, Alert>()
    for (const part of chunks(ids))
      for (const row of await db.selectFrom('alerts').selectAll().where('id', 'in', part).execute())
        found.set(row.id, alertOf(row))
    return ids.flatMap((id) => found.get(id) ?? [])
  },

  /** Every open alert, of what its place in a list depends on, worst first and then newest first. */
  outline: async (): Promise<AlertOutline[]> => {
    const text = `select id, monitor_id as "monitorId", severity, acknowledged_at as "acknowledgedAt",
    acknowledge_until as "acknowledgeUntil" from alerts where status = 'firing'`
    const rows = await createStatements(db, engine).rows<AlertOutline>(text, [])
    return rows.sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.id - a.id)
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

  /** Those that ended since then, ms, because their monitor or rule was taken out; the newest, a thousand at most. */
  removedSince: async (since: number): Promise<Alert[]> => {
    const text =
      "select * from alerts where resolved_by = 'removed' and resolved_at > ? order by resolved_at desc limit 1000"
    return (await createStatements(db, engine).rows<AlertRow>(text, [since])).map(alertOf)
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
})
