import type { TableStatus, TableWanted } from '#core/table-wanted.ts'
import { createTurns } from '#lib/run/turns.ts'
import type { Timer } from '#lib/time/timers.ts'
import type { OneTable, TableDeps } from './one-table.ts'

/** The tables that a file has read again and again. */
export interface Tables {
  set(wanted: readonly TableWanted[] | undefined): Promise<void>
  list(): readonly TableStatus[]
  /** Reads one now; false where there is none of that name. */
  read(name: string): Promise<boolean>
  /** Takes what waits; undefined where there is no such table, false where nothing waits. */
  confirm(name: string): Promise<boolean | undefined>
  stop(): Promise<void>
}

interface Kept {
  readonly table: OneTable
  readonly marker: string
  timer: Timer | undefined
}

export interface KeepTablesDeps extends Omit<TableDeps, 'signal'> {
  readonly onBug: (error: unknown) => void
}

/** Reads tables in their rhythm, one at a time; what reads them is loaded where somebody names one. */
export const keepTables = (deps: KeepTablesDeps): Tables => {
  const { timers, onBug } = deps
  const kept = new Map<string, Kept>()
  const inTurn = createTurns()
  const ending = new AbortController()

  const drop = (name: string) => {
    timers.clear(kept.get(name)?.timer)
    kept.delete(name)
  }

  return {
    set: async (wanted = []) => {
      for (const name of [...kept.keys()]) if (!wanted.some((one) => one.name === name)) drop(name)
      if (wanted.length === 0) return
      const { createTable } = await import('./one-table.ts')
      for (const one of wanted) {
        const marker = JSON.stringify(one)
        if (kept.get(one.name)?.marker === marker) continue
        drop(one.name)
        const table = createTable(one, { ...deps, signal: ending.signal })
        const read = () => void inTurn(table.read).catch(onBug)
        kept.set(one.name, { table, marker, timer: timers.every(one.everyMs, read) })
        read()
      }
    },
    list: () => [...kept.values()].map(({ table }) => table.status()),
    read: async (name) => {
      const one = kept.get(name)
      if (one) await inTurn(one.table.read)
      return one !== undefined
    },
    confirm: async (name) => {
      const one = kept.get(name)
      return one && inTurn(one.table.confirm)
    },
    stop: async () => {
      ending.abort()
      for (const name of [...kept.keys()]) drop(name)
      await inTurn(async () => {})
    },
  }
}
