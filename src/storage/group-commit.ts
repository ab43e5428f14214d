import { CompiledQuery, type Kysely } from 'kysely'
import type { Database } from './database.ts'
import type { Durability } from './durability.ts'
import { explainSqlite } from './storage-error.ts'
import type { Tables } from './tables.ts'

interface Job<Repositories> {
  readonly run: (repositories: Repositories) => Promise<unknown>
  readonly settle: (result: PromiseSettledResult<unknown>) => void
}

/** Transactions that one commit carries at most. */
const GROUP = 200

const BEGIN = CompiledQuery.raw('begin immediate')
const COMMIT = CompiledQuery.raw('commit')
const ROLLBACK = CompiledQuery.raw('rollback')
const SAVE = CompiledQuery.raw('savepoint job')
const KEEP = CompiledQuery.raw('release job')
const UNDO = CompiledQuery.raw('rollback to job')

export interface GroupCommitDeps<Repositories> {
  readonly db: Kysely<Tables>
  readonly repositoriesOf: (db: Database) => Repositories
  readonly durability: Durability
  /** For the words of an error. */
  readonly path: string
  /** Hears how long a commit took until it was durable. */
  readonly onCommit: (ms: number) => void
}

/**
 * Transactions that are waiting at the same moment share one commit, each behind a savepoint of its own, and commits
 * that are made while the disk is busy share its next flush: that is what a durable transaction costs. None is reported
 * as done before it is on the disk; the thread does not wait for that.
 */
export const createGroupCommit = <Repositories>({
  db,
  repositoriesOf,
  durability,
  path,
  onCommit,
}: GroupCommitDeps<Repositories>) => {
  const waiting: Job<Repositories>[] = []
  let running = false

  const runGroup = async (jobs: readonly Job<Repositories>[]) => {
    const fail = (error: unknown) => {
      const reason = explainSqlite(error, path)
      for (const job of jobs) job.settle({ status: 'rejected', reason })
    }
    const began = performance.now()
    try {
      const results = await db.connection().execute((connection) => commit(jobs, connection))
      // Not awaited: the next group is committed meanwhile.
      void durability.flush().then(() => {
        onCommit(performance.now() - began)
        for (const [index, job] of jobs.entries()) job.settle(results[index]!)
      }, fail)
    } catch (error) {
      fail(error)
    }
  }

  const commit = async (jobs: readonly Job<Repositories>[], connection: Kysely<Tables>) => {
    const results: PromiseSettledResult<unknown>[] = []
    durability.defer()
    try {
      await connection.executeQuery(BEGIN)
      const repositories = repositoriesOf(connection)
      if (jobs.length === 1) return [await runAlone(jobs[0]!, connection, repositories)]
      for (const job of jobs) results.push(await runOne(job, connection, repositories))
      await connection.executeQuery(COMMIT)
      return results
    } catch (error) {
      await connection.executeQuery(ROLLBACK).catch(() => {})
      throw error
    } finally {
      durability.restore()
    }
  }

  /** Who has a commit alone needs no savepoint, and a long one would copy each page that its statements touch, again and again. */
  const runAlone = async (
    job: Job<Repositories>,
    connection: Database,
    repositories: Repositories,
  ): Promise<PromiseSettledResult<unknown>> => {
    let value: unknown
    try {
      value = await job.run(repositories)
    } catch (error) {
      // SQLite itself has ended the transaction where the disk is full.
      await connection.executeQuery(ROLLBACK).catch(() => {})
      return { status: 'rejected', reason: explainSqlite(error, path) }
    }
    await connection.executeQuery(COMMIT)
    return { status: 'fulfilled', value }
  }

  const runOne = async (
    job: Job<Repositories>,
    connection: Database,
    repositories: Repositories,
  ): Promise<PromiseSettledResult<unknown>> => {
    await connection.executeQuery(SAVE)
    try {
      const value = await job.run(repositories)
      await connection.executeQuery(KEEP)
      return { status: 'fulfilled', value }
    } catch (error) {
      await connection.executeQuery(UNDO)
      await connection.executeQuery(KEEP)
      return { status: 'rejected', reason: explainSqlite(error, path) }
    }
  }

  const drain = async () => {
    running = true
    while (waiting.length > 0) await runGroup(waiting.splice(0, GROUP))
    running = false
  }

  return <T>(work: (repositories: Repositories) => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({
        run: work,
        settle: (result) => (result.status === 'fulfilled' ? resolve(result.value as T) : reject(result.reason)),
      })
      // A turn of the event loop lets what arrives together be committed together.
      if (!running) {
        running = true
        setImmediate(() => void drain())
      }
    })
}
