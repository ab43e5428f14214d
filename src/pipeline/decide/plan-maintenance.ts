import { occurrences } from '#core/maintenance/recurrence.ts'
import type { Storage } from '#storage/index.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'

/** Windows are written down this long before they begin: then they can be seen, and ended by hand. */
const AHEAD_MS = 24 * 3_600_000
/** Occurrences of one plan that one look writes down at most. */
const MOST = 100

/** Begins of a plan's windows that are to be written down now, ms, and how long each lasts. */
const dueOf = ({ when, plannedUntil }: MaintenancePlan, now: number, until: number) =>
  'cron' in when
    ? {
        // A plan that is new while its window runs covers the rest of it.
        begins: occurrences(when, Math.max(plannedUntil, now - when.durationMs), until, MOST),
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
      const { id, name, matchers, createdBy, behind, note, tell } = plan
      const { begins, durationMs } = dueOf(plan, now, until)
      // What is more than one look writes down is left to the next one.
      const writtenUntil = begins.length < MOST ? until : begins.at(-1)! + 1
      for (const startsAt of begins) {
        const endsAt = startsAt + durationMs
        if (endsAt <= now) continue
        await maintenance.insert({
          name,
          matchers,
          startsAt,
          endsAt,
          behind,
          note,
          ...(tell && { tell }),
          createdBy,
          createdAt: now,
          planId: id,
        })
        planned = true
      }
      await maintenancePlans.planned(id, writtenUntil)
    }
  })
  return planned
}
