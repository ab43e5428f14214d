import { neverEnds, type Recurrence } from '#core/maintenance/recurrence.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import type { Matcher } from '#core/rule/matcher.ts'
import { nameTaken, zoneFault } from '#core/value-fault.ts'
import type { By } from '#core/who/by.ts'
import { cronProblem } from '#lib/time/cron.ts'
import { isTimeZone } from '#lib/time/zone.ts'
import type { Repositories } from '#storage/index.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import type { Naming } from './entry-details.ts'
import { matchText } from './match-text.ts'
import { matchersRefusal } from './matchers-refusal.ts'
import { changed, type Operate } from './operation.ts'

/** When a maintenance window comes again, and for whom. */
interface NewPlan
  extends Pick<MaintenancePlan, 'name' | 'matchers' | 'tell'>,
    Partial<Pick<MaintenancePlan, 'behind' | 'note'>> {
  readonly when: Recurrence
}

export interface PlanDeps {
  readonly operate: Operate
  readonly now: () => number
  /** Puts windows in force, and looks at what they held back. */
  readonly inForce: () => Promise<void>
}

/** Maintenance windows that come again and again, as people plan them. */
export interface PlanOperations {
  plan(by: By, plan: NewPlan): Promise<Outcome<MaintenancePlan>>
  /** Changes what is to come; a window that runs ends, and begins anew where the new form says so. */
  change(by: By, id: number, plan: NewPlan): Promise<Outcome<MaintenancePlan>>
  /** Plans it no longer; a window that runs ends. */
  remove(by: By, id: number): Promise<Outcome<undefined>>
  /** The link of the calendar becomes another one. */
  renewLink(by: By): Promise<Outcome<undefined>>
}

/** Under this name it is kept which link of the calendar is in force, a number. */
export const CALENDAR_EDITION = 'calendar_edition'

const LONGEST_MS = 31 * 86_400_000
/** Each is looked at every few seconds. */
const MOST_PLANS = 500

/** What is wrong with when a window comes again; undefined when nothing is. */
export const recurrenceProblem = ({ cron, durationMs, timeZone }: Recurrence, now: number) => {
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
  return neverEnds({ cron, durationMs, timeZone }, now)
    ? refused(
        'invalid_input',
        'duration',
        'lasts longer than the time until it comes again, so it would never end: make it shorter, or let it come less often',
        { code: 'never_ends', facts: {} },
      )
    : undefined
}

const problemOf = ({ matchers, when }: NewPlan, now: number) => {
  const wrongTimes = recurrenceProblem(when, now)
  if (wrongTimes) return wrongTimes
  return matchersRefusal(matchers as Matcher[])
}

const named = ({ name, matchers }: Pick<MaintenancePlan, 'name' | 'matchers'>): Naming => ({
  name,
  matches: matchText(matchers),
})

const OBJECT = 'maintenance plan'

type Plans = Pick<Repositories, 'maintenancePlans'>

const byId = async (id: number, { maintenancePlans }: Plans) =>
  (await maintenancePlans.list()).find((one) => one.id === id)

/** Names are what people tell windows apart by. */
const takenBy = async (name: string, id: number | undefined, { maintenancePlans }: Plans) => {
  const all = await maintenancePlans.list()
  if (all.some((one) => one.name === name && one.id !== id))
    return refused('name_taken', '', `another recurring window is called ${name}`, nameTaken(name))
  return id === undefined && all.length >= MOST_PLANS
    ? refused('invalid_input', '', `${MOST_PLANS} recurring windows are planned already: take one away first`, {
        code: 'too_many',
        facts: { limit: MOST_PLANS },
      })
    : undefined
}

const ownedByFile = (origin: string) => refused('owned_by_file', '', `This window is written in ${origin}.`)

export const createPlanOperations = ({ operate, now, inForce }: PlanDeps): PlanOperations => ({
  plan: async (by, plan) =>
    problemOf(plan, now()) ??
    operate(
      by,
      async (repositories, at) => {
        const taken = await takenBy(plan.name, undefined, repositories)
        if (taken) return taken
        const fresh = { ...plan, plannedUntil: 0, createdBy: by.name, createdAt: at }
        const id = await repositories.maintenancePlans.save(fresh)
        const made = (await byId(id, repositories))!
        return changed(made, { action: 'create', object: OBJECT, objectId: id, after: named(made) })
      },
      inForce,
    ),

  change: async (by, id, plan) =>
    problemOf(plan, now()) ??
    operate(
      by,
      async (repositories, at) => {
        const before = await byId(id, repositories)
        if (!before) return notThere('recurring window')
        if (before.origin !== undefined) return ownedByFile(before.origin)
        const taken = await takenBy(plan.name, id, repositories)
        if (taken) return taken
        await repositories.maintenance.unplan(id, at)
        const { createdBy, createdAt } = before
        await repositories.maintenancePlans.change(id, { ...plan, plannedUntil: 0, createdBy, createdAt })
        const made = (await byId(id, repositories))!
        return changed(made, {
          action: 'update',
          object: OBJECT,
          objectId: id,
          before: named(before),
          after: named(made),
        })
      },
      inForce,
    ),

  remove: (by, id) =>
    operate(
      by,
      async (repositories, at) => {
        const plan = await byId(id, repositories)
        if (!plan) return notThere('recurring window')
        if (plan.origin !== undefined) return ownedByFile(plan.origin)
        await repositories.maintenance.unplan(id, at)
        await repositories.maintenancePlans.remove(id, at)
        return changed(undefined, { action: 'delete', object: OBJECT, objectId: id, before: named(plan) })
      },
      inForce,
    ),

  renewLink: (by) =>
    operate(by, async ({ settings }) => {
      const edition = (await settings.get<number>(CALENDAR_EDITION)) ?? 1
      await settings.set(CALENDAR_EDITION, edition + 1)
      return changed(undefined, { action: 'renew', object: 'calendar link', objectId: null })
    }),
})
