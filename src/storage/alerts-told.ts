import type { Alert, AttendedAlert } from '#core/alert/alert.ts'
import type { Severity } from '#core/event/severity.ts'
import { type AlertRow, alertOf } from './alert-row.ts'
import { chunks, type Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { createStatements } from './statements.ts'

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

/** What people were told of alerts, and who takes care of them. */
export const createAlertsTold = (db: Database, engine: Engine) => ({
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
})
