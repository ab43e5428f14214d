import type { ChannelType } from '#core/channel.ts'
import type { DutyList } from '#core/duty/duty.ts'
import { dutyListEntryOf, dutyPersonEntryOf } from '#core/duty/duty-entry.ts'
import type { MaintenanceTelling } from '#core/maintenance/telling.ts'
import type { ProbeType } from '#core/probe.ts'
import { SERVER_SETTINGS, type ServerSettings } from '#core/server-settings.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Present } from '../plan/present.ts'
import { briefMonitorOf } from '../words/brief-monitor.ts'
import { channelEntryOf } from '../words/channel-words.ts'
import { maintenanceEntryOf, silenceEntryOf } from '../words/quiet-words.ts'
import { createReferences, plainWords, type References } from '../words/references.ts'
import { ruleEntryOf } from '../words/rule-words.ts'

/** A whole configuration as a file would say it. */
export interface Exported {
  /** Top keys in their order; what is not there is left out. */
  readonly content: Readonly<Record<string, unknown>>
  /** Names that stand in place of secrets, with those: nobody but who makes a file for them hears these. */
  readonly environment: ReadonlyMap<string, string>
  /** Names of things whose options stand in a file that is not known here, with where. */
  readonly elsewhere: readonly Elsewhere[]
}

interface Elsewhere {
  readonly name: string
  readonly origin: string
}

export interface ExportDeps {
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  readonly channelTypes: ReadonlyMap<string, Pick<ChannelType, 'options'>>
}

/** By name in one order everywhere, so that two exports differ where the configurations do. */
const inOrder = <One extends object>(ones: readonly One[], keyOf: (one: One) => string): One[] =>
  ones.toSorted((a, b) => {
    const [one, other] = [keyOf(a), keyOf(b)]
    return one < other ? -1 : one > other ? 1 : 0
  })
const byName = <One extends { readonly name: string }>(ones: readonly One[]) => inOrder(ones, ({ name }) => name)

/** Settings of the server's place stand under `server`, the others under `settings`; only what differs from the defaults. */
const PLACE = ['language', 'time_zone', 'region', 'url'] as const

const settingsOf = (settings: ServerSettings) => {
  const own = Object.entries(settings).filter(
    ([name, value]) =>
      !PLACE.includes(name as never) &&
      JSON.stringify(value) !== JSON.stringify(SERVER_SETTINGS[name as keyof ServerSettings]),
  )
  const place = PLACE.flatMap((name) => (settings[name] === null ? [] : [[name, settings[name]]]))
  return { own: Object.fromEntries(own), place: Object.fromEntries(place) }
}

const whole = (value: object | readonly unknown[]) =>
  (Array.isArray(value) ? value : Object.keys(value)).length > 0 ? value : undefined

/** What is written of a thing where it says anything: no empty lists and mappings, nothing that is false. */
const brief = (entry: object) =>
  Object.fromEntries(
    Object.entries(entry).filter(([, value]) => value !== false && (typeof value !== 'object' || whole(value))),
  )

type Parts = ExportDeps & {
  readonly present: Present
  readonly references: References
  readonly elsewhere: Elsewhere[]
}

/** Options of what the server's own file names are known where that is in force: the store does not hold their secrets. */
const runningOptions = ({ running }: Present, kind: 'channels' | 'monitors') =>
  new Map((running?.[kind] ?? []).map(({ name, options }): [string, JsonObject] => [name, options]))

const channelsOf = ({ present, channelTypes, references, elsewhere }: Parts): object[] => {
  const known = runningOptions(present, 'channels')
  return byName(present.channels).map((channel) => {
    const { origin, name, type } = channel
    const there = origin === undefined ? channel.options : known.get(name)
    if (!there) elsewhere.push({ name, origin: origin! })
    const { options: _, ...entry } = channelEntryOf(channel)
    const options = references.optionsOf(channelTypes.get(type)?.options, there ?? {}, name) as object
    return { ...(plainWords(entry) as object), ...(whole(options) && { options }) }
  })
}

const monitorsOf = ({ present, probeTypes, references }: Parts): object[] => {
  const known = runningOptions(present, 'monitors')
  return byName(present.monitors).map((monitor) => {
    const type = probeTypes.get(monitor.type)
    const there = (monitor.origin === undefined ? undefined : known.get(monitor.name)) ?? monitor.options
    const { options, ...entry } = briefMonitorOf({ ...monitor, options: there }, type)
    const { name, type: kind, ...rest } = plainWords(entry) as Record<string, unknown>
    const written = options && { options: references.optionsOf(type?.options, there, monitor.name) }
    return { name, type: kind, ...written, ...rest }
  })
}

const namesIn = ({ channels }: Present) => {
  const names = new Map(channels.map(({ id, name }) => [id, name]))
  return (ids: readonly number[]) => ids.flatMap((id) => names.get(id) ?? [])
}

const rulesOf = (present: Present): unknown[] => {
  const namesOf = namesIn(present)
  return byName(present.rules).map(({ channelIds, ...rule }) =>
    plainWords(ruleEntryOf({ ...rule, channels: namesOf(channelIds) })),
  )
}

const plansOf = (present: Present): unknown[] => {
  const namesOf = namesIn(present)
  const tellOf = (tell: MaintenanceTelling | undefined) => {
    const { channelIds = [], ...rest } = tell ?? { begin: true, end: true }
    const channels = namesOf(channelIds)
    return channels.length > 0 ? { tell: { channels, ...rest } } : {}
  }
  return byName(present.plans).map(({ tell, ...plan }) => plainWords(maintenanceEntryOf({ ...plan, ...tellOf(tell) })))
}

const dutyOf = ({ running, ...present }: Present): object => {
  const { people = [], lists = [] } = running?.duty ?? {}
  const above = <One extends { readonly name: string }>(ofFile: readonly One[], byHand: readonly One[]) =>
    byName([...ofFile, ...byHand.filter(({ name }) => !ofFile.some((one) => one.name === name))])
  // Shifts are asked for, also where there are none.
  const listWords = (list: DutyList) => ({ ...brief(dutyListEntryOf(list)), shifts: dutyListEntryOf(list).shifts })
  return brief({
    people: above(people, present.people).map((one) => plainWords(brief(dutyPersonEntryOf(one)))),
    lists: above(lists, present.lists).map((one) => plainWords(listWords(one))),
  })
}

/** What is there, in the words of the file, in a stable order, with names in the place of secrets. Pure. */
export const exportOf = (present: Present, deps: ExportDeps): Exported => {
  const parts: Parts = { ...deps, present, references: createReferences(), elsewhere: [] }
  const { own, place } = settingsOf(present.settings)
  const { server, ...written } = present.running?.written?.() ?? {}
  const { ownChannels } = present.running ?? {}
  const content = {
    server: { ...(plainWords(place) as object), ...(server as object) },
    settings: plainWords(own) as object,
    ...written,
    // Who hears of the server itself, where its witnesses do not say so.
    defaults: ownChannels && { channels: plainWords(ownChannels) },
    channels: channelsOf(parts),
    monitors: monitorsOf(parts),
    rules: rulesOf(present),
    silences: inOrder(present.silences.map(silenceEntryOf), (one) => JSON.stringify(one)).map(plainWords),
    maintenance: plansOf(present),
    duty: dutyOf(present),
  }
  return {
    content: Object.fromEntries(Object.entries(content).filter(([, value]) => value && whole(value as object))),
    environment: parts.references.environment,
    elsewhere: parts.elsewhere,
  }
}
