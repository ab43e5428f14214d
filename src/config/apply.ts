import type { Channel, ChannelSpec } from '#core/channel-spec.ts'
import type { Monitor, MonitorSpec } from '#core/monitor.ts'
import type { Repositories, Storage } from '#storage/index.ts'

/** What a file (or a command line) wants to exist. */
export interface Wanted {
  readonly channels: readonly ChannelSpec[]
  readonly monitors: readonly (MonitorSpec & { readonly was?: string })[]
}

/** Everything that is configured after the change, with ids. */
export interface Applied {
  readonly channels: readonly Channel[]
  readonly monitors: readonly Monitor[]
}

/** What makes a monitor another one: what was known of it no longer holds. */
const sameTarget = (a: MonitorSpec, b: MonitorSpec): boolean =>
  a.type === b.type && JSON.stringify(a.options) === JSON.stringify(b.options)

const ownedByFile = ({ origin }: { readonly origin?: string }): boolean => origin !== undefined

/** Ends the open alerts of a monitor without telling anybody: its subject is gone. */
const closeQuietly = async (monitorId: number, now: number, { alerts }: Repositories) => {
  for (const alert of await alerts.firingOfMonitor(monitorId))
    await alerts.update(alert.id, { status: 'resolved', resolvedAt: now, resolvedBy: 'removed', nextDueAt: null })
}

const applyMonitors = async (wanted: Wanted['monitors'], now: number, repositories: Repositories) => {
  const { monitors, states } = repositories
  const current = await monitors.list()
  const byName = new Map(current.map((monitor) => [monitor.name, monitor]))
  const kept = new Set<number>()
  for (const { was, ...spec } of wanted) {
    const before = byName.get(spec.name) ?? (was === undefined ? undefined : byName.get(was))
    const id = await monitors.save(spec, now, before?.name === was ? was : undefined)
    kept.add(id)
    if (before && !sameTarget(before, spec)) {
      await states.forget(id)
      await closeQuietly(id, now, repositories)
    }
  }
  for (const monitor of current.filter((one) => ownedByFile(one) && !kept.has(one.id))) {
    await monitors.remove(monitor.id, now)
    await states.forget(monitor.id)
    await closeQuietly(monitor.id, now, repositories)
  }
}

const applyChannels = async (wanted: Wanted['channels'], now: number, { channels }: Repositories) => {
  const current = await channels.list()
  const kept = new Set<number>()
  for (const spec of wanted) kept.add(await channels.save(spec, now))
  for (const channel of current.filter((one) => ownedByFile(one) && !kept.has(one.id)))
    await channels.remove(channel.id, now)
}

/**
 * Makes the store hold what is wanted, in one transaction. Objects made elsewhere (no origin) stay. The options of the
 * wanted channels are taken from the wish itself, for the store does not keep a file's secrets.
 */
export const applyWanted = async (storage: Storage, wanted: Wanted, now: number): Promise<Applied> => {
  await storage.transaction(async (repositories) => {
    await applyChannels(wanted.channels, now, repositories)
    await applyMonitors(wanted.monitors, now, repositories)
  })
  return configured(storage, wanted)
}

/** What is configured at this moment. */
export const configured = async (storage: Storage, wanted?: Wanted): Promise<Applied> => {
  const options = new Map(wanted?.channels.map((channel) => [channel.name, channel.options]))
  const channels = (await storage.channels.list()).map((channel) => ({
    ...channel,
    options: options.get(channel.name) ?? channel.options,
  }))
  return { channels, monitors: await storage.monitors.list() }
}
