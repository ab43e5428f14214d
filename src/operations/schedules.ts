import { notThere, type Outcome, refused } from '#core/problem.ts'
import type { ScheduleTiming } from '#core/schedule.ts'
import type { By } from '#core/who/by.ts'
import { done } from '#lib/result.ts'
import { type Schedule, type Schedules, timingFault, timingProblem } from '#pipeline/clockwork/schedules.ts'
import { changed, type Operate } from './operation.ts'

interface ScheduleChange {
  readonly enabled?: boolean
  readonly timing?: ScheduleTiming
}

/** Periodic work, as people time it and start it. */
export interface ScheduleOperations {
  change(by: By, name: string, change: ScheduleChange): Promise<Outcome<Schedule>>
  /** Does it now, whether it is on or not, and waits for its end. */
  run(by: By, name: string): Promise<Outcome<Schedule>>
}

const entryOf = (action: string, name: string) => ({
  action,
  object: 'schedule',
  objectId: null,
  details: { name },
})

export const createScheduleOperations = (
  operate: Operate,
  schedules: Pick<Schedules, 'list' | 'run'>,
): ScheduleOperations => {
  const byName = async (name: string) => (await schedules.list()).find((schedule) => schedule.name === name)

  return {
    change: async (by, name, change) => {
      const before = await byName(name)
      if (!before) return notThere('schedule')
      const wrong = change.timing && timingProblem(change.timing)
      if (wrong) return refused('invalid_input', 'timing', wrong, timingFault(change.timing!))
      const { enabled, timing } = before
      await operate(by, async ({ schedules: repository }) => {
        await repository.save(name, { enabled, timing, ...change })
        return changed(undefined, entryOf('update', name))
      })
      return done((await byName(name))!)
    },
    run: async (by, name) => {
      const schedule = await schedules.run(name)
      if (!schedule) return notThere('schedule')
      return operate(by, async () => changed(schedule, entryOf('run', name)))
    },
  }
}
