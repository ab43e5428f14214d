import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { MonitorHistory } from '#importers/import-plan.ts'
import { importedDays } from '#storage/imported-history.ts'
import { explainSqlite } from '#storage/storage-error.ts'
import type { StagedDay } from './reader-order.ts'

/**
 * History on its way in: a source is read to its end before anything of it is stored, for it may turn out to be damaged
 * in the middle; and of millions of looks nobody holds all days at once.
 */
export interface StagedHistory {
  /** The next of them; none: that was all. */
  next(most: number): readonly StagedDay[]
  readonly monitors: number
  close(): void
}

/** Reads a history to its end, into a file of its own. Throws what the source throws. */
export const stageHistory = (path: string, history: Iterable<MonitorHistory>): StagedHistory => {
  rmSync(path, { force: true })
  const db = new DatabaseSync(path)
  try {
    db.exec('pragma journal_mode = off; pragma synchronous = off')
    // What is read later of the same day is the same day, read anew.
    db.exec('create table days (monitor text, day integer, body text, primary key (monitor, day)) without rowid')
    const keep = db.prepare('insert or replace into days values (?, ?, ?)')
    db.exec('begin')
    for (const { monitor, spans } of history)
      for (const { day, body } of importedDays(spans)) keep.run(monitor, day, body)
    db.exec('commit')
    const { monitors } = db.prepare('select count(distinct monitor) as monitors from days').get() as {
      monitors: number
    }
    const after = db.prepare('select monitor, day, body from days where (monitor, day) > (?, ?) order by 1, 2 limit ?')
    let last: StagedDay | undefined
    return {
      monitors,
      next: (most) => {
        const days = after.all(last?.monitor ?? '', last?.day ?? -1, most) as unknown as StagedDay[]
        last = days.at(-1) ?? last
        return days
      },
      close: () => {
        db.close()
        rmSync(path, { force: true })
      },
    }
  } catch (error) {
    db.close()
    rmSync(path, { force: true })
    throw explainSqlite(error, path)
  }
}
