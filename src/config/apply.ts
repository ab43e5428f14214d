import type { EscalationStep } from '#core/alert/escalation.ts'
import type { Channel, ChannelSpec } from '#core/message/channel-spec.ts'
import type { Monitor, MonitorSpec } from '#core/monitor/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { maskSecrets } from '#storage/secret-fields.ts'
import { applyMaintenance, applySilences } from './apply-quiets.ts'
import { applyRules, type EndOfRule, endRuleQuietly } from './apply-rules.ts'
import type { MetricsSettings } from './metrics.ts'
import type { PortSettings } from './ports.ts'
import type { WantedMaintenance, WantedSilence } from './quiets.ts'
import type { WantedRule } from './rules.ts'
import type { SecurityLimits, Sources } from './sources.ts'
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
  readonly witnesses?: Witnesses
  /** Names of channels that hear of the server itself; absent: all. */
  readonly ownChannels?: readonly string[]
  readonly sources?: Sources
  readonly security?: SecurityLimits
  readonly metrics?: MetricsSettings
  readonly ports?: PortSettings
  readonly heartbeat?: { readonly url: string; readonly everyMs: number } | undefined
}

/** Everything that is configured after the change, with ids. */
export interface Applied {
  readonly channels: readonly Channel[]
  readonly monitors: readonly Monitor[]
}

/** What makes a monitor another one: what was known of it no longer holds. */
export const sameTarget = (a: MonitorSpec, b: MonitorSpec): boolean =>
  a.type === b.type && JSON.stringify(a.options) === JSON.stringify(b.options)

/** True when the store holds just this: a start with an unchanged file of thousands of monitors writes nothing. */
const isSame = ({ id: _, ...stored }: Monitor, spec: MonitorSpec): boolean =>
  JSON.stringify(stored) === JSON.stringify(spec)

const ownedByFile = ({ origin }: { readonly origin?: string }): boolean => origin !== undefined

/** Ends the open alerts of a monitor that is gone or watches something else, and tells of it whom that concerns. */
export type EndOfMonitor = (
  before: Monitor,
  why: 'removed' | 'changed',
  now: number,
  repositories: Repositories,
) => Promise<void>

/** The same without a word. */
const closeQuietly: EndOfMonitor = async ({ id }, why, now, { alerts }) => {
  for (const alert of await alerts.firingOfMonitor(id))
    await alerts.update(alert.id, { status: 'resolved', resolvedAt: now, resolvedBy: why, nextDueAt: null })
}

const applyMonitors = async (
  wanted: Wanted['monitors'],
  now: number,
  probeTypes: ProbeTypes,
  endOf: EndOfMonitor,
  repositories: Repositories,
) => {
  const { monitors, states } = repositories
  const current = await monitors.list()
  const byName = new Map(current.map((monitor) => [monitor.name, monitor]))
  const kept = new Set<number>()
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
    const id = await monitors.save(spec, now, before?.name)
    kept.add(id)
    // An earlier version may have kept what this one knows as a secret: that is no other target.
    if (before && !sameTarget(masked(before), spec)) {
      await states.forget(id)
      await endOf(before, 'changed', now, repositories)
    }
  }
  for (const monitor of current.filter((one) => ownedByFile(one) && !kept.has(one.id))) {
    await monitors.remove(monitor.id, now)
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

const applyChannels = async (wanted: Wanted['channels'], now: number, repositories: Repositories) => {
  const { channels } = repositories
  const current = await channels.list()
  const names = new Set(current.map(({ name }) => name))
  const kept = new Set<number>()
  for (const { was, ...spec } of wanted) {
    const renames = was !== undefined && !names.has(spec.name) && names.has(was)
    if (renames) await renameChannel(was, spec.name, now, repositories)
    kept.add(await channels.save(spec, now, renames ? was : undefined))
  }
  for (const channel of current.filter((one) => ownedByFile(one) && !kept.has(one.id)))
    await channels.remove(channel.id, now)
}

/**
 * Makes the store hold what is wanted, in one transaction. Objects made elsewhere (no origin) stay. The options of what
 * is wanted are taken from the wish itself, for the store does not keep a file's secrets.
 */
export const applyWanted = async (
  storage: Storage,
  wanted: Wanted,
  now: number,
  probeTypes: ProbeTypes,
  endOf: EndOfMonitor = closeQuietly,
  endOfRule: EndOfRule = endRuleQuietly,
): Promise<Applied> => {
  await storage.transaction(async (repositories) => {
    await applyChannels(wanted.channels, now, repositories)
    await applyMonitors(wanted.monitors, now, probeTypes, endOf, repositories)
    await applyRules(wanted.rules ?? [], now, endOfRule, repositories)
    await applySilences(wanted.silences ?? [], now, repositories)
    await applyMaintenance(wanted.maintenance ?? [], now, repositories)
  })
  return configured(storage, wanted)
}

/** What is configured at this moment; secrets of what no file names are sealed. */
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
