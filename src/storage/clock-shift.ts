import { sql } from 'kysely'
import { isStretch } from '#core/monitor/unwatched.ts'
import type { Signal } from '#core/probe.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Database } from './database.ts'
import { NOT_LISTENING } from './gaps.ts'

/** The clock of the server is set: from `before` it goes on at `after`, both ms since the epoch. */
export interface ClockShift {
  readonly before: number
  readonly after: number
}

/** Times in the facts of an alert or a message that people read durations from. */
const FACTS = ['since', 'resolvedAt', 'nextDueAt'] as const

const shiftedFacts = (text: string, by: number): string => {
  const facts = JSON.parse(text) as Record<string, JsonObject[string]>
  for (const name of FACTS) if (typeof facts[name] === 'number') facts[name] += by
  if (Array.isArray(facts.unwatched))
    facts.unwatched = facts.unwatched.map((one) => (isStretch(one) ? one.map((at: number) => at + by) : one))
  return JSON.stringify(facts)
}

const shiftedSignal = (text: string, by: number): string => {
  const signal = JSON.parse(text) as Signal
  const { at, countsFrom } = signal
  return JSON.stringify({ ...signal, at: at + by, ...(countsFrom !== undefined && { countsFrom: countsFrom + by }) })
}

/** The past whose times still decide something: cooldowns, limits, digests, escalation. */
const STILL_COUNTS_MS = 86_400_000

/**
 * What is under way, and what is due, moves with the clock, so that no wait becomes longer or shorter and no duration is
 * wrong; what is past stays as it was told, but for what would lie ahead of now.
 */
export const createClockShift =
  (db: Database) =>
  async ({ before, after }: ClockShift): Promise<void> => {
    const by = after - before
    const moved = (column: string) => sql<number>`${sql.ref(column)} + ${by}`
    const recent = before - STILL_COUNTS_MS

    await db
      .updateTable('alerts')
      .set({
        since: moved('since'),
        opened_at: moved('opened_at'),
        updated_at: moved('updated_at'),
        acknowledged_at: moved('acknowledged_at'),
        acknowledge_until: moved('acknowledge_until'),
        first_look_at: moved('first_look_at'),
        next_due_at: moved('next_due_at'),
        resolve_at: moved('resolve_at'),
      })
      .where('status', '=', 'firing')
      .execute()
    await db
      .updateTable('alerts')
      .set({ last_told_at: moved('last_told_at') })
      .where((where) => where.or([where('status', '=', 'firing'), where('last_told_at', '>', recent)]))
      .execute()
    const firing = await db.selectFrom('alerts').select(['id', 'facts']).where('status', '=', 'firing').execute()
    for (const { id, facts } of firing)
      if (facts.includes('"since"') || facts.includes('"unwatched"'))
        await db
          .updateTable('alerts')
          .set({ facts: shiftedFacts(facts, by) })
          .where('id', '=', id)
          .execute()

    const waiting = await db
      .selectFrom('notifications')
      .select(['id', 'payload'])
      .where('status', 'in', ['pending', 'held'])
      .execute()
    for (const { id, payload } of waiting)
      await db
        .updateTable('notifications')
        .set({ payload: shiftedFacts(payload, by) })
        .where('id', '=', id)
        .execute()
    await db
      .updateTable('notifications')
      .set({
        created_at: moved('created_at'),
        next_attempt_at: moved('next_attempt_at'),
        lease_until: moved('lease_until'),
        first_attempt_at: moved('first_attempt_at'),
        delivered_at: moved('delivered_at'),
      })
      .where((where) =>
        where.or([
          where('status', 'in', ['pending', 'held']),
          where('created_at', '>', recent),
          where('alert_id', 'in', (query) => query.selectFrom('alerts').select('id').where('status', '=', 'firing')),
        ]),
      )
      .execute()

    await db
      .updateTable('monitors')
      .set({ paused_until: moved('paused_until') })
      .where('paused_until', 'is not', null)
      .execute()
    await db
      .updateTable('states')
      .set({ since: moved('since'), changed_at: moved('changed_at') })
      .execute()
    const called = await db
      .selectFrom('states')
      .select(['monitor_id', 'last_signal'])
      .where('last_signal', 'is not', null)
      .execute()
    for (const { monitor_id, last_signal } of called)
      await db
        .updateTable('states')
        .set({ last_signal: shiftedSignal(last_signal!, by) })
        .where('monitor_id', '=', monitor_id)
        .execute()

    await db
      .updateTable('sessions')
      .set({ last_used_at: moved('last_used_at'), expires_at: moved('expires_at') })
      .execute()
    await db
      .updateTable('schedules')
      .set({ started_at: moved('started_at'), finished_at: moved('finished_at') })
      .execute()
    await db
      .updateTable('bans')
      .set({ renew_at: moved('renew_at') })
      .execute()
    // One that holds from the moment in which it was made is meant to last for a while, not until an hour of the day.
    await db
      .updateTable('silences')
      .set({ starts_at: moved('starts_at'), ends_at: moved('ends_at'), created_at: moved('created_at') })
      .where('starts_at', '<=', before)
      .where('ends_at', '>', before)
      .where('origin', 'is', null)
      .where(sql<boolean>`abs(starts_at - created_at) < 2000`)
      .execute()

    await db
      .updateTable('gaps')
      .set({ from_at: moved('from_at'), to_at: moved('to_at') })
      .where((where) => where.or([where('reason', '=', NOT_LISTENING), where('to_at', '>', Math.max(after, 0))]))
      .execute()
    // What lies ahead of a clock that was set back did not happen later than now.
    for (const column of ['at', 'since', 'previous_since'] as const)
      await db
        .updateTable('transitions')
        .set({ [column]: moved(column) })
        .where(column, '>', after)
        .execute()
    if (by > 0) await db.insertInto('gaps').values({ from_at: before, to_at: after, reason: 'clock' }).execute()
  }
