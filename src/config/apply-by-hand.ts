import type { ChannelType } from '#core/channel.ts'
import type { Repositories } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import { sealSecrets } from '#storage/secret-fields.ts'
import { type ApplyDeps, applySettings, renameChannel, sameTarget } from './apply.ts'
import { applyMaintenance, applySilences } from './apply-quiets.ts'
import { applyRules } from './apply-rules.ts'
import type { ChannelStep } from './plan/channel-steps.ts'
import type { ListStep, PersonStep } from './plan/duty-steps.ts'
import type { MonitorStep } from './plan/monitor-steps.ts'
import type { Steps } from './plan/steps.ts'
import type { Touch, Touched } from './touched.ts'

export interface ByHandDeps extends ApplyDeps {
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  readonly sealer: () => Sealer
  /** How what is made names who made it. */
  readonly by: string
}

/** What it says of where it is written is the file's, which nobody here reads again. */
const ofNoFile = <Spec extends { readonly origin?: string }>({ origin: _, ...spec }: Spec): Omit<Spec, 'origin'> => spec

const channelsByHand = async (
  steps: readonly ChannelStep[],
  now: number,
  { channelTypes, sealer }: ByHandDeps,
  touch: Touch,
  repositories: Repositories,
) => {
  for (const { did, name, spec: wanted, before, renames } of steps) {
    if (!wanted || (did !== 'created' && did !== 'changed' && !renames)) continue
    if (renames) await renameChannel(before!.name, name, now, repositories)
    const spec = ofNoFile(wanted)
    const options = sealSecrets(channelTypes.get(spec.type)!.options, spec.options, sealer())
    await repositories.channels.save({ ...spec, options }, now, renames ? before!.name : undefined)
    touch('channel', did === 'created' ? did : 'changed', name)
  }
}

const monitorsByHand = async (
  steps: readonly MonitorStep[],
  now: number,
  { probeTypes, sealer, endOfMonitor }: ByHandDeps,
  touch: Touch,
  repositories: Repositories,
) => {
  const { monitors, states } = repositories
  for (const { did, name, spec: wanted, before } of steps) {
    if (did === 'removed' && before) {
      await monitors.remove(before.id, now)
      await states.forget(before.id)
      await endOfMonitor(before, 'removed', now, repositories)
      touch('monitor', did, name)
    }
    if (!wanted || (did !== 'created' && did !== 'changed')) continue
    const spec = ofNoFile(wanted)
    const options = sealSecrets(probeTypes.get(spec.type)!.options, spec.options, sealer())
    // A pause by hand is the only one of those that no file names; who is not to be paused may be all the same.
    const id = await monitors.save({ ...spec, options, paused: false }, now, before?.name)
    if (spec.paused && !before?.paused) await monitors.pause(id, true, now)
    if (before && !sameTarget(before, wanted)) {
      await states.forget(id)
      await endOfMonitor(before, 'changed', now, repositories)
    }
    touch('monitor', did, name)
  }
}

const dutyByHand = async (
  people: readonly PersonStep[],
  lists: readonly ListStep[],
  touch: Touch,
  { duty }: Repositories,
) => {
  for (const { did, name, spec } of people)
    if (spec && (did === 'created' || did === 'changed')) {
      await duty.savePerson(spec)
      touch('duty person', did, name)
    }
  for (const { did, name, spec } of lists) {
    if (spec && (did === 'created' || did === 'changed')) await duty.saveList(spec)
    else if (did === 'removed') await duty.removeList(name)
    else continue
    touch('duty list', did, name)
  }
  for (const { did, name } of people)
    if (did === 'removed') {
      await duty.removePerson(name)
      touch('duty person', did, name)
    }
}

/**
 * Does what a plan says, as if it were made by hand: secrets are sealed, and nothing belongs to a file. Runs inside one
 * transaction. What its decisions looked at must be read in the same one.
 */
export const applyByHand = async (
  { channels, monitors, rules, silences, plans, people, lists, settings }: Steps,
  now: number,
  deps: ByHandDeps,
  repositories: Repositories,
): Promise<readonly Touched[]> => {
  const touched: Touched[] = []
  const touch: Touch = (object, did, name) => touched.push({ object, did, name })
  const noFile = <One extends { readonly spec?: object }>(steps: readonly One[]): One[] =>
    steps.map((step) => (step.spec ? { ...step, spec: ofNoFile(step.spec) } : step))
  await channelsByHand(channels, now, deps, touch, repositories)
  await monitorsByHand(monitors, now, deps, touch, repositories)
  await applyRules(noFile(rules), now, { by: deps.by, endOf: deps.endOfRule, touch }, repositories)
  await applySilences(noFile(silences), now, { by: deps.by, touch }, repositories)
  await applyMaintenance(noFile(plans), now, { by: deps.by, touch }, repositories)
  await dutyByHand(noFile(people), noFile(lists), touch, repositories)
  await applySettings(settings, touch, repositories)
  // Last: what told by them goes first.
  for (const { did, name, before } of channels)
    if (did === 'removed' && before) {
      await repositories.channels.remove(before.id, now)
      touch('channel', did, name)
    }
  return touched
}
