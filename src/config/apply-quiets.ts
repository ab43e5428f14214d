import type { Repositories } from '#storage/index.ts'
import type { PlanStep, SilenceStep } from './plan/quiet-steps.ts'
import type { Touch } from './touched.ts'

interface Applying {
  /** How silences and plans name who made them. */
  readonly by: string
  readonly touch: Touch
}

/** Begins the silences that are wanted, and ends those that are no longer. */
export const applySilences = async (
  steps: readonly SilenceStep[],
  now: number,
  { by, touch }: Applying,
  { silences }: Repositories,
) => {
  for (const { did, name, spec, before } of steps) {
    if (did === 'created' && spec)
      await silences.insert({ ...spec, startsAt: spec.startsAt ?? now, createdBy: by, createdAt: now })
    else if (did === 'removed' && before) await silences.end(before.id, now)
    else continue
    touch('silence', did, name)
  }
}

/**
 * Plans the maintenance windows that are wanted; their channels are stored already. One that comes once is a plan too, so
 * that it can be changed and taken back by its name.
 */
export const applyMaintenance = async (
  steps: readonly PlanStep[],
  now: number,
  { by, touch }: Applying,
  { maintenance, maintenancePlans, channels }: Pick<Repositories, 'maintenance' | 'maintenancePlans' | 'channels'>,
) => {
  const known = steps.some(({ spec }) => spec?.tell) ? await channels.list() : []
  const idsOf = (names: readonly string[]) => known.filter(({ name }) => names.includes(name)).map(({ id }) => id)
  for (const { did, name, spec, before } of steps) {
    if (did === 'removed' && before) {
      await maintenance.unplan(before.id, now)
      await maintenancePlans.remove(before.id, now)
    } else if (spec && (did === 'created' || did === 'changed')) {
      const { tell, ...plan } = spec
      const { channels: names = [], ...rest } = tell ?? { begin: true, end: true }
      if (before) await maintenance.unplan(before.id, now)
      await maintenancePlans.save({
        ...plan,
        ...(tell && { tell: { channelIds: idsOf(names), ...rest } }),
        plannedUntil: 0,
        createdBy: before && by !== 'file' ? before.createdBy : by,
        createdAt: before && by !== 'file' ? before.createdAt : now,
      })
    } else continue
    touch('maintenance plan', did, name)
  }
}
