import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import type { Silence } from '#storage/silences.ts'
import type { WantedMaintenance, WantedSilence } from '../quiets.ts'
import type { Present } from './present.ts'
import { sameWords } from './same-words.ts'
import { namedSteps, type Step, type Taking } from './step.ts'

export type SilenceStep = Step<WantedSilence, Silence>
/** A stored plan that knows whom it tells by their names. */
type StoredPlan = Omit<MaintenancePlan, 'tell'> & Pick<WantedMaintenance, 'tell'>
export type PlanStep = Step<WantedMaintenance, StoredPlan>

/** What makes a silence the same one, wherever in the file it stands now. */
const keyOf = ({ matchers, endsAt, comment }: Pick<WantedSilence, 'matchers' | 'endsAt' | 'comment'>): string =>
  JSON.stringify([matchers, endsAt, comment])

/** A silence has no name but what it is for. */
const nameOf = ({ comment, origin }: { readonly comment: string; readonly origin?: string }): string =>
  comment || origin || ''

/** Silences by hand are somebody's word of the hour: no file takes them back. */
export const silenceSteps = (
  wanted: readonly WantedSilence[],
  { silences }: Pick<Present, 'silences'>,
  { as }: Taking,
  now: number,
): SilenceStep[] => {
  const running = silences.filter(({ origin }) => as === 'apply' || origin !== undefined)
  const known = new Map(running.map((one) => [keyOf(one), one]))
  const kept = new Set(wanted.map(keyOf))
  const steps = wanted.flatMap((spec): SilenceStep[] => {
    const before = known.get(keyOf(spec))
    if (before) return [{ did: 'same', name: nameOf(spec), spec, before }]
    return spec.endsAt > now ? [{ did: 'created', name: nameOf(spec), spec }] : []
  })
  const gone = as === 'apply' ? [] : running.filter((one) => !kept.has(keyOf(one)))
  return [...steps, ...gone.map((before): SilenceStep => ({ did: 'removed', name: nameOf(before), before }))]
}

/** What of a plan a file says. */
const formOf = ({ matchers, when, behind = false, note = '', tell }: Omit<WantedMaintenance, 'name' | 'origin'>) => ({
  matchers,
  when,
  behind,
  note,
  ...(tell && { tell }),
})

export const planSteps = (
  wanted: readonly WantedMaintenance[],
  { plans }: Pick<Present, 'plans'>,
  taking: Taking,
  channelName: (id: number) => string | undefined,
): PlanStep[] => {
  const named = ({ tell, ...plan }: MaintenancePlan): StoredPlan => {
    if (!tell) return plan
    const { channelIds, ...rest } = tell
    return { ...plan, tell: { channels: channelIds.flatMap((id) => channelName(id) ?? []), ...rest } }
  }
  return namedSteps(wanted, plans.map(named), (before, spec) => sameWords(formOf(before), formOf(spec)), taking)
}
