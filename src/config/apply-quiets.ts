import { isDeepStrictEqual } from 'node:util'
import type { Repositories } from '#storage/index.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import type { WantedMaintenance, WantedSilence } from './quiets.ts'
import type { Touch } from './touched.ts'

const BY_FILE = 'file'

/** What makes a silence the same one over a reload, wherever in the file it stands now. */
const keyOf = ({ matchers, endsAt, comment }: Pick<WantedSilence, 'matchers' | 'endsAt' | 'comment'>): string =>
  JSON.stringify([matchers, endsAt, comment])

/** A silence has no name but what it is for. */
const nameOf = ({ comment, origin }: Pick<WantedSilence, 'comment'> & { readonly origin?: string }): string =>
  comment || origin || ''

/** Begins the silences that a file names, and ends those that it no longer does. */
export const applySilences = async (
  wanted: readonly WantedSilence[],
  now: number,
  touch: Touch,
  { silences }: Repositories,
) => {
  const running = (await silences.current(now)).filter(({ origin }) => origin !== undefined)
  const known = new Set(running.map(keyOf))
  const kept = new Set(wanted.map(keyOf))
  for (const silence of wanted)
    if (!known.has(keyOf(silence)) && silence.endsAt > now) {
      await silences.insert({ ...silence, startsAt: silence.startsAt ?? now, createdBy: BY_FILE, createdAt: now })
      touch('silence', 'created', nameOf(silence))
    }
  for (const one of running.filter((silence) => !kept.has(keyOf(silence)))) {
    await silences.end(one.id, now)
    touch('silence', 'removed', nameOf(one))
  }
}

/** What of a plan a file says. */
const formOf = ({ matchers, when, behind, note, tell }: MaintenancePlan) => ({
  matchers,
  when,
  behind,
  note,
  ...(tell && { tell }),
})

/**
 * Plans the maintenance windows that a file names. One that comes once is a plan too, so that the file can change it and
 * take it back by its name.
 */
export const applyMaintenance = async (
  wanted: readonly WantedMaintenance[],
  now: number,
  touch: Touch,
  { maintenance, maintenancePlans, channels }: Pick<Repositories, 'maintenance' | 'maintenancePlans' | 'channels'>,
) => {
  const known = wanted.some(({ tell }) => tell) ? await channels.list() : []
  const idsOf = (names: readonly string[]) => known.filter(({ name }) => names.includes(name)).map(({ id }) => id)
  const current = (await maintenancePlans.list()).filter(({ origin }) => origin !== undefined)
  const names = new Set(wanted.map(({ name }) => name))
  for (const { name, matchers, when, behind = false, note = '', tell, origin } of wanted) {
    const { channels: names, ...rest } = tell ?? { channels: [], begin: true, end: true }
    const told = tell && { channelIds: idsOf(names), ...rest }
    const what = { matchers, when, behind, note, ...(told && { tell: told }) }
    const before = current.find((plan) => plan.name === name)
    if (before && isDeepStrictEqual(formOf(before), what)) continue
    if (before) await maintenance.unplan(before.id, now)
    await maintenancePlans.save({ ...what, name, plannedUntil: 0, createdBy: BY_FILE, createdAt: now, origin })
    touch('maintenance plan', before ? 'changed' : 'created', name)
  }
  for (const gone of current.filter(({ name }) => !names.has(name))) {
    await maintenance.unplan(gone.id, now)
    await maintenancePlans.remove(gone.id, now)
    touch('maintenance plan', 'removed', gone.name)
  }
}
