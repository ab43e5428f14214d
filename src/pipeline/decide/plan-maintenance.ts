import { nextTime } from '#lib/time/cron.ts'
import type { Storage } from '#storage/index.ts'
import type { MaintenancePlan, Recurring } from '#storage/maintenance-plans.ts'

/** Windows are written down this long before they begin: then they can be seen, and ended by hand. */
const AHEAD_MS = 24 * 3_600_000
/** Occurrences of one plan that one look writes down at most. */
const MOST = 100

/** Begins of the windows that a time table makes within a stretch of time, ms. */
export const occurrences = (
  { cron, timeZone }: Pick<Recurring, 'cron' | 'timeZone'>,
  from: number,
  to: number,
): number[] => {
  const found: number[] = []
  // What comes after a moment: one that begins at `from` itself counts.
  for (let next = nextTime(cron, timeZone, from - 1); next !== null && next < to && found.length < MOST; )
    next = nextTime(cron, timeZone, found[found.push(next) - 1]!)
  return found
}

/** Begins of a plan's windows that are to be written down now, ms, and how long each lasts. */
const dueOf = ({ when, plannedUntil }: MaintenancePlan, now: number, until: number) =>
  'cron' in when
    ? {
        // A plan that is new while its window runs covers the rest of it.
        begins: occurrences(when, Math.max(plannedUntil, now - when.durationMs), until),
        durationMs: when.durationMs,
      }
    : { begins: [when.startsAt], durationMs: when.endsAt - when.startsAt }

/** Writes down the windows of all plans that begin soon. True when there are new ones. */
export const planMaintenance = async (storage: Storage, now: number): Promise<boolean> => {
  const until = now + AHEAD_MS
  // An hour's step: a look each second must not write each second.
  const due = (await storage.maintenancePlans.list()).filter(
    ({ plannedUntil, when }) => plannedUntil < until - 3_600_000 && ('cron' in when || plannedUntil === 0),
  )
  if (due.length === 0) return false
  let planned = false
  await storage.transaction(async ({ maintenance, maintenancePlans }) => {
    for (const plan of due) {
      const { id, name, matchers, createdBy } = plan
      const { begins, durationMs } = dueOf(plan, now, until)
      // What is more than one look writes down is left to the next one.
      const writtenUntil = begins.length < MOST ? until : begins.at(-1)! + 1
      for (const startsAt of begins) {
        const endsAt = startsAt + durationMs
        if (endsAt <= now) continue
        await maintenance.insert({ name, matchers, startsAt, endsAt, createdBy, createdAt: now, planId: id })
        planned = true
      }
      await maintenancePlans.planned(id, writtenUntil)
    }
  })
  return planned
}
