import type { Channel, ChannelSpec } from '#core/message/channel-spec.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { storeSettings } from '#storage/server-settings.ts'
import { applyMaintenance, applySilences } from './apply-quiets.ts'
import { applyRules, type EndOfRule } from './apply-rules.ts'
import type { ChannelStep } from './plan/channel-steps.ts'
import { type MonitorStep, masked, sameTarget } from './plan/monitor-steps.ts'
import { readPresent, UNOPENED } from './plan/present.ts'
import { type SettingStep, stepsOf } from './plan/steps.ts'
import type { Touch, Touched } from './touched.ts'
import type { Wanted } from './wanted.ts'

export { sameTarget } from './plan/monitor-steps.ts'
export type { Wanted } from './wanted.ts'

type ProbeTypes = ReadonlyMap<string, ProbeType>

/** Everything that is configured after the change, with ids. */
export interface Applied {
  readonly channels: readonly Channel[]
  readonly monitors: readonly Monitor[]
}

/** Ends the open alerts of a monitor that is gone or watches something else, and tells of it whom that concerns. */
export type EndOfMonitor = (
  before: Monitor,
  why: 'removed' | 'changed',
  now: number,
  repositories: Repositories,
) => Promise<void>

const applyMonitors = async (
  steps: readonly MonitorStep[],
  now: number,
  probeTypes: ProbeTypes,
  endOf: EndOfMonitor,
  touch: Touch,
  repositories: Repositories,
) => {
  const { monitors, states } = repositories
  const fresh = steps.filter(({ did }) => did === 'created').map(({ spec }) => masked(spec!, probeTypes))
  for (const { did, moved, spec: named, before } of steps) {
    if (!named || !before || (did !== 'changed' && !moved)) continue
    // The secrets of a file stay in the file.
    const spec = masked(named, probeTypes)
    const id = await monitors.save(spec, now, before.name)
    if (did === 'changed') touch('monitor', 'changed', spec.name)
    // An earlier version may have kept what this one knows as a secret: that is no other target.
    const there = before.type === spec.type ? masked(before, probeTypes) : before
    if (!sameTarget(there, spec)) {
      await states.forget(id)
      await endOf(before, 'changed', now, repositories)
    }
  }
  await monitors.saveAll(fresh, now)
  for (const { name } of fresh) touch('monitor', 'created', name)
  for (const { did, before } of steps) {
    if (did !== 'removed' || !before) continue
    await monitors.remove(before.id, now)
    touch('monitor', 'removed', before.name)
    await states.forget(before.id)
    await endOf(before, 'removed', now, repositories)
  }
}

/** Monitors and channels made by hand know a channel by its name. */
export const renameChannel = async (
  was: string,
  name: string,
  now: number,
  { monitors, channels, duty }: Repositories,
) => {
  for (const monitor of await monitors.list())
    if (monitor.channels.includes(was)) await monitors.replaceChannel(monitor.id, was, name, now)
  await channels.fallBackTo(was, name, now)
  await duty.replaceChannel(was, name)
}

const storeChannel = async (
  { spec, before, renames }: ChannelStep,
  now: number,
  repositories: Repositories,
  stored: ChannelSpec,
) => {
  if (renames && before) await renameChannel(before.name, spec!.name, now, repositories)
  await repositories.channels.save(stored, now, renames ? before!.name : undefined)
}

const applyChannels = async (steps: readonly ChannelStep[], now: number, touch: Touch, repositories: Repositories) => {
  for (const step of steps) {
    const { did, name, spec, before } = step
    if (did === 'removed' && before) await repositories.channels.remove(before.id, now)
    if (spec) await storeChannel(step, now, repositories, spec)
    if (did === 'created' || did === 'changed' || did === 'removed') touch('channel', did, name)
  }
}

/** Stores settings that a file names; others stay as people set them. */
export const applySettings = async (steps: readonly SettingStep[], touch: Touch, { settings }: Repositories) => {
  const others = steps.filter(({ did }) => did === 'changed')
  if (others.length === 0) return
  await storeSettings(Object.fromEntries(others.map(({ name, spec }) => [name, spec])), settings)
  for (const { name } of others) touch('setting', 'changed', name)
}

export interface ApplyDeps {
  readonly probeTypes: ProbeTypes
  readonly endOfMonitor: EndOfMonitor
  readonly endOfRule: EndOfRule
}

/**
 * Makes the store hold what the server's own file wants. Objects made elsewhere (no origin) stay. `running` is what the
 * file said until now. Returns what it changed.
 */
export const applyWanted = async (
  wanted: Wanted,
  now: number,
  { probeTypes, endOfMonitor, endOfRule }: ApplyDeps,
  repositories: Repositories,
  running?: Wanted,
): Promise<readonly Touched[]> => {
  const touched: Touched[] = []
  const touch: Touch = (object, did, name) => touched.push({ object, did, name })
  const present = await readPresent(repositories, now, UNOPENED, running)
  const steps = stepsOf(wanted, present, { as: 'reload', prune: false }, { probeTypes, now })
  await applyChannels(steps.channels, now, touch, repositories)
  await applyMonitors(steps.monitors, now, probeTypes, endOfMonitor, touch, repositories)
  await applyRules(steps.rules, now, { by: 'file', endOf: endOfRule, touch }, repositories)
  await applySilences(steps.silences, now, { by: 'file', touch }, repositories)
  await applyMaintenance(steps.plans, now, { by: 'file', touch }, repositories)
  await applySettings(steps.settings, touch, repositories)
  return touched
}

/**
 * What is configured at this moment. The options of what a file wants are taken from the wish itself, for the store does not
 * keep a file's secrets; those of what no file names are sealed.
 */
export const configured = async (storage: Storage, wanted?: Wanted): Promise<Applied> => ({
  channels: withOptionsOf(await storage.channels.list(), wanted?.channels),
  monitors: withOptionsOf(await storage.monitors.list(), wanted?.monitors),
})

const withOptionsOf = <T extends { readonly name: string; readonly options: JsonObject; readonly origin?: string }>(
  stored: readonly T[],
  wanted: readonly Pick<T, 'name' | 'options'>[] = [],
): T[] => {
  const options = new Map(wanted.map((one) => [one.name, one.options]))
  return stored.map((one) => ({ ...one, options: options.get(one.name) ?? one.options }))
}
