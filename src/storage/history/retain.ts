import type { DatabaseSync } from 'node:sqlite'
import type { Blocks } from './blocks.ts'
import { readKept, writeKept } from './kept.ts'
import type { Rollups } from './rollups.ts'
import { inTransaction } from './schema.ts'
import { DAY } from './spans.ts'

/** How long each level is kept, ms. A coarser one stays at least as long as the finer ones. */
export interface Retention {
  readonly resultsMs: number
  readonly minutesMs: number
  readonly hoursMs: number
  readonly daysMs: number
}

/** Beginnings of the days (UTC) before which each level goes. */
export interface Cuts {
  readonly results: number
  readonly minutes: number
  readonly hours: number
  readonly days: number
}

export const cutsOf = (now: number, { resultsMs, minutesMs, hoursMs, daysMs }: Retention): Cuts => {
  const cut = (...spans: number[]) => {
    const at = now - Math.max(...spans)
    return Math.max(0, at - (at % DAY))
  }
  return {
    results: cut(resultsMs),
    minutes: cut(resultsMs, minutesMs),
    hours: cut(resultsMs, minutesMs, hoursMs),
    days: cut(resultsMs, minutesMs, hoursMs, daysMs),
  }
}

/** Monitors of one step: who reads meanwhile waits no longer than for these. */
const AT_ONCE = 16

interface RetainerParts {
  readonly db: DatabaseSync
  readonly blocks: Blocks
  readonly minutes: Blocks
  readonly rollups: Rollups
}

/** Results become minutes, and each level goes when its time has come; hours and days were made with the blocks. */
export const createRetainer = ({ db, blocks, minutes, rollups }: RetainerParts) => {
  const tables = ['block', 'minute', 'hour', 'day']
  const nextMonitor = db.prepare(
    `select min(id) as id from (${tables
      .map((table) => `select min(monitor_id) as id from ${table} where monitor_id > ?1`)
      .join(' union all ')})`,
  )

  const retainMonitor = (monitorId: number, cuts: Cuts): number => {
    let rows = 0
    const old = blocks.before(monitorId, cuts.results)
    if (old) {
      minutes.add(monitorId, minutes.byMinute(old))
      rows += blocks.remove(monitorId, cuts.results)
    }
    rows += minutes.remove(monitorId, cuts.minutes)
    return rows + rollups.remove(monitorId, cuts.hours, cuts.days)
  }

  return {
    retain: function* (now: number, keep: Retention): Generator<number> {
      const cuts = cutsOf(now, keep)
      const kept = readKept(db)
      writeKept(db, { minutes: Math.max(kept.minutes, cuts.minutes), hours: Math.max(kept.hours, cuts.hours) })
      for (let last: number | null = -1; last !== null; ) {
        let rows = 0
        inTransaction(db, () => {
          for (let count = 0; count < AT_ONCE && last !== null; count++) {
            last = (nextMonitor.get(last) as { id: number | null }).id
            if (last !== null) rows += retainMonitor(last, cuts)
          }
        })
        yield rows
      }
      db.exec('pragma incremental_vacuum(1000)')
    },
  }
}
