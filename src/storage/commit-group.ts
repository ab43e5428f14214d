import { CompiledQuery, type Kysely } from 'kysely'
import { explainSqlite } from './storage-error.ts'
import type { Tables } from './tables.ts'

/** A transaction that somebody waits for. */
export interface Job<Repositories> {
  /** Ms of the monotonic clock. */
  readonly askedAt: number
  readonly run: (repositories: Repositories) => Promise<unknown>
  readonly settle: (result: PromiseSettledResult<unknown>) => void
}

const COMMIT = CompiledQuery.raw('commit')
const ROLLBACK = CompiledQuery.raw('rollback')
const SAVE = CompiledQuery.raw('savepoint job')
const KEEP = CompiledQuery.raw('release job')
const UNDO = CompiledQuery.raw('rollback to job')

/** Runs jobs in the transaction that is open on a connection, and commits. Throws when all of it failed. */
export const commitGroup = async <Repositories>(
  jobs: readonly Job<Repositories>[],
  connection: Kysely<Tables>,
  repositories: Repositories,
  path: string,
): Promise<readonly PromiseSettledResult<unknown>[]> => {
  /** Who has a commit alone needs no savepoint, and a long one would copy each page that its statements touch, again and again. */
  const runAlone = async (job: Job<Repositories>): Promise<PromiseSettledResult<unknown>> => {
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

  const runOne = async (job: Job<Repositories>): Promise<PromiseSettledResult<unknown>> => {
    await connection.executeQuery(SAVE)
    try {
      const value = await job.run(repositories)
      await connection.executeQuery(KEEP)
      return { status: 'fulfilled', value }
    } catch (error) {
      try {
        await connection.executeQuery(UNDO)
        await connection.executeQuery(KEEP)
      } catch {
        // Nothing is left to go back to: SQLite has ended the whole transaction, for the reason of this one.
        throw error
      }
      return { status: 'rejected', reason: explainSqlite(error, path) }
    }
  }

  try {
    if (jobs.length === 1) return [await runAlone(jobs[0]!)]
    const results: PromiseSettledResult<unknown>[] = []
    for (const job of jobs) results.push(await runOne(job))
    await connection.executeQuery(COMMIT)
    return results
  } catch (error) {
    await connection.executeQuery(ROLLBACK).catch(() => {})
    throw error
  }
}
