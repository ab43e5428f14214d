import type { DatabaseSync } from 'node:sqlite'

export interface KeptSince {
  readonly minutes: number
  readonly hours: number
}

/** Since when results are known by the minute, and summaries by the hour; before that only coarser ones remain. */
export const readKept = (db: DatabaseSync): KeptSince => {
  const rows = db.prepare('select level, since from kept').all() as { level: string; since: number }[]
  const since = new Map(rows.map((row) => [row.level, row.since]))
  return { minutes: since.get('minutes') ?? 0, hours: since.get('hours') ?? 0 }
}

/** Nothing that went comes back: a longer retention does not move a mark to an earlier time. */
export const writeKept = (db: DatabaseSync, kept: KeptSince): void => {
  const put = db.prepare(
    'insert into kept values (?, ?) on conflict (level) do update set since = max(since, excluded.since)',
  )
  for (const [level, since] of Object.entries(kept)) put.run(level, since)
}
