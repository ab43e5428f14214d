import { randomUUID } from 'node:crypto'
import { MessageChannel } from 'node:worker_threads'
import { type Kysely, sql } from 'kysely'
import type { Cause } from '#core/cause/cause.ts'
import { NO_SPREAD, unpackSpread } from '#core/monitor/spread.ts'
import { NO_LATENCY, NO_LOSS, type ResultBatch, type ResultSeries } from '#core/result/result-batch.ts'
import type { Timer } from '#lib/time/timers.ts'
import { causeOfRefusal, isOfTheValues } from '../storage-error.ts'
import type { StoreSystems } from '../systems.ts'
import type { Tables } from '../tables.ts'
import type { History, HistoryListener } from './index.ts'
import { mergeSummary, pointOf } from './points.ts'
import { blockOf, createLevels, type ResultRow } from './postgres-levels.ts'
import { stepStart } from './read.ts'
import { summarise } from './rollups.ts'
import { DAY } from './spans.ts'

/** Batches that a server that is away keeps from being written; the oldest are given up. */
const MOST_WAITING = 600
const AGAIN_AFTER_MS = 2000

/** Results as plain rows on PostgreSQL, where several nodes write them, and as summaries when they are old. */
export const createPostgresHistory = (
  db: Kysely<Tables>,
  { onTrouble }: Pick<HistoryListener, 'onTrouble'>,
  { timers, wall }: StoreSystems,
): History => {
  const levels = createLevels(db)
  const waiting: ResultBatch[] = []
  let writing: Promise<void> | undefined
  let again: Timer | undefined
  let complained = false
  /** This server as it runs now, and the number of its next batch. */
  const sender = randomUUID()
  let sent = 1

  /** A batch whose end was not heard of is sent again: where the server has taken it already, nothing comes of that. */
  const insert = async (number: number, { count, monitorIds, at, latency, codes, loss, spread }: ResultBatch) => {
    if (count === 0) return
    const orNull = (values: ArrayLike<number>, none: number) =>
      Array.from(values, (value) => (value === none ? null : value))
    await sql`with news as (
        insert into result_senders (id, batch, at) values (${sender}, ${number}, ${wall()})
        on conflict (id) do update set batch = excluded.batch, at = excluded.at
          where result_senders.batch < excluded.batch
        returning 1)
      insert into results (monitor_id, at, latency_us, code, loss, spread)
      select * from unnest(${[...monitorIds]}::bigint[], ${Array.from(at, Math.round)}::bigint[],
        ${orNull(latency, NO_LATENCY)}::bigint[], ${[...codes]}::smallint[], ${orNull(loss, NO_LOSS)}::smallint[],
        ${orNull(spread, NO_SPREAD)}::bigint[])
      where exists (select 1 from news)`.execute(db)
  }

  const complain = (trouble: Cause | undefined) => {
    if ((trouble !== undefined) !== complained) onTrouble(trouble)
    complained = trouble !== undefined
  }

  /** The oldest batch is done with; the server may have it also where nobody heard so: the next one is another. */
  const next = () => {
    waiting.shift()
    sent++
  }

  /** Sends the oldest batch. False: it has to wait, and all that came after it. */
  const send = async (): Promise<boolean> => {
    try {
      await insert(sent, waiting[0]!)
    } catch (error) {
      complain(causeOfRefusal(error))
      const given = isOfTheValues(error)
      if (given || waiting.length > MOST_WAITING) next()
      return given
    }
    next()
    complain(undefined)
    return true
  }

  const drain = async () => {
    timers.clear(again)
    while (waiting.length > 0 && (await send()));
    writing = undefined
    // Not with the next batch: of who is seldom looked at, that may be tomorrow's.
    if (waiting.length === 0) return
    again = timers.after(AGAIN_AFTER_MS, write)
    again.unref()
  }
  const write = () => {
    writing ??= drain()
  }

  const append = (batch: ResultBatch) => {
    waiting.push(batch)
    write()
  }

  const rows = async (monitorId: number, from: number, to: number): Promise<readonly ResultRow[]> =>
    (
      await sql<ResultRow>`select at, latency_us, code, loss, spread from results
        where monitor_id = ${monitorId} and at >= ${from} and at < ${to} order by at`.execute(db)
    ).rows

  return {
    connect: (give) => {
      const { port1, port2 } = new MessageChannel()
      port1.on('message', append).unref()
      give(port2)
    },
    append,
    range: async (monitorId, from, to) => {
      const series: ResultSeries = { at: [], latencyMs: [], codes: [], loss: [], spread: [] }
      for (const { at, latency_us: us, code, loss, spread } of await rows(monitorId, from, to)) {
        series.at.push(at)
        series.latencyMs.push(us === null ? null : us / 1000)
        series.codes.push(code)
        series.loss.push(loss === null ? null : loss / 100)
        series.spread.push(unpackSpread(spread ?? NO_SPREAD))
      }
      return series
    },
    series: async (monitorId, from, to, steps) => {
      const startOf = stepStart(steps)
      const points = summarise(blockOf(await rows(monitorId, from, to)), startOf, from, to)
      const wholeDays = typeof steps === 'number' && steps % DAY === 0
      await levels.read(monitorId, from, to, (start, step, part) => {
        // By its middle a day lies where most of it does, whatever the zone.
        const at = startOf(step === DAY && !wholeDays ? start + DAY / 2 : start)
        const summary = points.get(at)
        if (summary) mergeSummary(summary, part)
        else points.set(at, part)
      })
      return [...points].sort(([a], [b]) => a - b).map(([at, summary]) => pointOf(at, summary))
    },
    retain: async (now, keep) => {
      await sql`delete from result_senders where at < ${now - DAY} and id <> ${sender}`.execute(db)
      return levels.retain(now, keep)
    },
    close: async () => {
      await writing
      // Once more what a server refused that may be back.
      if (waiting.length > 0) write()
      await writing
      timers.clear(again)
    },
  }
}
