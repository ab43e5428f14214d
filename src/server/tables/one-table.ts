import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { copyFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { because, type Cause } from '#core/cause/cause.ts'
import type { TableStatus, TableWanted } from '#core/table-wanted.ts'
import type { By } from '#core/who/by.ts'
import { createBreath } from '#lib/run/breath.ts'
import type { ImportOperations, StagedThings } from '#operations/import/imports.ts'
import type { PreparedThings } from '#operations/import/prepare.ts'
import { type StagedImport, stageAside } from '#operations/import/read-aside.ts'
import type { ReaderOrder } from '#operations/import/reader-order.ts'
import type { MonitorOperations } from '#operations/monitors.ts'
import { causeOfRefusal, isPassing } from '#storage/storage-error.ts'
import { inEnglish, inSpanish } from '#templates/said.ts'
import { type FetchDeps, fetchTable } from './fetch-table.ts'

export interface TableDeps extends FetchDeps, Pick<ReaderOrder, 'store' | 'environment'> {
  readonly imports: Pick<ImportOperations, 'storeStaged'>
  readonly monitors: Pick<MonitorOperations, 'pauseAll'>
  readonly known: () => StagedThings['known']
  readonly inForce: () => Promise<void>
  readonly timeZone: () => string
  readonly now: () => number
  /** A reading lost too much and waits, or does so no more. */
  readonly tell: (table: string, waiting: { readonly lost: number; readonly of: number } | undefined) => void
}

/** What is kept of a table over a restart. */
interface Kept extends Omit<TableStatus, 'name'> {
  /** Of the text that is in force. */
  readonly hash: string | null
  readonly waitingHash: string | null
}

export interface OneTable {
  status(): TableStatus
  /** Reads it now. */
  read(): Promise<void>
  /** The reading that waits is taken. False where none waits. */
  confirm(): Promise<boolean>
}

const NOTHING: Kept = {
  readAt: null,
  takenAt: null,
  rows: 0,
  trouble: null,
  waiting: null,
  hash: null,
  waitingHash: null,
}
/** A fifth. */
const LOSS = 0.2
const STRETCH_MS = 8
const ATTEMPTS = 3

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

const sentences = (cause: Cause) => ({ code: cause.code, message: inEnglish(cause), message_es: inSpanish(cause) })

/** What a refused reading says first. */
const refusalIn = (body: string): NonNullable<TableStatus['trouble']> => {
  const { refused } = JSON.parse(body)
  const { why } = refused[0]
  return { code: why.code, message: why.message, message_es: why.message_es }
}

export const createTable = (wanted: TableWanted, deps: TableDeps): OneTable => {
  const { imports, monitors, known, inForce, now, tell, timers } = deps
  const by: By = { actor: `table:${wanted.name}`, name: `table ${wanted.name}`, address: null }
  const folder = join(deps.store.dataDir, 'tables', Buffer.from(wanted.name).toString('hex').slice(0, 120))
  const next = join(folder, 'next')
  const coming = join(next, 'table.csv')
  const stateFile = join(folder, 'state.json')
  mkdirSync(next, { recursive: true, mode: 0o700 })

  const readState = (): Kept => {
    try {
      return { ...NOTHING, ...JSON.parse(readFileSync(stateFile, 'utf8')) }
    } catch {
      return NOTHING
    }
  }
  let kept = readState()
  const keep = async (change: Partial<Kept>) => {
    kept = { ...kept, ...change }
    await writeFile(`${stateFile}.new`, JSON.stringify(kept), { mode: 0o600 })
    await rename(`${stateFile}.new`, stateFile)
  }

  const order = (): ReaderOrder & { readonly stage: string } => ({
    given: next,
    kind: 'list',
    timeZone: deps.timeZone(),
    now: now(),
    columns: wanted.columns,
    each: wanted.each,
    told: wanted.channels,
    prune: wanted.gone === 'remove',
    source: `table/${wanted.name}`,
    store: deps.store,
    environment: deps.environment,
    stage: join(folder, 'history'),
  })

  const byId = () => new Map(known().monitors.map((monitor) => [monitor.id, monitor]))
  const isOurPause = (pause: { readonly by: string } | undefined) => pause?.by === by.name

  /** Monitors that the table brought, has no more, and that are not paused for that already. */
  const lostIn = ({ surplus }: Pick<PreparedThings, 'surplus'>): number[] => {
    const there = byId()
    return surplus.flatMap(({ object, id }) =>
      object === 'monitor' && there.has(id) && !isOurPause(there.get(id)!.pause) ? [id] : [],
    )
  }

  const store = async ({ things, seen }: StagedImport, lost: readonly number[]): Promise<boolean> => {
    const breathe = createBreath(STRETCH_MS)
    const remove = wanted.gone === 'remove'
    const stored = await imports.storeStaged(by, { things, seen, known: known(), breathe, inForce }, remove)
    if (!stored) return false
    if (!remove && lost.length > 0) {
      const reason = inEnglish(because('table_row_gone', { table: wanted.name }))
      await monitors.pauseAll(by, lost, { paused: true, reason })
    }
    const there = byId()
    const back = [...stored.ids.values()].filter((id) => isOurPause(there.get(id)?.pause))
    if (back.length > 0) await monitors.pauseAll(by, back, { paused: false })
    return true
  }

  /** False where something was changed meanwhile. */
  const take = async (hash: string, sure: boolean): Promise<boolean> => {
    const reading = await stageAside(order(), { timers, progress: () => {} })
    if (!reading.ok) {
      const trouble =
        'body' in reading ? refusalIn(reading.body) : sentences(because('table_unread', { why: 'time or memory' }))
      await keep({ trouble })
      return true
    }
    const { staged } = reading
    try {
      const lost = lostIn(staged.things)
      const rows = staged.things.items.length
      const before = byId()
      const held = staged.things.items.filter(({ id }) => id !== undefined && before.has(id)).length
      if (!sure && lost.length > 0 && lost.length >= (held + lost.length) * LOSS) {
        const waiting = { lost: lost.length, of: held + lost.length, since: kept.waiting?.since ?? now() }
        if (!kept.waiting) tell(wanted.name, waiting)
        await keep({ waiting, waitingHash: hash, trouble: null })
        return true
      }
      if (!(await store(staged, lost))) return false
      if (kept.waiting) tell(wanted.name, undefined)
      await copyFile(coming, join(folder, 'last.csv'))
      await keep({ hash, takenAt: now(), rows, trouble: null, waiting: null, waitingHash: null })
      return true
    } finally {
      await staged.end()
      await rm(join(folder, 'history'), { force: true })
    }
  }

  const takeInTime = async (hash: string, sure: boolean) => {
    try {
      for (let count = 0; count < ATTEMPTS; count++) if (await take(hash, sure)) return
    } catch (error) {
      if (!isPassing(error)) throw error
      // It is taken at the next reading.
      await keep({ trouble: sentences(causeOfRefusal(error)) })
    }
  }

  return {
    status: () => {
      const { hash: _, waitingHash: __, ...status } = kept
      return { name: wanted.name, ...status }
    },
    read: async () => {
      const fetched = await fetchTable(wanted, deps)
      if (!fetched.ok)
        return keep({ readAt: now(), trouble: sentences(because('table_unread', { why: fetched.problem })) })
      // What is said of its monitors in the file counts as a change of it.
      const hash = hashOf(JSON.stringify([wanted, fetched.value]))
      await keep({ readAt: now() })
      if (hash === kept.hash || hash === kept.waitingHash) {
        if (hash === kept.hash && kept.waiting) {
          tell(wanted.name, undefined)
          await keep({ waiting: null, waitingHash: null })
        }
        return keep({ trouble: null })
      }
      await writeFile(coming, fetched.value, { mode: 0o600 })
      await takeInTime(hash, false)
    },
    confirm: async () => {
      if (!kept.waitingHash || !existsSync(coming)) return false
      await takeInTime(kept.waitingHash, true)
      return true
    },
  }
}
