import { explainSqlite } from './storage-error.ts'

/** A transaction that somebody waits for. */
export interface Job<Repositories> {
  /** Ms of the monotonic clock. */
  readonly askedAt: number
  readonly run: (repositories: Repositories) => Promise<unknown>
  readonly settle: (result: PromiseSettledResult<unknown>) => void
}

const COMMIT = 'commit'
const ROLLBACK = 'rollback'
const SAVE = 'savepoint job'
const KEEP = 'release job'
const UNDO = 'rollback to job'

/** Runs jobs in the transaction that is open, and commits. `run` runs a statement. Throws when all of it failed. */
export const commitGroup = async <Repositories>(
  jobs: readonly Job<Repositories>[],
  run: (sql: string) => void,
  repositories: Repositories,
  path: string,
): Promise<readonly PromiseSettledResult<unknown>[]> => {
  const rollBack = () => {
    try {
      run(ROLLBACK)
    } catch {
      // SQLite itself has ended the transaction where the disk is full.
    }
  }

  /** Who has a commit alone needs no savepoint, and a long one would copy each page that its statements touch, again and again. */
  const runAlone = async (job: Job<Repositories>): Promise<PromiseSettledResult<unknown>> => {
    let value: unknown
    try {
      value = await job.run(repositories)
    } catch (error) {
      rollBack()
      return { status: 'rejected', reason: explainSqlite(error, path) }
    }
    run(COMMIT)
    return { status: 'fulfilled', value }
  }

  const runOne = async (job: Job<Repositories>): Promise<PromiseSettledResult<unknown>> => {
    run(SAVE)
    try {
      const value = await job.run(repositories)
      run(KEEP)
      return { status: 'fulfilled', value }
    } catch (error) {
      try {
        run(UNDO)
        run(KEEP)
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
    run(COMMIT)
    return results
  } catch (error) {
    rollBack()
    throw error
  }
}
