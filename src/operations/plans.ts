import { notThere, type Outcome, refused } from '#core/problem.ts'
import { type Matcher, matchersProblem } from '#core/rule/matcher.ts'
import { nameTaken, zoneFault } from '#core/value-fault.ts'
import type { By } from '#core/who/by.ts'
import { cronProblem } from '#lib/time/cron.ts'
import { isTimeZone } from '#lib/time/zone.ts'
import type { MaintenancePlan, Recurring } from '#storage/maintenance-plans.ts'
import type { Naming } from './entry-details.ts'
import { matchText } from './match-text.ts'
import { changed, type Operate } from './operation.ts'

/** When a maintenance window comes again, and for whom. */
interface NewPlan extends Pick<MaintenancePlan, 'name' | 'matchers'> {
  readonly when: Recurring
}

export interface PlanDeps {
  readonly operate: Operate
  /** Puts windows in force, and looks at what they held back. */
  readonly inForce: () => Promise<void>
}

/** Maintenance windows that come again and again, as people plan them. */
export interface PlanOperations {
  plan(by: By, plan: NewPlan): Promise<Outcome<MaintenancePlan>>
  /** Plans it no longer; a window that runs ends. */
  remove(by: By, id: number): Promise<Outcome<undefined>>
}

const LONGEST_MS = 31 * 86_400_000

const problemOf = ({ matchers, when: { cron, durationMs, timeZone } }: NewPlan) => {
  if (!isTimeZone(timeZone))
    return refused(
      'invalid_input',
      'time_zone',
      `${timeZone} is not known, write an IANA name such as America/Lima`,
      zoneFault(timeZone),
    )
  const table = cronProblem(cron, timeZone)
  if (table) return refused('invalid_input', 'cron', `${cron} ${table}`, { code: 'bad_cron', facts: {} })
  if (!(durationMs > 0 && durationMs <= LONGEST_MS))
    return refused('invalid_input', 'duration', 'must be more than 0 and at most 31d', {
      code: 'bad_length',
      facts: {},
    })
  const wrong = matchersProblem(matchers as Matcher[])
  return wrong && refused('invalid_input', `matchers.${wrong.index}.value`, wrong.message)
}

const named = ({ name, matchers }: Pick<MaintenancePlan, 'name' | 'matchers'>): Naming => ({
  name,
  matches: matchText(matchers),
})

const OBJECT = 'maintenance plan'

export const createPlanOperations = ({ operate, inForce }: PlanDeps): PlanOperations => ({
  plan: async (by, plan) => {
    const problem = problemOf(plan)
    if (problem) return problem
    return operate(
      by,
      async ({ maintenancePlans }, at) => {
        if ((await maintenancePlans.list()).some(({ name }) => name === plan.name))
          return refused('name_taken', '', `another plan is called ${plan.name}`, nameTaken(plan.name))
        const id = await maintenancePlans.save({ ...plan, plannedUntil: 0, createdBy: by.name, createdAt: at })
        const made = (await maintenancePlans.list()).find((one) => one.id === id)!
        return changed(made, { action: 'create', object: OBJECT, objectId: id, after: named(made) })
      },
      inForce,
    )
  },

  remove: (by, id) =>
    operate(
      by,
      async ({ maintenance, maintenancePlans }, at) => {
        const plan = (await maintenancePlans.list()).find((one) => one.id === id)
        if (!plan) return notThere('plan')
        if (plan.origin !== undefined) return refused('owned_by_file', '', `This plan is written in ${plan.origin}.`)
        await maintenance.unplan(id, at)
        await maintenancePlans.remove(id, at)
        return changed(undefined, { action: 'delete', object: OBJECT, objectId: id, before: named(plan) })
      },
      inForce,
    ),
})
