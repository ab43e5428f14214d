import { openChannel } from '#config/open-channel.ts'
import { openMonitor } from '#config/open-monitor.ts'
import type { ChannelType } from '#core/channel.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import type { WrittenRule } from '#core/rule/rule-spec.ts'
import type { ImportedObject } from '#storage/imported-objects.ts'
import type { Repositories } from '#storage/index.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import type { Sealer } from '#storage/seal.ts'

/** What there is already, beside which something comes in. */
export interface Known {
  readonly channels: readonly Channel[]
  readonly monitors: readonly Monitor[]
  readonly rules: readonly WrittenRule[]
  readonly plans: readonly MaintenancePlan[]
  /** What earlier imports brought, by their source. */
  readonly imported: ReadonlyMap<string, readonly ImportedObject[]>
}

/** A store in which there is nothing yet. */
export const NOTHING_KNOWN: Known = { channels: [], monitors: [], rules: [], plans: [], imported: new Map() }

export interface KnownDeps {
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  readonly sealer: () => Sealer
}

type Read = Pick<Repositories, 'channels' | 'monitors' | 'rules' | 'maintenancePlans' | 'importedObjects'>

/** Reads what there is, with the secrets opened that can be. */
export const readKnown = async (
  sources: readonly string[],
  { channels, monitors, rules, maintenancePlans, importedObjects }: Read,
  { probeTypes, channelTypes, sealer }: KnownDeps,
): Promise<Known> => {
  const imported = new Map<string, readonly ImportedObject[]>()
  for (const source of new Set(sources)) imported.set(source, await importedObjects.ofSource(source))
  return {
    channels: (await channels.list()).map((one) => openChannel(one, channelTypes, sealer)),
    monitors: (await monitors.list()).map((one) => openMonitor(one, { probeTypes }, sealer)),
    rules: await rules.list(),
    plans: await maintenancePlans.list(),
    imported,
  }
}
