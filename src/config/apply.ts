import type { EscalationStep } from '#core/alert/escalation.ts'
import type { Channel, ChannelSpec } from '#core/message/channel-spec.ts'
import type { Monitor, MonitorSpec } from '#core/monitor/monitor.ts'
import type { OutputsWanted } from '#core/outputs.ts'
import type { ProbeType } from '#core/probe.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { maskSecrets } from '#storage/secret-fields.ts'
import { applyMaintenance, applySilences } from './apply-quiets.ts'
import { applyRules, type EndOfRule } from './apply-rules.ts'
import type { WantedDuty } from './duty.ts'
import type { MetricsSettings } from './metrics.ts'
import type { PortSettings } from './ports.ts'
import type { WantedMaintenance, WantedSilence } from './quiets.ts'
import type { WantedRule } from './rules.ts'
import type { SecurityLimits, Sources } from './sources.ts'
import type { Touch, Touched } from './touched.ts'
import type { Witnesses } from './witnesses.ts'

type ProbeTypes = ReadonlyMap<string, ProbeType>

/** What a file (or a command line) wants to exist. */
export interface Wanted {
  readonly channels: readonly (ChannelSpec & { readonly was?: string })[]
  readonly monitors: readonly (MonitorSpec & { readonly was?: string })[]
  readonly rules?: readonly WantedRule[]
  readonly silences?: readonly WantedSilence[]
  readonly maintenance?: readonly WantedMaintenance[]
  readonly escalation?: readonly EscalationStep[]
  readonly duty?: WantedDuty
  readonly witnesses?: Witnesses
  /** Names of channels that hear of the server itself; absent: all. */
  readonly ownChannels?: readonly string[]
  readonly sources?: Sources
  readonly security?: SecurityLimits
  readonly metrics?: MetricsSettings
  readonly ports?: PortSettings
  readonly heartbeat?: { readonly url: string; readonly everyMs: number } | undefined
  readonly outputs?: OutputsWanted | undefined
}

/** Everything that is configured after the change, with ids. */
export interface Applied {
  readonly channels: readonly Channel[]
  readonly monitors: readonly Monitor[]
}

/** What makes a monitor another one: what was known of it no longer holds. */
export const sameTarget = (a: MonitorSpec, b: MonitorSpec): boolean =>
  a.type === b.type && JSON.stringify(a.options) === JSON.stringify(b.options)

interface Stored {
  readonly id: number
  readonly origin?: string
  readonly options: JsonObject
}

/** True when the store holds just this: a start with an unchanged file of thousands of monitors writes nothing. */
const isSame = ({ id: _, ...stored }: Stored, spec: object): boolean => JSON.stringify(stored) === JSON.stringify(spec)

/** The same but for where in the file it stands. */
const saysSame = (stored: Stored, spec: Omit<Stored, 'id'>): boolean =>
  stored.origin !== undefined && spec.origin !== undefined && isSame({ ...stored, origin: '' }, { ...spec, origin: '' })

const ownedByFile = ({ origin }: { readonly origin?: string }): boolean => origin !== undefined

/** Ends the open alerts of a monitor that is gone or watches something else, and tells of it whom that concerns. */
export type EndOfMonitor = (
  before: Monitor,
  why: 'removed' | 'changed',
  now: number,
  repositories: Repositories,
) => Promise<void>

const applyMonitors = async (
  wanted: Wanted['monitors'],
  now: number,
  probeTypes: ProbeTypes,
  endOf: EndOfMonitor,
  touch: Touch,
  repositories: Repositories,
) => {
  const { monitors, states } = repositories
  const current = await monitors.list()
  const byName = new Map(current.map((monitor) => [monitor.name, monitor]))
  const kept = new Set<number>()
  const fresh: MonitorSpec[] = []
  for (const { was, ...named } of wanted) {
    const type = probeTypes.get(named.type)
    // The secrets of a file stay in the file.
    const masked = <Spec extends MonitorSpec>(one: Spec): Spec =>
      type && one.type === named.type ? { ...one, options: maskSecrets(type.options, one.options) } : one
    const spec = masked(named)
    const before = byName.get(spec.name) ?? (was === undefined ? undefined : byName.get(was))
    if (before && isSame(before, spec)) {
      kept.add(before.id)
      continue
    }
    if (!before) {
      fresh.push(spec)
      touch('monitor', 'created', spec.name)
      continue
    }
    const id = await monitors.save(spec, now, before.name)
    kept.add(id)
    if (!saysSame(before, spec)) touch('monitor', 'changed', spec.name)
    // An earlier version may have kept what this one knows as a secret: that is no other target.
    if (!sameTarget(masked(before), spec)) {
      await states.forget(id)
      await endOf(before, 'changed', now, repositories)
    }
  }
  await monitors.saveAll(fresh, now)
  for (const monitor of current.filter((one) => ownedByFile(one) && !kept.has(one.id))) {
    await monitors.remove(monitor.id, now)
    touch('monitor', 'removed', monitor.name)
    await states.forget(monitor.id)
    await endOf(monitor, 'removed', now, repositories)
  }
}

/** Monitors and channels made by hand know a channel by its name. */
const renameChannel = async (was: string, name: string, now: number, { monitors, channels }: Repositories) => {
  for (const monitor of await monitors.list())
    if (monitor.channels.includes(was)) await monitors.replaceChannel(monitor.id, was, name, now)
  await channels.fallBackTo(was, name, now)
}

const applyChannels = async (wanted: Wanted['channels'], now: number, touch: Touch, repositories: Repositories) => {
  const { channels } = repositories
  const current = await channels.list()
  const byName = new Map(current.map((channel) => [channel.name, channel]))
  const kept = new Set<number>()
  for (const { was, ...spec } of wanted) {
    const renames = was !== undefined && !byName.has(spec.name) && byName.has(was)
    const before = byName.get(renames ? was : spec.name)
    if (renames) await renameChannel(was, spec.name, now, repositories)
    kept.add(await channels.save(spec, now, renames ? was : undefined))
    if (!before) touch('channel', 'created', spec.name)
    // Its options stay in the file: whether they are others than before is not known here.
    else if (!saysSame({ ...before, options: {} }, { ...spec, options: {} })) touch('channel', 'changed', spec.name)
  }
  for (const channel of current.filter((one) => ownedByFile(one) && !kept.has(one.id))) {
    await channels.remove(channel.id, now)
    touch('channel', 'removed', channel.name)
  }
}

export interface ApplyDeps {
  readonly probeTypes: ProbeTypes
  readonly endOfMonitor: EndOfMonitor
  readonly endOfRule: EndOfRule
}

/** Makes the store hold what is wanted. Objects made elsewhere (no origin) stay. Returns what it changed. */
export const applyWanted = async (
  wanted: Wanted,
  now: number,
  { probeTypes, endOfMonitor, endOfRule }: ApplyDeps,
  repositories: Repositories,
): Promise<readonly Touched[]> => {
  const touched: Touched[] = []
  const touch: Touch = (object, did, name) => touched.push({ object, did, name })
  await applyChannels(wanted.channels, now, touch, repositories)
  await applyMonitors(wanted.monitors, now, probeTypes, endOfMonitor, touch, repositories)
  await applyRules(wanted.rules ?? [], now, endOfRule, touch, repositories)
  await applySilences(wanted.silences ?? [], now, touch, repositories)
  await applyMaintenance(wanted.maintenance ?? [], now, touch, repositories)
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
