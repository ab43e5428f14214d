import { type Kysely, sql } from 'kysely'
import type { Database } from './database.ts'
import { explainSqlite } from './storage-error.ts'
import type { Tables } from './tables.ts'

interface Job {
  readonly run: (db: Database) => Promise<unknown>
  readonly settle: (result: PromiseSettledResult<unknown>) => void
}

/** Transactions that one commit carries at most. */
const GROUP = 200

/**
 * Transactions that are waiting at the same moment share one commit, each behind a savepoint of its own: a disk flush
 * is what a durable transaction costs. None is reported as done before the commit that carries it.
 */
export const createGroupCommit = <Repositories>(
  db: Kysely<Tables>,
  repositoriesOf: (db: Database) => Repositories,
  path: string,
) => {
  const waiting: Job[] = []
  let running = false

  const runGroup = async (jobs: readonly Job[]) => {
    const results: PromiseSettledResult<unknown>[] = []
    try {
      await db.connection().execute(async (connection) => {
        await sql`begin immediate`.execute(connection)
        try {
          for (const job of jobs) results.push(await runOne(job, connection))
          await sql`commit`.execute(connection)
        } catch (error) {
          await sql`rollback`.execute(connection).catch(() => {})
          throw error
        }
      })
      for (const [index, job] of jobs.entries()) job.settle(results[index]!)
    } catch (error) {
      const reason = explainSqlite(error, path)
      for (const job of jobs) job.settle({ status: 'rejected', reason })
    }
  }

  const runOne = async (job: Job, connection: Database): Promise<PromiseSettledResult<unknown>> => {
    await sql`savepoint job`.execute(connection)
    try {
      const value = await job.run(connection)
      await sql`release job`.execute(connection)
      return { status: 'fulfilled', value }
    } catch (error) {
      await sql`rollback to job`.execute(connection)
      await sql`release job`.execute(connection)
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
        run: (connection) => work(repositoriesOf(connection)),
        settle: (result) => (result.status === 'fulfilled' ? resolve(result.value as T) : reject(result.reason)),
      })
      // A turn of the event loop lets what arrives together be committed together.
      if (!running) {
        running = true
        setImmediate(() => void drain())
      }
    })
}
