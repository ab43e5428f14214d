import { CompiledQuery, type Kysely } from 'kysely'
import type { Database } from './database.ts'
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

/**
 * Transactions that are waiting at the same moment share one commit, each behind a savepoint of its own: a disk flush
 * is what a durable transaction costs. None is reported as done before the commit that carries it.
 */
export const createGroupCommit = <Repositories>(
  db: Kysely<Tables>,
  repositoriesOf: (db: Database) => Repositories,
  path: string,
) => {
  const waiting: Job<Repositories>[] = []
  let running = false

  const runGroup = async (jobs: readonly Job<Repositories>[]) => {
    const results: PromiseSettledResult<unknown>[] = []
    try {
      await db.connection().execute(async (connection) => {
        await connection.executeQuery(BEGIN)
        try {
          const repositories = repositoriesOf(connection)
          for (const job of jobs) results.push(await runOne(job, connection, repositories))
          await connection.executeQuery(COMMIT)
        } catch (error) {
          await connection.executeQuery(ROLLBACK).catch(() => {})
          throw error
        }
      })
      for (const [index, job] of jobs.entries()) job.settle(results[index]!)
    } catch (error) {
      const reason = explainSqlite(error, path)
      for (const job of jobs) job.settle({ status: 'rejected', reason })
    }
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
