import { because } from '#core/cause/cause.ts'
import type { ProbeType } from '#core/probe.ts'
import { isObject } from '#lib/json.ts'
import { problemSaid } from '#templates/said.ts'
import { type CsvTable, decodeTable, readCsv } from './csv.ts'
import type { MonitorEntry, ProfileEntry, WrittenEntry } from './monitor-schema.ts'
import { rightName } from './right-name.ts'
import type { FileContent } from './schema.ts'
import { type ConfigProblem, type ConfigSource, fieldOf, type Path, saidInFile } from './source.ts'

/** A monitor's entry with its profile and its row filled in, and where it was written. */
export interface ExpandedEntry {
  readonly entry: MonitorEntry
  readonly path: Path
  readonly source: ConfigSource
}

export interface ExpandDeps {
  readonly source: ConfigSource
  readonly problems: ConfigProblem[]
  readonly probeTypes: ReadonlyMap<string, Pick<ProbeType, 'options'>>
  /** Bytes of a file that the configuration names; throws as `readFileSync` does. */
  readonly readFile: (path: string) => Uint8Array
}

/** An entry over its profile: options and labels are merged, everything else is replaced. */
const overProfile = (entry: WrittenEntry, profile: ProfileEntry): WrittenEntry => {
  const { use: _, ...own } = entry
  const options = { ...profile.options, ...own.options }
  // A profile's type gives way to a target, which says its own.
  const { type, ...rest } = profile
  return {
    ...rest,
    ...(own.target === undefined && type !== undefined && { type }),
    ...own,
    ...(own.target === undefined && Object.keys(options).length > 0 && { options }),
    labels: { ...profile.labels, ...own.labels },
  }
}

const withProfile = (
  entry: WrittenEntry,
  path: Path,
  profiles: FileContent['profiles'],
  deps: ExpandDeps,
): WrittenEntry => {
  if (entry.use === undefined) return entry
  const names = Object.keys(profiles ?? {})
  if (names.includes(entry.use)) return overProfile(entry, profiles![entry.use]!)
  const right = rightName(entry.use, names, because('there_are_none'))
  deps.problems.push(deps.source.problem([...path, 'use'], because('config_no_profile', { name: entry.use, right })))
  return entry
}

const LONGEST_NAME = 200
const COLUMN = /\{([^{}]+)\}/g

/** Replaces `{column}` in every string; a list loses what becomes empty. Names that are no column are reported. */
const fill = (value: unknown, values: Readonly<Record<string, string>>, missing: Set<string>): unknown => {
  if (typeof value === 'string')
    return value.replace(COLUMN, (whole, name: string) => {
      if (Object.hasOwn(values, name)) return values[name]!
      missing.add(name)
      return whole
    })
  if (Array.isArray(value)) return value.map((one) => fill(one, values, missing)).filter((one) => one !== '')
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, values, missing)]))
}

/** A filled number is a number again where its option wants one: `port: "{port}"`. */
const asNumbers = (entry: MonitorEntry, probeTypes: ExpandDeps['probeTypes']): MonitorEntry => {
  const schemas = (probeTypes.get(entry.type ?? '')?.options.properties ?? {}) as Readonly<
    Record<string, { type?: unknown }>
  >
  const options = Object.entries(entry.options ?? {}).map(([key, value]) => {
    const wanted = schemas[key]?.type
    const numeric =
      (wanted === 'integer' || wanted === 'number') && typeof value === 'string' && /^\d{1,9}$/.test(value)
    return [key, numeric ? Number(value) : value]
  })
  return options.length === 0 ? entry : { ...entry, options: Object.fromEntries(options) }
}

/** Problems of a row are told with the table's file and line. */
const rowSource = (base: ConfigSource, file: string, line: number): ConfigSource => ({
  ...base,
  problem: (path, what, key, told) => ({ file, line, column: 1, ...saidInFile(what, key ?? fieldOf(path), told) }),
  origin: () => `${file}:${line}`,
})

const readTable = (file: string, path: Path, { source, problems, readFile }: ExpandDeps): CsvTable | undefined => {
  try {
    return readCsv(decodeTable(readFile(file)))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const what =
      code === 'ENOENT'
        ? because('config_table_missing', { file })
        : because('config_table_unread', { file, error: code ?? 'unknown' })
    problems.push(source.problem([...path, 'from'], what))
    return undefined
  }
}

const fromTable = (entry: WrittenEntry, path: Path, deps: ExpandDeps): ExpandedEntry[] => {
  const { source, problems } = deps
  const { from, ...pattern } = entry
  const file = from!
  const table = readTable(file, path, deps)
  if (!table) return []
  if (!table.ok) {
    problems.push({ file, line: table.line, column: 1, ...problemSaid(table.why) })
    return []
  }
  if (pattern.name === undefined) {
    problems.push(source.problem(path, because('config_name_column', { example: `"{${table.columns[0]}}"` })))
    return []
  }
  const missing = new Set<string>()
  const expanded = table.rows.map(({ line, values }) => ({
    entry: asNumbers(fill(pattern, values, missing) as MonitorEntry, deps.probeTypes),
    path,
    source: rowSource(source, file, line),
  }))
  if (missing.size === 0) {
    const isNamed = ({ entry }: ExpandedEntry) => entry.name !== '' && entry.name.length <= LONGEST_NAME
    for (const { source: row } of expanded.filter((one) => !isNamed(one)))
      problems.push(row.problem([], because('config_name_length', { most: LONGEST_NAME })))
    return expanded.filter(isNamed)
  }
  for (const name of missing) {
    const right = rightName(name, table.columns, because('there_are_none'))
    problems.push(source.problem(path, because('config_column_unknown', { column: `{${name}}`, file, right }), 'from'))
  }
  return []
}

/** Every monitor that the file names, profiles and tables filled in. */
export const expandMonitors = (content: FileContent, deps: ExpandDeps): ExpandedEntry[] =>
  (content.monitors ?? []).flatMap((entry, index): ExpandedEntry[] => {
    const path = ['monitors', index]
    const whole = withProfile(entry, path, content.profiles, deps)
    if (whole.from !== undefined) return fromTable(whole, path, deps)
    if (whole.name !== undefined) return [{ entry: whole as MonitorEntry, path, source: deps.source }]
    deps.problems.push(deps.source.problem(path, because('config_name_missing')))
    return []
  })
