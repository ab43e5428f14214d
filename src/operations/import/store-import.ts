import type { EndOfMonitor } from '#config/apply.ts'
import { sameTarget } from '#config/apply.ts'
import type { EndOfRule } from '#config/apply-rules.ts'
import { because } from '#core/cause/cause.ts'
import type { ChannelType } from '#core/channel.ts'
import type { Monitor, MonitorSpec } from '#core/monitor/monitor.ts'
import type { Transition } from '#core/monitor/transition.ts'
import type { ProbeType } from '#core/probe.ts'
import { looksOn } from '#core/rule/rule-spec.ts'
import { importedDays } from '#storage/imported-history.ts'
import type { Repositories } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import { sealSecrets } from '#storage/secret-fields.ts'
import { worded } from '#templates/said.ts'
import { type KnownOutage, takeOverOutages } from './down.ts'
import type { Known } from './known.ts'
import type { Prepared, PreparedThings, Surplus } from './prepare.ts'
import type { PreparedItem } from './prepare-things.ts'

export interface StoreImportDeps {
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  readonly sealer: () => Sealer
  readonly endOfMonitor: EndOfMonitor
  readonly endOfRule: EndOfRule
  readonly progress: (words: string) => void
  /** Where in a file a thing is written from now on, `file:line`; undefined: in none. */
  readonly originOf: (item: PreparedItem) => string | undefined
  /** Gives others a turn between two things; absent: nobody waits. */
  readonly breathe?: () => Promise<void> | undefined
}

/** What there is of things that may change. */
export type KnownThings = Pick<Known, 'channels' | 'monitors' | 'rules'>

const byId = <One extends { readonly id: number }>(ones: readonly One[]): ReadonlyMap<number, One> =>
  new Map(ones.map((one) => [one.id, one]))

const indexed = ({ channels, monitors, rules }: KnownThings) => ({
  channels: byId(channels),
  monitors: byId(monitors),
  rules: byId(rules),
})

interface Storing {
  readonly known: ReturnType<typeof indexed>
  readonly now: number
  readonly repositories: Repositories
  readonly deps: StoreImportDeps
}

type Item<Object extends PreparedItem['object']> = Extract<PreparedItem, { readonly object: Object }>

/** Who it is that a plan or a rule names as its author. */
const BY_IMPORT = 'import'

const originFields = (item: PreparedItem, { deps }: Storing) => {
  const origin = deps.originOf(item)
  return origin === undefined ? {} : { origin }
}

const storeChannel = async (item: Item<'channel'>, storing: Storing): Promise<number> => {
  const { repositories, deps, known, now } = storing
  const before = known.channels.get(item.id ?? 0)
  const options = sealSecrets(deps.channelTypes.get(item.spec.type)!.options, item.spec.options, deps.sealer())
  return repositories.channels.save({ ...item.spec, options, ...originFields(item, storing) }, now, before?.name)
}

const storeMonitor = async (item: Item<'monitor'>, storing: Storing): Promise<number> => {
  const { repositories, deps, known, now } = storing
  const before = known.monitors.get(item.id ?? 0)
  const file = originFields(item, storing)
  const options = sealSecrets(deps.probeTypes.get(item.spec.type)!.options, item.spec.options, deps.sealer())
  // One of a file says itself whether it is paused; of others a pause by hand is the only one that there is.
  const spec = { ...item.spec, options, ...file, paused: 'origin' in file && item.spec.paused }
  const id = await repositories.monitors.save(spec, now, before?.name)
  if (!('origin' in file)) await repositories.monitors.pause(id, item.spec.paused, now)
  if (before && !sameTarget(before, item.spec)) {
    await repositories.states.forget(id)
    await deps.endOfMonitor(before, 'changed', now, repositories)
  }
  return id
}

const storeRule = async (item: Item<'rule'>, storing: Storing): Promise<number> => {
  const { repositories, deps, known, now } = storing
  const ids = new Map((await repositories.channels.list()).map(({ id, name }) => [name, id]))
  const { channels, ...rest } = item.spec
  const channelIds = channels.flatMap((name) => ids.get(name) ?? [])
  const spec = { ...rest, channelIds, ...originFields(item, storing) }
  const before = known.rules.get(item.id ?? 0)
  if (!before) return repositories.rules.insert(spec, BY_IMPORT, now)
  if (!looksOn(before, spec)) await deps.endOfRule(before, now, repositories)
  await repositories.rules.update(before.id, spec, BY_IMPORT, now)
  return before.id
}

const storePlan = async (item: Item<'maintenance plan'>, storing: Storing): Promise<number> => {
  const { repositories, now } = storing
  if (item.id !== undefined) await repositories.maintenance.unplan(item.id, now)
  const plan = { ...item.spec, plannedUntil: 0, createdBy: BY_IMPORT, createdAt: now, ...originFields(item, storing) }
  return repositories.maintenancePlans.save(plan)
}

const storeItem = (item: PreparedItem, storing: Storing): Promise<number> => {
  switch (item.object) {
    case 'channel':
      return storeChannel(item, storing)
    case 'monitor':
      return storeMonitor(item, storing)
    case 'rule':
      return storeRule(item, storing)
    case 'maintenance plan':
      return storePlan(item, storing)
  }
}

/** A channel by which something that stays is told stays too. */
const isUsed = async (id: number, { channels, monitors, rules }: Repositories): Promise<boolean> => {
  const name = (await channels.list()).find((one) => one.id === id)?.name
  if ((await monitors.list()).some((one) => one.channels.includes(name ?? ''))) return true
  return (await rules.list()).some(({ channelIds }) => channelIds.includes(id))
}

const removeSurplus = async ({ object, id, key, source }: Surplus, { known, repositories, deps, now }: Storing) => {
  const { monitors, channels, rules, maintenance, maintenancePlans, states, importedObjects } = repositories
  const monitor = known.monitors.get(id)
  const rule = known.rules.get(id)
  if (object === 'monitor' && monitor) {
    await monitors.remove(id, now)
    await states.forget(id)
    await deps.endOfMonitor(monitor, 'removed', now, repositories)
  } else if (object === 'channel') {
    if (await isUsed(id, repositories)) return
    await channels.remove(id, now)
  } else if (object === 'rule' && rule) {
    await rules.remove(id, BY_IMPORT, now)
    await deps.endOfRule(rule, now, repositories)
  } else if (object === 'maintenance plan') {
    await maintenance.unplan(id, now)
    await maintenancePlans.remove(id, now)
  }
  await importedObjects.forget(source, { object, key })
}

const outagesOf = async (
  down: Prepared['down'],
  fresh: ReadonlyMap<string, Monitor>,
  { repositories, deps }: Storing,
): Promise<KnownOutage[]> => {
  const ids = new Map((await repositories.channels.list()).map(({ id, name }) => [name, id]))
  return down.flatMap(({ tool, ...was }) => {
    const monitor = fresh.get(was.monitor)
    if (!monitor || monitor.paused) return []
    const target = deps.probeTypes.get(monitor.type)?.describe(monitor.options as never) ?? monitor.type
    return [{ monitor, target, was, tool, channelIds: monitor.channels.flatMap((name) => ids.get(name) ?? []) }]
  })
}

/** How new monitors went before, as the other tool saw it: what was over then is told to nobody. */
const rememberPast = async (
  past: PreparedThings['past'],
  fresh: ReadonlyMap<string, Monitor>,
  { transitions }: Repositories,
): Promise<void> => {
  for (const { monitor, changes, tool } of past) {
    const known = fresh.get(monitor)
    if (!known) continue
    const cause = because('import_seen_by', { tool })
    const told = changes.map(({ to, at }, index): Transition => {
      const before = changes[index - 1]
      const from = before?.to ?? 'unknown'
      const code = to === 'down' ? 'unreachable' : 'ok'
      return { monitorId: known.id, from, to, at, since: at, previousSince: before?.at ?? at, code, cause, facts: {} }
    })
    await transitions.insertAll(told.map(worded))
  }
}

/** What an import stored beside the things themselves. */
export interface StoredBeside {
  readonly outages: number
  readonly histories: number
}

/** The things of an import, with the ids that its monitors have here. */
export interface StoredThings {
  readonly outages: number
  readonly ids: ReadonlyMap<string, number>
}

/**
 * Stores the things of a prepared import, and who was down. Runs inside one transaction. A monitor that was there before
 * keeps the state that it has.
 */
export const storeThings = async (
  prepared: PreparedThings,
  prune: boolean,
  known: KnownThings,
  now: number,
  repositories: Repositories,
  deps: StoreImportDeps,
): Promise<StoredThings> => {
  const storing: Storing = { known: indexed(known), now, repositories, deps }
  const ids = new Map<string, number>()
  const fresh = new Map<string, Monitor>()
  for (const item of prepared.items) {
    await deps.breathe?.()
    const { source, object, key, digest, did, name } = item
    const id = did === 'same' ? item.id! : await storeItem(item, storing)
    await repositories.importedObjects.save(source, { object, key, id, digest })
    if (object !== 'monitor') continue
    ids.set(name, id)
    if (did === 'created') fresh.set(name, { ...(item.spec as MonitorSpec), id })
  }
  // Channels last: what they told goes first.
  const surplus = prepared.surplus.toSorted((a, b) => Number(a.object === 'channel') - Number(b.object === 'channel'))
  if (prune)
    for (const one of surplus) {
      await deps.breathe?.()
      await removeSurplus(one, storing)
    }
  await rememberPast(prepared.past, fresh, repositories)
  const outages = await outagesOf(prepared.down, fresh, storing)
  await takeOverOutages(outages, now, repositories)
  return { outages: outages.length, ids }
}

/** Stores a prepared import whole: its things, who was down, and what was known of earlier times. */
export const storeImport = async (
  prepared: Prepared,
  prune: boolean,
  known: KnownThings,
  now: number,
  repositories: Repositories,
  deps: StoreImportDeps,
): Promise<StoredBeside> => {
  const { outages, ids } = await storeThings(prepared, prune, known, now, repositories, deps)
  const remembered = new Set<number>()
  for (const { monitor, spans } of prepared.history()) {
    const id = ids.get(monitor)
    if (id === undefined || spans.length === 0) continue
    await repositories.importedHistory.save(id, importedDays(spans))
    remembered.add(id)
  }
  return { outages, histories: remembered.size }
}
