import { nextTime } from '#lib/time/cron.ts'
import type { Storage } from '#storage/index.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'

/** Windows are written down this long before they begin: then they can be seen, and ended by hand. */
const AHEAD_MS = 24 * 3_600_000
/** Occurrences of one plan that one look writes down at most. */
const MOST = 100

/** Begins of a plan's windows within a stretch of time, ms. `@MS` in place of a time table is a window that comes once. */
export const occurrences = (
  { cron, timeZone }: Pick<MaintenancePlan, 'cron' | 'timeZone'>,
  from: number,
  to: number,
): number[] => {
  if (cron.startsWith('@')) {
    const at = Number(cron.slice(1))
    return at >= from && at < to ? [at] : []
  }
  const found: number[] = []
  // What comes after a moment: one that begins at `from` itself counts.
  for (let next = nextTime(cron, timeZone, from - 1); next !== null && next < to && found.length < MOST; )
    next = nextTime(cron, timeZone, found[found.push(next) - 1]!)
  return found
}

/** Writes down the windows of all plans that begin soon. True when there are new ones. */
export const planMaintenance = async (storage: Storage, now: number): Promise<boolean> => {
  const until = now + AHEAD_MS
  // An hour's step: a look each second must not write each second.
  const due = (await storage.maintenancePlans.list()).filter(
    ({ plannedUntil, cron }) => plannedUntil < until - 3_600_000 && !(cron.startsWith('@') && plannedUntil > 0),
  )
  if (due.length === 0) return false
  let planned = false
  await storage.transaction(async ({ maintenance, maintenancePlans }) => {
    for (const { id, name, matchers, durationMs, plannedUntil, createdBy, ...plan } of due) {
      const once = plan.cron.startsWith('@')
      // A plan that is new while its window runs covers the rest of it.
      const from = once ? 0 : Math.max(plannedUntil, now - durationMs)
      for (const startsAt of occurrences(plan, from, once ? Number.POSITIVE_INFINITY : until)) {
        const endsAt = startsAt + durationMs
        if (endsAt <= now) continue
        await maintenance.insert({ name, matchers, startsAt, endsAt, createdBy, createdAt: now, planId: id })
        planned = true
      }
      await maintenancePlans.planned(id, until)
    }
  })
  return planned
}
