import { performance } from 'node:perf_hooks'
import type { Timers } from '#lib/time/timers.ts'
import { commitGroup, type Job } from './commit-group.ts'
import type { Durability } from './durability.ts'
import { explainSqlite, isBusy } from './storage-error.ts'

/** Transactions that one commit carries at most. */
const GROUP = 200
/** So long a transaction waits for a lock of another process, or for a disk that fails to flush, ms. */
const PATIENCE_MS = 3000
/** The lock is asked for so often meanwhile: SQLite itself would stop the thread for as long as it waits, ms. */
const AGAIN_AFTER_MS = 50

/** While more and more arrives, a commit waits for it so long, ms. */
const GATHER_MS = 2

export interface GroupCommitDeps<Repositories> {
  /** Lends the connection to `work`, alone. */
  readonly lend: <T>(work: () => Promise<T>) => Promise<T>
  /** Runs a statement on the connection that is lent. */
  readonly run: (sql: string) => void
  /** Over that connection. */
  readonly repositories: Repositories
  readonly durability: Durability
  readonly timers: Timers
  /** For the words of an error. */
  readonly path: string
  /** Hears how long a commit took until it was durable. */
  readonly onCommit: (ms: number) => void
}

/** Committed, and not known to be on the disk. */
interface Unproven<Repositories> {
  readonly job: Job<Repositories>
  readonly result: PromiseSettledResult<unknown>
}

/**
 * Transactions that are waiting at the same moment share one commit, each behind a savepoint of its own, and commits
 * that are made while the disk is busy share its next flush: that is what a durable transaction costs. None is reported
 * as done before it is on the disk; the thread does not wait for that.
 */
export const createGroupCommit = <Repositories>(deps: GroupCommitDeps<Repositories>) => {
  const { lend, run, repositories, durability, timers, path, onCommit } = deps
  let waiting: Job<Repositories>[] = []
  let unproven: Unproven<Repositories>[] = []
  let running = false

  const refuse = (job: Job<Repositories>, error: unknown) =>
    job.settle({ status: 'rejected', reason: explainSqlite(error, path) })

  /** Those that have waited long enough hear why; the others go on waiting. */
  const giveUpLate = (error: unknown) => {
    const until = performance.now() - PATIENCE_MS
    for (const job of waiting.filter(({ askedAt }) => askedAt <= until)) refuse(job, error)
    for (const { job } of unproven.filter((one) => one.job.askedAt <= until)) refuse(job, error)
    waiting = waiting.filter(({ askedAt }) => askedAt > until)
    unproven = unproven.filter((one) => one.job.askedAt > until)
  }

  /** Proves what is committed where a flush has failed. */
  const prove = () => {
    if (!durability.doubtful()) return
    durability.heal()
    for (const { job, result } of unproven) job.settle(result)
    unproven = []
  }

  const flushed = async (
    jobs: readonly Job<Repositories>[],
    results: readonly PromiseSettledResult<unknown>[],
    began: number,
  ) => {
    try {
      await durability.flush()
      onCommit(performance.now() - began)
      for (const [index, job] of jobs.entries()) job.settle(results[index]!)
    } catch {
      unproven.push(...jobs.map((job, index) => ({ job, result: results[index]! })))
      start()
    }
  }

  const begin = () => {
    try {
      run('begin immediate')
      return undefined
    } catch (error) {
      if (isBusy(error)) return error
      throw error
    }
  }

  /** One commit. Returns what keeps it from beginning. */
  const runGroup = (jobs: readonly Job<Repositories>[]): Promise<unknown> =>
    lend(async () => {
      try {
        prove()
      } catch (error) {
        return error
      }
      if (jobs.length === 0) return undefined
      const began = performance.now()
      durability.defer()
      try {
        const hindrance = begin()
        if (hindrance !== undefined) return hindrance
        const results = await commitGroup(jobs, run, repositories, path)
        // Not awaited: the next group is committed meanwhile.
        void flushed(jobs, results, began)
      } catch (error) {
        for (const job of jobs) refuse(job, error)
      } finally {
        durability.restore()
      }
      return undefined
    })

  const drain = async () => {
    while (waiting.length + unproven.length > 0) {
      const jobs = waiting.splice(0, GROUP)
      const hindrance = await runGroup(jobs).catch((error: unknown) => error)
      if (hindrance === undefined) continue
      waiting = [...jobs, ...waiting]
      giveUpLate(hindrance)
      if (waiting.length + unproven.length > 0) await timers.pause(AGAIN_AFTER_MS)
    }
    running = false
  }

  /** Turns of the event loop let what arrives together be committed together; `seen`: what had arrived a turn ago. */
  const gather = (until: number, seen = Number.NaN) =>
    timers.soon(() => {
      const { events } = performance.nodeTiming.uvMetricsInfo
      if (events === seen || performance.now() >= until) void drain()
      else gather(until, events)
    })

  const start = () => {
    if (running) return
    running = true
    gather(performance.now() + GATHER_MS)
  }

  return <T>(work: (repositories: Repositories) => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({
        askedAt: performance.now(),
        run: work,
        settle: (result) => (result.status === 'fulfilled' ? resolve(result.value as T) : reject(result.reason)),
      })
      start()
    })
}
