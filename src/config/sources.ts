import { because } from '#core/cause/cause.ts'
import type { DetectorType } from '#core/detector.ts'
import type { JsonObject } from '#lib/json.ts'
import { parseAddress, parseNetwork } from '#lib/net/cidr.ts'
import { parseDuration } from '#lib/time/duration.ts'
import type { FileContent } from './schema.ts'
import type { ConfigProblem, ConfigSource } from './source.ts'
import { validate } from './validate.ts'
import { zoneProblem } from './zone.ts'

/** A fail2ban whose log is followed. */
interface Fail2banWatch {
  readonly name: string
  readonly log: string
  readonly database?: string
  /** Words of the client's command. */
  readonly client: readonly string[]
  readonly timeZone: string
  readonly backfill: boolean
}

/** What is said of addresses: who is never banned, for how long at most, and whose they are. */
export interface SecurityLimits {
  readonly neverBan: readonly string[]
  readonly longestBanMs: number
  readonly countryFile?: string
  readonly ownerFile?: string
}

/** Zeek logs that are followed. */
interface ZeekWatch {
  readonly name: string
  readonly logs: readonly string[]
  /** Options of detectors by their names. */
  readonly options: Readonly<Record<string, JsonObject>>
  readonly backfill: boolean
}

export interface Sources {
  readonly fail2ban: readonly Fail2banWatch[]
  readonly zeek: readonly ZeekWatch[]
}

interface Deps {
  readonly source: ConfigSource
  readonly problems: ConfigProblem[]
  readonly timeZone: string
  readonly detectorTypes: ReadonlyMap<string, DetectorType>
}

const LOG = '/var/log/fail2ban.log'
const CLIENT = ['fail2ban-client']
const LONGEST_BAN_MS = 30 * 86_400_000

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]

/** `sudo -n fail2ban-client` as words; a list stays as it is. */
const wordsOf = (client: string | readonly string[] | undefined): readonly string[] =>
  client === undefined ? CLIENT : typeof client === 'string' ? client.split(/\s+/).filter(Boolean) : client

export const buildSources = (
  { sources }: FileContent,
  { source, problems, timeZone, detectorTypes }: Deps,
): Sources => {
  const names = new Set<string>()
  const fail2ban = listOf(sources?.fail2ban).map((entry, index) => {
    const path = Array.isArray(sources?.fail2ban) ? ['sources', 'fail2ban', index] : ['sources', 'fail2ban']
    const name = entry.name ?? (index === 0 ? 'fail2ban' : `fail2ban-${index + 1}`)
    if (names.has(name)) problems.push(source.problem([...path, 'name'], because('config_name_taken', { name })))
    names.add(name)
    const zone = entry.time_zone === undefined ? undefined : zoneProblem(entry.time_zone)
    if (zone)
      problems.push(source.problem([...path, 'time_zone'], because('in_field', { field: 'time_zone', why: zone })))
    return {
      name,
      log: entry.log ?? LOG,
      client: wordsOf(entry.client),
      timeZone: entry.time_zone ?? timeZone,
      backfill: entry.backfill ?? false,
      ...(entry.database !== undefined && { database: entry.database }),
    }
  })
  return { fail2ban, zeek: buildZeek(sources?.zeek, { source, problems, detectorTypes }) }
}

const SHARED = ['ignore', 'local_networks', 'allow'] as const

/** What is named once for the source is known to every detector that asks for such. */
export const withShared = (
  options: Readonly<Record<string, JsonObject>>,
  entry: Readonly<Partial<Record<(typeof SHARED)[number], readonly string[]>>>,
  detectorTypes: ReadonlyMap<string, DetectorType>,
): Readonly<Record<string, JsonObject>> => {
  const given = SHARED.filter((field) => (entry[field] ?? []).length > 0)
  if (given.length === 0) return options
  return Object.fromEntries(
    [...detectorTypes.values()].map(({ name, options: schema }) => {
      const own = options[name] ?? {}
      const shared = given.filter((field) => field in schema.properties)
      const lists = shared.map((field) => [field, [...entry[field]!, ...((own[field] as string[] | undefined) ?? [])]])
      return [name, { ...own, ...Object.fromEntries(lists) }]
    }),
  )
}

type ZeekEntry = NonNullable<FileContent['sources']>['zeek']

export const buildZeek = (
  written: ZeekEntry,
  { source, problems, detectorTypes }: Pick<Deps, 'source' | 'problems' | 'detectorTypes'>,
): readonly ZeekWatch[] =>
  listOf(written).map((entry, index) => {
    const path = Array.isArray(written) ? ['sources', 'zeek', index] : ['sources', 'zeek']
    const options = (entry.options ?? {}) as Readonly<Record<string, JsonObject>>
    for (const [name, chosen] of Object.entries(options)) {
      const type = detectorTypes.get(name)
      const place = [...path, 'options', name]
      if (type) problems.push(...validate(type.options, chosen, place, source))
      else
        problems.push(
          source.problem(place, because('config_no_detector', { name, names: [...detectorTypes.keys()].join(', ') })),
        )
    }
    for (const field of ['ignore', 'local_networks'] as const)
      for (const [place, text] of (entry[field] ?? []).entries())
        if (!parseAddress(text) && !parseNetwork(text))
          problems.push(
            source.problem(
              [...path, field, place],
              because('config_no_network', { field, text, example: '192.0.2.1 or 10.0.0.0/8' }),
            ),
          )
    return {
      name: entry.name ?? (index === 0 ? 'zeek' : `zeek-${index + 1}`),
      logs: listOf(entry.logs),
      options: withShared(options, entry, detectorTypes),
      backfill: entry.backfill ?? false,
    }
  })

export const buildSecurity = (
  { security = {} }: FileContent,
  { source, problems }: Pick<Deps, 'source' | 'problems'>,
): SecurityLimits => {
  const { never_ban: never = [], longest_ban: longest, country_file: country, owner_file: owner } = security
  for (const [index, text] of never.entries())
    if (!parseAddress(text) && !parseNetwork(text))
      problems.push(
        source.problem(
          ['security', 'never_ban', index],
          because('config_no_network', { field: 'never_ban', text, example: '192.0.2.1 or 10.0.0.0/8' }),
        ),
      )
  return {
    neverBan: never,
    longestBanMs: longest === undefined ? LONGEST_BAN_MS : parseDuration(longest)!,
    ...(country !== undefined && { countryFile: country }),
    ...(owner !== undefined && { ownerFile: owner }),
  }
}
