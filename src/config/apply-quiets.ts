import type { Repositories } from '#storage/index.ts'
import type { WantedMaintenance, WantedSilence } from './quiets.ts'

const BY_FILE = 'file'

/** What makes a silence the same one over a reload, wherever in the file it stands now. */
const keyOf = ({ matchers, endsAt, comment }: Pick<WantedSilence, 'matchers' | 'endsAt' | 'comment'>): string =>
  JSON.stringify([matchers, endsAt, comment])

/** Begins the silences that a file names, and ends those that it no longer does. */
export const applySilences = async (wanted: readonly WantedSilence[], now: number, { silences }: Repositories) => {
  const running = (await silences.current(now)).filter(({ origin }) => origin !== undefined)
  const known = new Set(running.map(keyOf))
  const kept = new Set(wanted.map(keyOf))
  for (const silence of wanted)
    if (!known.has(keyOf(silence)) && silence.endsAt > now)
      await silences.insert({ ...silence, startsAt: silence.startsAt ?? now, createdBy: BY_FILE, createdAt: now })
  for (const one of running) if (!kept.has(keyOf(one))) await silences.end(one.id, now)
}

/**
 * Plans the maintenance windows that a file names. One that comes once is a plan of a single occurrence, so that the
 * file can change it and take it back by its name.
 */
export const applyMaintenance = async (
  wanted: readonly WantedMaintenance[],
  now: number,
  { maintenance, maintenancePlans }: Repositories,
) => {
  const current = (await maintenancePlans.list()).filter(({ origin }) => origin !== undefined)
  const names = new Set(wanted.map(({ name }) => name))
  for (const { name, matchers, when, origin } of wanted) {
    const once = 'startsAt' in when
    const timing = once ? { cron: `@${when.startsAt}`, durationMs: when.endsAt - when.startsAt, timeZone: 'UTC' } : when
    const before = current.find((plan) => plan.name === name)
    const same =
      before &&
      JSON.stringify([before.matchers, before.cron, before.durationMs, before.timeZone]) ===
        JSON.stringify([matchers, timing.cron, timing.durationMs, timing.timeZone])
    if (same) continue
    if (before) await maintenance.unplan(before.id, now)
    const plan = { name, matchers, ...timing, plannedUntil: once ? 0 : now, createdBy: BY_FILE, createdAt: now, origin }
    await maintenancePlans.save(plan)
  }
  for (const gone of current.filter(({ name }) => !names.has(name))) {
    await maintenance.unplan(gone.id, now)
    await maintenancePlans.remove(gone.id, now)
  }
}
