import type { Cause } from '#core/cause/cause.ts'
import type { ScheduleTiming } from '#core/schedule.ts'
import type { ValueFault } from '#core/value-fault.ts'
import type { Titled } from '#lib/schema.ts'
import { cronProblem, nextTime } from '#lib/time/cron.ts'
import { durationText } from '#lib/time/duration.ts'
import type { Storage } from '#storage/index.ts'
import type { ScheduleRow } from '#storage/schedules.ts'
import { inEnglish } from '#templates/said.ts'

/** Work that the server knows how to do: a schedule names one of these, never a command. */
export interface Job extends Titled {
  readonly name: string
  readonly timing: ScheduleTiming
  /** False: off until somebody wants it. */
  readonly enabled?: boolean
  /** Does the work; what came of it. Throws when it cannot. */
  run(): Promise<Cause>
}

export interface Schedule extends ScheduleRow, Titled {
  /** Null while it is off. */
  readonly nextAt: number | null
}

export interface Schedules {
  list(): Promise<Schedule[]>
  /** Does the work now, whether it is on or not. Undefined when there is none of this name. */
  run(name: string): Promise<Schedule | undefined>
  /** Does what is due. */
  tick(): Promise<void>
}

export interface SchedulesDeps {
  readonly storage: Storage
  readonly jobs: readonly Job[]
  readonly now: () => number
  /** The server's, for times of the calendar that name none. */
  readonly timeZone: () => string
  /** Waits for a store that refuses. */
  readonly onFailure: (job: string, error: unknown) => void
}

const SHORTEST_MS = 10_000

/** Why it may not be due like this; undefined where it may. */
export const timingProblem = (timing: ScheduleTiming): string | undefined => {
  if ('everyMs' in timing) return timing.everyMs >= SHORTEST_MS ? undefined : 'the shortest interval is 10s'
  const wrong = cronProblem(timing.cron, timing.timeZone ?? 'UTC')
  return wrong && `${timing.cron} ${wrong}`
}

/** The same by code, of one that may not. */
export const timingFault = (timing: ScheduleTiming): ValueFault =>
  'everyMs' in timing
    ? { code: 'interval_too_short', facts: { least: durationText(SHORTEST_MS) } }
    : { code: 'bad_cron', facts: {} }

/** The first time after `after` at which it is due, ms; null for never. */
const nextRun = (timing: ScheduleTiming, after: number, timeZone: string): number | null => {
  if ('everyMs' in timing) return after + timing.everyMs
  return nextTime(timing.cron, timing.timeZone ?? timeZone, after)
}

/** Jobs by one table: when each is due, how it went, and a way to run it by hand. */
export const createSchedules = ({ storage, jobs, now, timeZone, onFailure }: SchedulesDeps): Schedules => {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const running = new Set<string>()
  let startedHere = now()

  const rowOf = (job: Job, rows: readonly ScheduleRow[]): ScheduleRow =>
    rows.find(({ name }) => name === job.name) ?? {
      name: job.name,
      enabled: job.enabled ?? true,
      timing: job.timing,
      startedAt: null,
      finishedAt: null,
      ok: null,
      result: null,
      cause: undefined,
    }

  const shown = (job: Job, row: ScheduleRow): Schedule => ({
    ...row,
    title: job.title,
    'x-es': job['x-es'],
    nextAt: row.enabled ? nextRun(row.timing, row.startedAt ?? startedHere, timeZone()) : null,
  })

  /**
   * A run that lies ahead was written by a clock that has been set back since: an interval is over at once, a time of the
   * calendar counts from now.
   */
  const mended = async (rows: readonly ScheduleRow[]) => {
    const at = now()
    startedHere = Math.min(startedHere, at)
    const ahead = rows.filter(({ startedAt }) => startedAt !== null && startedAt > at)
    if (ahead.length === 0) return rows
    await storage.transaction(async ({ schedules }) => {
      for (const { name, timing } of ahead)
        await schedules.started(name, 'everyMs' in timing ? at - timing.everyMs : at)
    })
    return storage.schedules.list()
  }

  const list = async () => {
    const rows = await mended(await storage.schedules.list())
    return jobs.map((job) => shown(job, rowOf(job, rows)))
  }
  const one = async (name: string) => (await list()).find((schedule) => schedule.name === name)!

  const run = async (job: Job) => {
    if (running.has(job.name)) return
    running.add(job.name)
    try {
      const { enabled, timing } = await one(job.name)
      await storage.transaction(async ({ schedules }) => {
        await schedules.save(job.name, { enabled, timing })
        await schedules.started(job.name, now())
      })
      const [ok, result, cause] = await job.run().then(
        (cause) => [true, inEnglish(cause), cause] as const,
        (error: unknown) => {
          onFailure(job.name, error)
          return [false, error instanceof Error ? error.message : String(error), undefined] as const
        },
      )
      await storage.transaction(({ schedules }) =>
        schedules.finished(job.name, now(), { ok, result: result.slice(0, 500), cause }),
      )
    } finally {
      running.delete(job.name)
    }
  }

  return {
    list,
    run: async (name) => {
      const job = byName.get(name)
      if (!job) return undefined
      await run(job)
      return one(name)
    },
    tick: async () => {
      const due = (await list()).filter(({ nextAt }) => nextAt !== null && nextAt <= now())
      // One after the other: periodic work is never in a hurry, and shares the store with what is.
      for (const { name } of due) await run(byName.get(name)!)
    },
  }
}
