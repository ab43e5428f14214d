import { isDeepStrictEqual } from 'node:util'
import { sameTarget } from '#config/apply.ts'
import { type EntryDeps, monitorFrom } from '#config/monitor-entry.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import type { ChannelType } from '#core/channel.ts'
import type { ChannelSpec } from '#core/message/channel-spec.ts'
import type { MonitorSpec } from '#core/monitor/monitor.ts'
import type { RuleSpec, WrittenRule } from '#core/rule/rule-spec.ts'
import type { Found, ImportPlan, Left, Place } from '#importers/import-plan.ts'
import { isObject } from '#lib/json.ts'
import type { ImportedKind, ImportedObject } from '#storage/imported-objects.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import { maskSecrets } from '#storage/secret-fields.ts'
import { type BuiltWindow, channelFrom, ruleFrom, windowFrom } from './build.ts'
import type { Known } from './known.ts'
import { type Arrival, createPlacing, type Did, digestOf, type Placed } from './place-in.ts'

interface PreparedOf<Object extends ImportedKind, Spec> {
  readonly object: Object
  readonly source: string
  readonly key: string
  readonly digest: string
  readonly did: Did
  readonly name: string
  readonly spec: Spec
  /** As the configuration file would say it. */
  readonly entry: Readonly<Record<string, unknown>>
  /** The one of ours that it is. */
  readonly id?: number
  readonly place: Place
  readonly notes: readonly Cause[]
}

/** A rule whose channels are known by their names: they may have no ids yet. */
type NamedRule = Omit<RuleSpec, 'channelIds'> & { readonly channels: readonly string[] }

export type PreparedItem =
  | PreparedOf<'channel', ChannelSpec>
  | PreparedOf<'monitor', MonitorSpec>
  | PreparedOf<'rule', NamedRule>
  | PreparedOf<'maintenance plan', BuiltWindow>

export interface PrepareDeps extends EntryDeps {
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly timeZone: string
}

/** Names that are given away, over all sources of one import. */
export type TakenNames = Readonly<Record<ImportedKind, Set<string>>>

/** One source on its way in. */
export interface Desk {
  readonly source: string
  readonly plan: ImportPlan
  readonly known: Known
  readonly imported: readonly ImportedObject[]
  readonly taken: TakenNames
  readonly deps: PrepareDeps
  readonly items: PreparedItem[]
  readonly left: Left[]
  /** What things of this source are called here. */
  readonly channels: Map<string, string>
  readonly monitors: Map<string, string>
}

type Entry = Readonly<Record<string, unknown>> & { readonly name?: string }

/** A thing that is built, before it has a place here. */
interface Ready<Spec, Ours extends { readonly id: number; readonly name: string }> {
  readonly object: ImportedKind
  readonly found: Found<Entry>
  readonly spec: Spec & { readonly name: string }
  readonly digest: string
  readonly placed: Placed<Ours> | { readonly left: Cause }
  readonly notes: readonly Cause[]
}

const leave = ({ left }: Desk, { entry: { name = '' }, place }: Found<Entry>, why: Cause) =>
  left.push({ what: name, place, why })

const keep = <Spec, Ours extends { readonly id: number; readonly name: string }>(
  desk: Desk,
  { object, found, spec, digest, placed, notes }: Ready<Spec, Ours>,
): string | undefined => {
  if ('left' in placed) {
    leave(desk, found, placed.left)
    return undefined
  }
  const { did, name, before } = placed
  desk.items.push({
    object,
    source: desk.source,
    key: found.key ?? spec.name,
    digest,
    did,
    name,
    spec: { ...spec, name },
    entry: { ...found.entry, name },
    ...(before && { id: before.id }),
    place: found.place,
    notes: [...(found.notes ?? []), ...notes, ...placed.notes],
  } as unknown as PreparedItem)
  return name
}

const placing = <Ours extends { readonly id: number; readonly name: string; readonly origin?: string }>(
  { imported, plan, taken }: Desk,
  object: ImportedKind,
  ours: readonly Ours[],
) => {
  const place = createPlacing(ours, imported, plan.tool, taken[object])
  return (arrival: Omit<Arrival<Ours>, 'object'>) => place({ ...arrival, object })
}

export const prepareChannels = (desk: Desk): void => {
  const place = placing(desk, 'channel', desk.known.channels)
  for (const found of desk.plan.channels ?? []) {
    const built = channelFrom(found.entry, desk.deps)
    if (!built.ok) {
      leave(desk, found, built.why)
      continue
    }
    const { spec, notes } = built
    const { name } = spec
    const { options } = desk.deps.channelTypes.get(spec.type)!
    const digest = digestOf({ ...spec, options: maskSecrets(options, spec.options) })
    const isSame = (ours: ChannelSpec) => ours.type === spec.type && isDeepStrictEqual(ours.options, spec.options)
    const isBlank = (ours: ChannelSpec) => !ours.enabled && Object.keys(ours.options).length === 0
    const placed = place({ key: found.key ?? name, name, digest, isSame, isBlank })
    const as = keep(desk, { object: 'channel', found, spec, digest, placed, notes })
    if (as !== undefined) desk.channels.set(name, as)
  }
}

/** The channels of a thing that come in, by their names here, and a note of each that does not. */
const toldBy = ({ channels }: Desk, names: readonly string[], notes: Cause[]): string[] =>
  names.flatMap((name) => {
    const here = channels.get(name)
    if (here === undefined) notes.push(because('import_channel_missing', { name }))
    return here === undefined ? [] : [here]
  })

/** The channels of ours by which all of a source is told. */
const toldHere = ({ plan: { told = [] }, known }: Desk): readonly string[] =>
  told.filter((name) => known.channels.some((one) => one.name === name))

const placeMonitor =
  (desk: Desk, place: ReturnType<typeof placing<Known['monitors'][number]>>) => (found: Found<MonitorEntry>) => {
    const notes: Cause[] = []
    const { channels: named } = found.entry
    const told = toldHere(desk)
    const hearing = [...(named ? toldBy(desk, named, notes) : []), ...told]
    const entry = { ...found.entry, ...((named || told.length > 0) && { channels: hearing }) }
    const built = monitorFrom(entry, desk.deps)
    if (!built.ok) {
      const [{ path, message }] = built.wrong
      leave(desk, found, because('import_not_accepted', { field: path || entry.type || 'monitor', why: message }))
      return []
    }
    const { spec } = built
    const { options } = desk.deps.probeTypes.get(spec.type)!
    const digest = digestOf({ ...spec, options: maskSecrets(options, spec.options) })
    const { name } = spec
    const isSame = (ours: MonitorSpec) => sameTarget(ours, spec)
    const placed = place({ key: found.key ?? name, name, digest, isSame })
    if (!('left' in placed)) desk.monitors.set(name, placed.name)
    return [{ found: { ...found, entry }, spec, digest, placed, notes }]
  }

/** In two rounds: what one depends on may come after it, and under another name. */
export const prepareMonitors = (desk: Desk): void => {
  const first = placeMonitor(desk, placing(desk, 'monitor', desk.known.monitors))
  const placed = (desk.plan.monitors ?? []).flatMap(first)
  const names = new Set([...desk.known.monitors.map(({ name }) => name), ...desk.taken.monitor])
  for (const { found, spec, digest, placed: at, notes } of placed) {
    const groups = (spec.parents ?? []).map((group) =>
      group.flatMap((wanted) => {
        const name = desk.monitors.get(wanted) ?? wanted
        if (names.has(name)) return [name]
        notes.push(because('import_parent_missing', { name: wanted }))
        return []
      }),
    )
    const whole = groups.filter((group) => group.length > 0)
    const { parents: _, ...alone } = spec
    const { parents: __, ...entry } = found.entry
    const reached = whole.length > 0 ? { parents: whole } : {}
    keep(desk, {
      object: 'monitor',
      found: { ...found, entry: { ...entry, ...reached } },
      spec: { ...alone, ...reached },
      digest,
      placed: at,
      notes,
    })
  }
}

/** One that came with the server. */
const isSeeded = ({ createdBy }: WrittenRule): boolean => createdBy === 'system'

export const prepareRules = (desk: Desk): void => {
  const place = placing(desk, 'rule', desk.known.rules)
  for (const found of desk.plan.rules ?? []) {
    const notes: Cause[] = []
    const { channels = [], ...form } = found.entry
    const told = toldBy(desk, (channels as readonly unknown[]).map(String), notes)
    const built = ruleFrom(form)
    if (!built.ok) {
      leave(desk, found, built.why)
      continue
    }
    const spec: NamedRule = { ...built.spec, channels: told }
    const { name } = spec
    const digest = digestOf(spec)
    const isSame = (ours: WrittenRule) =>
      !isSeeded(ours) && ours.type === spec.type && isDeepStrictEqual(ours.conditions, spec.conditions)
    const placed = place({ key: found.key ?? name, name, digest, isSame, isBlank: isSeeded })
    const entry = { ...form, name, channels: told }
    keep(desk, { object: 'rule', found: { ...found, entry }, spec, digest, placed, notes })
  }
}

export const prepareWindows = (desk: Desk): void => {
  const place = placing(desk, 'maintenance plan', desk.known.plans)
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named)
    return typeof value === 'string' ? (desk.monitors.get(value) ?? value) : value
  }
  for (const found of desk.plan.maintenance ?? []) {
    const { match } = found.entry
    const here = isObject(match) && 'monitor' in match ? { ...match, monitor: named(match.monitor) } : match
    const entry = { ...found.entry, match: here }
    const built = windowFrom(entry, desk.deps.timeZone)
    if (!built.ok) {
      leave(desk, found, built.why)
      continue
    }
    const { spec } = built
    const { name } = spec
    const digest = digestOf(spec)
    const isSame = (ours: MaintenancePlan) => isDeepStrictEqual(ours.when, spec.when)
    const placed = place({ key: found.key ?? name, name, digest, isSame })
    keep(desk, { object: 'maintenance plan', found: { ...found, entry }, spec, digest, placed, notes: [] })
  }
}
