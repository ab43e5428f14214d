import { sql } from 'kysely'
import type { Database } from './database.ts'
import { UNCOUNTED_SUFFIX } from './outbox.ts'

/** What was sent by one channel for one rule since the store began; retention takes nothing from it. */
export interface DeliveryTotals {
  readonly channelId: number
  /** Null for tests, digests, and what a monitor's own channels were told. */
  readonly ruleId: number | null
  /** Attempts, and tests that succeeded. */
  readonly attempts: number
  /** Tests included. */
  readonly successes: number
  readonly failures: number
  /** Ms; tests aside. */
  readonly lastSuccessAt: number | null
  /** A test of the channel succeeded. */
  readonly tested: boolean
}

/** So many attempts are counted anew at each look; more are added to what is kept. */
const FRESH = 2000
/** Two nodes may commit attempts in another order than they numbered them, but not this far apart. */
const SETTLED_MS = 600_000
const WATERMARK = 'delivery_totals_upto'
/** In place of NULL, which no key takes. */
const NO_RULE = 0

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)

const sum = (a: DeliveryTotals | undefined, b: DeliveryTotals): DeliveryTotals =>
  a
    ? {
        channelId: b.channelId,
        ruleId: b.ruleId,
        attempts: a.attempts + b.attempts,
        successes: a.successes + b.successes,
        failures: a.failures + b.failures,
        lastSuccessAt: later(a.lastSuccessAt, b.lastSuccessAt),
        tested: a.tested || b.tested,
      }
    : b

/** Adds up the rows of one key. */
export const sumBy = <Key>(
  rows: readonly DeliveryTotals[],
  keyOf: (row: DeliveryTotals) => Key,
): Map<Key, DeliveryTotals> => {
  const sums = new Map<Key, DeliveryTotals>()
  for (const row of rows) sums.set(keyOf(row), sum(sums.get(keyOf(row)), row))
  return sums
}

const keyOf = ({ channelId, ruleId }: DeliveryTotals): string => `${channelId}:${ruleId}`

/**
 * Counts of deliveries that cost the same however many there were: what is old is kept added up, what is young is
 * counted when asked.
 */
export const createDeliveryTotals = (db: Database) => {
  /** Attempts numbered above `after`, up to `upto`. */
  const count = async (after: number, upto: number): Promise<DeliveryTotals[]> => {
    const rows = await db
      .selectFrom('attempts as a')
      .innerJoin('notifications as n', 'n.id', 'a.notification_id')
      .leftJoin('alerts as l', 'l.id', 'n.alert_id')
      .where('a.id', '>', after)
      .where('a.id', '<=', upto)
      .where((where) => where.or([where('n.reason', '!=', 'test'), where('n.uid', 'not like', `%${UNCOUNTED_SUFFIX}`)]))
      .groupBy(['n.channel_id', 'l.rule_id'])
      .select(['n.channel_id', 'l.rule_id'])
      .select([
        sql<number>`sum(case when n.reason <> 'test' or a.ok = 1 then 1 else 0 end)`.as('attempts'),
        sql<number>`sum(a.ok)`.as('successes'),
        sql<number>`sum(1 - a.ok)`.as('failures'),
        sql<number | null>`max(case when a.ok = 1 and n.reason <> 'test' then a.at + a.duration_ms end)`.as('last'),
        sql<number>`max(case when n.reason = 'test' then a.ok else 0 end)`.as('tested'),
      ])
      .execute()
    return rows.map((row) => ({
      channelId: row.channel_id,
      ruleId: row.rule_id,
      attempts: Number(row.attempts),
      successes: Number(row.successes),
      failures: Number(row.failures),
      lastSuccessAt: row.last,
      tested: row.tested === 1,
    }))
  }

  const kept = async (): Promise<DeliveryTotals[]> =>
    (await db.selectFrom('delivery_totals').selectAll().execute()).map((row) => ({
      channelId: row.channel_id,
      ruleId: row.rule_id === NO_RULE ? null : row.rule_id,
      attempts: row.attempts,
      successes: row.successes,
      failures: row.failures,
      lastSuccessAt: row.last_success_at,
      tested: row.tested === 1,
    }))

  const watermark = async (): Promise<number> => {
    const row = await db.selectFrom('settings').select('value').where('name', '=', WATERMARK).executeTakeFirst()
    return Number(row?.value ?? 0)
  }

  const newest = async (before?: number): Promise<number> => {
    let query = db.selectFrom('attempts').select(({ fn }) => fn.max('id').as('id'))
    if (before !== undefined) query = query.where('at', '<', before)
    return (await query.executeTakeFirst())?.id ?? 0
  }

  return {
    /** Of each channel and rule. */
    list: async (): Promise<DeliveryTotals[]> => {
      for (;;) {
        const upto = await watermark()
        const rows = [...(await kept()), ...(await count(upto, await newest()))]
        // Somebody settled meanwhile: the two halves do not belong together.
        if ((await watermark()) === upto) return [...sumBy(rows, keyOf).values()]
      }
    },

    /** True when there is more to count at each look than there should be: `settle` in a transaction. */
    isBehind: async (): Promise<boolean> => (await newest()) - (await watermark()) > FRESH,

    /** Adds what will not change any more to what is kept. Harmless when two nodes do it at once. */
    settle: async (now: number): Promise<void> => {
      const after = await watermark()
      const upto = await newest(now - SETTLED_MS)
      if (upto <= after) return
      await db
        .insertInto('settings')
        .values({ name: WATERMARK, value: '0' })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute()
      const moved = await db
        .updateTable('settings')
        .set({ value: String(upto) })
        .where('name', '=', WATERMARK)
        .where('value', '=', String(after))
        .executeTakeFirst()
      if (moved.numUpdatedRows === 0n) return
      const sums = sumBy([...(await kept()), ...(await count(after, upto))], keyOf)
      for (const one of sums.values()) {
        const values = {
          attempts: one.attempts,
          successes: one.successes,
          failures: one.failures,
          last_success_at: one.lastSuccessAt,
          tested: one.tested ? 1 : 0,
        }
        await db
          .insertInto('delivery_totals')
          .values({ channel_id: one.channelId, rule_id: one.ruleId ?? NO_RULE, ...values })
          .onConflict((conflict) => conflict.columns(['channel_id', 'rule_id']).doUpdateSet(values))
          .execute()
      }
    },
  }
}
