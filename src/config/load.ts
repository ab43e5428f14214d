import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { EscalationStep } from '#core/alert/escalation.ts'
import { because } from '#core/cause/cause.ts'
import type { Language } from '#core/message/message.ts'
import { OUTPUT_FILES, type OutputsWanted } from '#core/outputs.ts'
import type { ServerSettings } from '#core/server-settings.ts'
import type { TableWanted } from '#core/table-wanted.ts'
import { detectorTypes } from '#detectors/index.ts'
import { isObject } from '#lib/json.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { ownZone } from '#lib/time/zone.ts'
import { problemSaid } from '#templates/said.ts'
import { buildChannel, type WantedChannel } from './build-channel.ts'
import { type BuildDeps, checkZone } from './build-deps.ts'
import { buildMonitor, type WantedMonitor } from './build-monitor.ts'
import { buildDuty, type WantedDuty } from './duty.ts'
import { type ExpandedEntry, expandMonitors } from './expand.ts'
import { FILE_ONLY } from './file-only.ts'
import { buildMetrics, type MetricsSettings } from './metrics.ts'
import { parentProblems } from './parents.ts'
import { buildPorts, type PortSettings } from './ports.ts'
import { buildMaintenance, buildSilences, type WantedMaintenance, type WantedSilence } from './quiets.ts'
import { LARGEST_FILE, readSource, tooLarge } from './read-source.ts'
import { duplicates, referenceProblems } from './references.ts'
import { buildRules, type TemplateJudge, type WantedRule } from './rules.ts'
import { type FileContent, fileSchema } from './schema.ts'
import { type ConfigProblem, problemText, problemTextIn } from './source.ts'
import { buildSecurity, buildSources, type SecurityLimits, type Sources } from './sources.ts'
import { buildTables } from './tables.ts'
import { usedSchema } from './used-schema.ts'
import { validate } from './validate.ts'
import { warningsOf } from './warnings.ts'
import { buildWitnesses, type Witnesses } from './witnesses.ts'

/** A configuration that holds together. */
export type { WantedChannel } from './build-channel.ts'
export { type ConfigProblem, problemText, problemTextIn }

export interface Config {
  readonly server: {
    readonly host?: string
    readonly port?: number
    readonly url?: string
    readonly language?: Language
    readonly timeZone?: string
    readonly region?: string
    readonly trustedProxies?: readonly string[]
  }
  readonly heartbeat?: { readonly url: string; readonly everyMs: number }
  readonly channels: readonly WantedChannel[]
  readonly monitors: readonly WantedMonitor[]
  readonly rules: readonly WantedRule[]
  readonly silences: readonly WantedSilence[]
  readonly maintenance: readonly WantedMaintenance[]
  readonly witnesses?: Witnesses
  /** Names of channels that hear of the server itself; absent: all. */
  readonly ownChannels?: readonly string[]
  readonly escalation: readonly EscalationStep[]
  readonly duty?: WantedDuty
  readonly sources: Sources
  readonly security: SecurityLimits
  readonly metrics: MetricsSettings
  readonly ports?: PortSettings
  readonly outputs?: OutputsWanted
  readonly settings?: Partial<ServerSettings>
  /** Its top keys. */
  readonly sections: readonly string[]
  /** Parts that only a server's own file says, as that writes them: with names of the environment in them. */
  readonly written: () => Readonly<Record<string, unknown>>
  /** Tables that are read again and again. */
  readonly polled?: readonly TableWanted[]
  /** Files that it was read from beside its own: a change of one is a change of it. */
  readonly tables: readonly string[]
}

export interface LoadDeps extends Pick<BuildDeps, 'environment' | 'probeTypes' | 'channelTypes' | 'parseTarget'> {
  /** Bytes of a table that the configuration names. Absent: tables cannot be read. */
  readonly readFile?: (path: string) => Uint8Array
  /** What is wrong with a template whatever an event is. Absent: the templates of rules are not looked through. */
  readonly templateFault?: TemplateJudge
}

export type Loaded =
  | {
      readonly ok: true
      readonly config: Config
      /** What holds together and is probably not what was meant. */
      readonly warnings: readonly ConfigProblem[]
    }
  | {
      readonly ok: false
      readonly problems: readonly ConfigProblem[]
      /** The one that the file sets, as far as that can be read. */
      readonly language?: Language | undefined
    }

const HEARTBEAT_EVERY_MS = 60_000
/** A table of thousands of rows that is wrong is wrong in every row. */
const PROBLEMS_TOLD = 100

const buildMonitors = (content: FileContent, entries: readonly ExpandedEntry[], build: BuildDeps): WantedMonitor[] => {
  const built = entries.map((at) => ({
    at,
    monitor: buildMonitor(at.entry, content.defaults ?? {}, at.path, { ...build, source: at.source }),
  }))
  const whole = built.flatMap(({ at, monitor }) => (monitor ? [{ ...monitor, at }] : []))
  build.problems.push(...parentProblems(whole))
  return whole.map(({ at: _, ...monitor }) => monitor)
}

const serverOf = ({ server = {} }: FileContent): Config['server'] => ({
  ...(server.host !== undefined && { host: server.host }),
  ...(server.port !== undefined && { port: server.port }),
  ...(server.url !== undefined && { url: server.url }),
  ...(server.language !== undefined && { language: server.language }),
  ...(server.time_zone !== undefined && { timeZone: server.time_zone }),
  ...(server.region !== undefined && { region: server.region }),
  ...(server.trusted_proxies && { trustedProxies: server.trusted_proxies }),
})

const inOrder = (problems: readonly ConfigProblem[]): ConfigProblem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, PROBLEMS_TOLD)

/** Read again where somebody asks: what is kept meanwhile is the text. */
const writtenParts = (text: string, file: string): Readonly<Record<string, unknown>> => {
  const read = readSource(text, file, undefined)
  const value = read.ok ? (read.source.value as Record<string, unknown>) : {}
  return Object.fromEntries(['server', ...FILE_ONLY].flatMap((key) => (key in value ? [[key, value[key]]] : [])))
}

/** The language that a file sets, whatever else is wrong with it. */
const languageIn = (value: unknown): Language | undefined => {
  const { server } = (isObject(value) ? value : {}) as { readonly server?: unknown }
  const language = isObject(server) ? server.language : undefined
  return language === 'en' || language === 'es' ? language : undefined
}

/** Reads configuration text; `file` is its name in messages. Never throws: what is wrong is told with its place. */
export const loadConfigText = (text: string, file: string, deps: LoadDeps): Loaded => {
  const read = readSource(text, file, deps.environment)
  if (!read.ok) return read
  const { source } = read
  const shape = validate(usedSchema(fileSchema, source.value), source.value, [], source)
  const language = languageIn(source.value)
  if (shape.length > 0) return { ok: false, problems: shape, language }
  const content = source.value as FileContent
  const problems = referenceProblems(content, source)
  const build: BuildDeps = { ...deps, source, problems }
  checkZone(content.server?.time_zone, ['server', 'time_zone'], build)
  const timeZone =
    problems.length === 0 && content.server?.time_zone !== undefined ? content.server.time_zone : ownZone()
  const readFile = deps.readFile ?? (() => Buffer.alloc(0))
  const entries = expandMonitors(content, { source, problems, readFile, probeTypes: deps.probeTypes })
  const witnesses = buildWitnesses(content, build)
  problems.push(
    ...duplicates((content.channels ?? []).map(({ name }, index) => ({ name, path: ['channels', index], source }))),
    ...duplicates(
      [...entries, ...witnesses.entries].map(({ entry, path, source: at }) => ({ name: entry.name, path, source: at })),
    ),
  )
  const channels = (content.channels ?? []).map((entry, index) => buildChannel(entry, ['channels', index], build))
  const monitors = buildMonitors(content, [...entries, ...witnesses.entries], build)
  const quiets = { source, problems, timeZone }
  const ports = buildPorts(content.sources?.ports, { source, problems })
  const duty = buildDuty(content, { source, problems, channelTypes: deps.channelTypes })
  const metrics = buildMetrics(content.metrics)
  const own = content.witnesses?.channels ?? content.defaults?.channels
  const config = {
    server: serverOf(content),
    ...(content.heartbeat && {
      heartbeat: {
        url: content.heartbeat.url,
        everyMs: content.heartbeat.every === undefined ? HEARTBEAT_EVERY_MS : parseDuration(content.heartbeat.every)!,
      },
    }),
    ...(content.outputs && {
      outputs: { folder: content.outputs.folder, files: content.outputs.files ?? OUTPUT_FILES },
    }),
    channels: channels as WantedChannel[],
    monitors,
    rules: buildRules(content, { source, problems, templateFault: deps.templateFault }),
    silences: buildSilences(content, quiets),
    maintenance: buildMaintenance(content, quiets),
    sources: buildSources(content, { ...quiets, detectorTypes }),
    security: buildSecurity(content, quiets),
    ...(witnesses.witnesses && { witnesses: witnesses.witnesses }),
    // Who hears of everything else hears of this.
    ...(own && { ownChannels: own }),
    escalation: (content.escalation ?? []).map(({ after, severity = 'LOW', channels: names }) => ({
      afterMs: parseDuration(after)!,
      severity,
      channels: names,
    })),
    ...(duty && { duty }),
    metrics,
    ...(ports && { ports }),
    ...(content.settings && { settings: content.settings as Partial<ServerSettings> }),
    sections: Object.keys(content),
    written: () => writtenParts(text, file),
    ...(content.tables && { polled: buildTables(content, { source, problems }) }),
    tables: [
      ...new Set((content.monitors ?? []).flatMap(({ from }) => (from === undefined ? [] : [from]))),
      ...(metrics.modules === undefined ? [] : [metrics.modules]),
    ],
  }
  if (problems.length > 0) return { ok: false, problems: inOrder(problems), language }
  const { silences, maintenance } = config
  const warnings = warningsOf({
    source,
    monitors,
    witnesses: witnesses.witnesses?.monitors ?? [],
    entries,
    channelsUnsaid: channels.length > 0 && content.defaults?.channels === undefined,
    ruleTypes: config.rules.map(({ type }) => type),
    silences,
    maintenance,
    describe: ({ type, options }) => deps.probeTypes.get(type)?.describe(options as never) ?? type,
  })
  return { ok: true, config, warnings: inOrder(warnings) }
}

/** Reads a configuration file; tables stand beside it. */
export const loadConfig = (path: string, deps: LoadDeps): Loaded => {
  try {
    const folder = dirname(path)
    const readFile = (name: string) => readFileSync(resolve(folder, name))
    // Before all of it is in memory.
    if (statSync(path).size > LARGEST_FILE) return tooLarge(path)
    const loaded = loadConfigText(readFileSync(path, 'utf8'), path, { readFile, ...deps })
    if (!loaded.ok) return loaded
    const { tables, metrics } = loaded.config
    const beside = (name: string) => resolve(folder, name)
    const modules = metrics.modules === undefined ? {} : { modules: beside(metrics.modules) }
    return {
      ...loaded,
      config: { ...loaded.config, tables: tables.map(beside), metrics: { ...metrics, ...modules } },
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const cause =
      code === 'ENOENT'
        ? because('file_not_there')
        : code === 'EISDIR'
          ? because('file_is_folder')
          : because('file_unread', { error: code ?? message })
    return { ok: false, problems: [{ file: path, line: 1, column: 1, ...problemSaid(cause) }] }
  }
}
