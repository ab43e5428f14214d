import type { ChannelType } from '#core/channel.ts'
import type { ChannelSpec } from '#core/channel-spec.ts'
import type { DegradedThresholds, MonitorSpec, QualityBounds, Threshold } from '#core/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import { LONGEST_WINDOW } from '#core/state.ts'
import { durationText, parseDuration } from '#lib/duration.ts'
import type { JsonObject } from '#lib/json.ts'
import { nearest } from './nearest.ts'
import { parentGroups } from './parents.ts'
import { BUILT_IN, type Effective, PRESETS } from './presets.ts'
import type { ChannelEntry, MonitorEntry, Watching } from './schema.ts'
import type { ConfigProblem, ConfigSource, Path } from './source.ts'
import { validate } from './validate.ts'
import { zoneProblem } from './zone.ts'

export type ParseTarget = (
  text: string,
) => { readonly type: string; readonly options: Record<string, unknown> } | { readonly error: string }

export interface BuildDeps {
  readonly source: ConfigSource
  readonly environment: NodeJS.ProcessEnv
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  readonly parseTarget: ParseTarget
  readonly problems: ConfigProblem[]
}

export type WantedMonitor = MonitorSpec & { readonly was?: string }

const ms = (text: string): number => parseDuration(text) ?? 0

const thresholdOf = (value: number | string): Threshold => {
  if (typeof value === 'number') return { count: value, of: value }
  const [count, of] = value.split(' of ').map(Number)
  return { count: count!, of: of! }
}

const unknownType = (what: string, type: string, known: readonly string[]): string => {
  const meant = nearest(type, known)
  return `type: ${what} type ${type} is not known, ${meant ? `did you mean ${meant}?` : `known are: ${known.join(', ')}`}`
}

/** A channel of the file; undefined when something is wrong with it, which is then among the problems. */
export const buildChannel = (entry: ChannelEntry, path: Path, deps: BuildDeps): ChannelSpec | undefined => {
  const { source, channelTypes, problems, environment } = deps
  const type = channelTypes.get(entry.type)
  if (!type) {
    problems.push(source.problem([...path, 'type'], unknownType('channel', entry.type, [...channelTypes.keys()])))
    return undefined
  }
  const options = (entry.options ?? {}) as JsonObject
  const wrong = validate(type.options, options, [...path, 'options'], source)
  problems.push(...wrong)
  if (wrong.length > 0) return undefined
  const problem = type.check?.(options as never, environment)
  if (problem) problems.push(source.problem([...path, 'options'], problem))
  checkZone(entry.time_zone, [...path, 'time_zone'], deps)
  const limit = entry.rate_limit?.split(' per ')
  return {
    name: entry.name,
    type: entry.type,
    options,
    enabled: entry.enabled ?? true,
    origin: source.origin(path),
    ...(entry.language && { language: entry.language }),
    ...(entry.time_zone && { timeZone: entry.time_zone }),
    ...(limit && { rateLimit: { count: Number(limit[0]), perMs: ms(limit[1]!) } }),
    ...(entry.urgent && { urgent: entry.urgent }),
    ...(entry.group && {
      group: {
        by: entry.group.by ?? [],
        waitMs: ms(entry.group.wait ?? '20s'),
        intervalMs: ms(entry.group.interval ?? '5m'),
      },
    }),
    ...(entry.quiet && { quiet: entry.quiet }),
    ...(entry.fallback && { fallback: { to: entry.fallback.to, afterMs: ms(entry.fallback.after ?? '3m') } }),
  }
}

export const checkZone = (zone: string | undefined, path: Path, { source, problems }: BuildDeps): void => {
  const problem = zone === undefined ? undefined : zoneProblem(zone)
  if (problem) problems.push(source.problem(path, `time_zone: ${problem}`))
}

/** Type and options of an entry, from `target` or from `type` and `options`. */
const watched = (
  entry: MonitorEntry,
  path: Path,
  deps: BuildDeps,
): { type: ProbeType; options: JsonObject } | undefined => {
  const { source, probeTypes, problems, parseTarget } = deps
  if (entry.target !== undefined && (entry.type !== undefined || entry.options !== undefined)) {
    problems.push(source.problem(path, 'target is a short form of type and options: write one or the other', 'target'))
    return undefined
  }
  if (entry.target !== undefined) {
    const parsed = parseTarget(entry.target)
    if ('error' in parsed) {
      problems.push(source.problem([...path, 'target'], `target: ${parsed.error}`))
      return undefined
    }
    const type = probeTypes.get(parsed.type)!
    const wrong = validate(type.options, parsed.options, [...path, 'target'], source)
    problems.push(...wrong)
    return wrong.length > 0 ? undefined : checked(type, parsed.options as JsonObject, [...path, 'target'], deps)
  }
  if (entry.type === undefined) {
    problems.push(
      source.problem(
        path,
        `monitor ${entry.name}: type is missing, write type and options, or target: "https://example.com"`,
      ),
    )
    return undefined
  }
  const type = probeTypes.get(entry.type)
  if (!type) {
    problems.push(source.problem([...path, 'type'], unknownType('probe', entry.type, [...probeTypes.keys()])))
    return undefined
  }
  const options = (entry.options ?? {}) as JsonObject
  const wrong = validate(type.options, options, [...path, 'options'], source)
  problems.push(...wrong)
  return wrong.length > 0 ? undefined : checked(type, options, [...path, 'options'], deps)
}

const checked = (type: ProbeType, options: JsonObject, path: Path, { source, problems }: BuildDeps) => {
  const problem = type.check?.(options as never)
  if (problem) problems.push(source.problem(path, problem))
  return problem ? undefined : { type, options }
}

const reminderOf = (value: Watching['reminder'], severity: string, named: boolean): number[] => {
  // Nobody is woken again for LOW, unless the monitor itself asks for it.
  if (value === 0 || value === undefined || (severity === 'LOW' && !named)) return []
  return [value]
    .flat()
    .map((one) => ms(one as string))
    .filter((wait) => wait > 0)
}

const bare = (text: string) => text.replace(/^(>=|<) ?/, '')
const boundMs = (text: string) => ms(bare(text))
const boundShare = (text: string) => Number.parseFloat(bare(text)) / 100

const QUALITY_WINDOW_MS = 300_000
/** Where nothing is said, it ends below this part of where it begins. */
const CLEAR_SHARE = 0.8

const boundsOf = (entry: { loss?: string; rtt_p95?: string; jitter?: string }): QualityBounds => ({
  ...(entry.loss && { loss: boundShare(entry.loss) }),
  ...(entry.rtt_p95 && { rttP95Ms: boundMs(entry.rtt_p95) }),
  ...(entry.jitter && { jitterMs: boundMs(entry.jitter) }),
})

const degradedOf = (entry: MonitorEntry['degraded']): DegradedThresholds | undefined => {
  if (!entry) return undefined
  const begin = boundsOf(entry)
  const defaults = Object.entries(begin).map(([name, bound]) => [name, bound * CLEAR_SHARE])
  const clear: QualityBounds = { ...Object.fromEntries(defaults), ...boundsOf(entry.clear ?? {}) }
  const overMs = entry.over ? ms(entry.over) : QUALITY_WINDOW_MS
  return {
    ...(entry.latency && { latencyMs: boundMs(entry.latency) }),
    ...(defaults.length > 0 && { window: { overMs, begin, clear } }),
  }
}

/** An end above the beginning would begin and end at once. */
const qualityProblem = (degraded: DegradedThresholds | undefined): string | undefined => {
  const { begin, clear } = degraded?.window ?? { begin: {}, clear: {} }
  const name = (Object.keys(clear) as (keyof QualityBounds)[]).find((one) => clear[one]! > (begin[one] ?? 0))
  if (name === undefined) return undefined
  const key = { loss: 'loss', rttP95Ms: 'rtt_p95', jitterMs: 'jitter' }[name]
  return begin[name] === undefined
    ? `degraded: clear names ${key}, which has no bound of its own`
    : `degraded: clear ends ${key} above where it begins, write a smaller bound`
}

const defined = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>

/** A monitor of the file; undefined when something is wrong with it, which is then among the problems. */
export const buildMonitor = (
  entry: MonitorEntry,
  defaults: Watching,
  path: Path,
  deps: BuildDeps,
): WantedMonitor | undefined => {
  const { source, problems } = deps
  const found = watched(entry, path, deps)
  if (!found) return undefined
  const { type, options } = found
  const own: Watching = { ...(entry.preset && PRESETS[entry.preset]), ...defined(entry) }
  const inherited: Watching = { ...(defaults.preset && PRESETS[defaults.preset]), ...defined(defaults) }
  const set: Effective & Watching = { ...BUILT_IN, ...inherited, ...own }
  const saysRecoveryOnly = (level: Watching) =>
    level.recovery_interval !== undefined && level.retry_interval === undefined
  const retry =
    saysRecoveryOnly(own) || (saysRecoveryOnly(inherited) && own.retry_interval === undefined)
      ? set.recovery_interval
      : set.retry_interval
  const intervalMs = ms(set.interval)
  const roundMs = type.roundMs?.(options as never) ?? 0
  // A time-out that nobody set gives way to a short interval; one that was set is a contradiction to be told.
  const timeoutMs =
    set.timeout === undefined ? Math.max(50, Math.min(type.defaultTimeoutMs, intervalMs - roundMs)) : ms(set.timeout)
  const lasts = timeoutMs + roundMs
  const place = (field: string): Path =>
    (entry as Record<string, unknown>)[field] === undefined ? path : [...path, field]
  const say = (field: string, message: string) => problems.push(source.problem(place(field), message))

  if (intervalMs < 100 && !type.judge)
    say('interval', `interval: ${durationText(intervalMs)} is shorter than 100ms, the shortest there is`)
  else if (!type.judge && intervalMs < lasts)
    say(
      'interval',
      `interval: ${durationText(intervalMs)} is shorter than a probe may last (${durationText(lasts)}); write interval: ${durationText(lasts)} or more, or a shorter timeout`,
    )
  if (timeoutMs <= 0) say('timeout', 'timeout: 0 leaves no time to answer, write for example 1s')
  const failures = thresholdOf(set.failures)
  const successes = thresholdOf(set.successes)
  for (const [field, { count, of }] of [
    ['failures', failures],
    ['successes', successes],
  ] as const)
    if (count > of || of > LONGEST_WINDOW)
      say(field, `${field}: write a number up to ${LONGEST_WINDOW}, or "3 of 5" with the smaller number first`)

  const degraded = degradedOf(entry.degraded)
  const quality = qualityProblem(degraded)
  if (quality) say('degraded', quality)
  const labels = Object.fromEntries(Object.entries(entry.labels ?? {}).map(([key, value]) => [key, String(value)]))
  const parents = parentGroups(entry.parents, labels)
  return {
    name: entry.name,
    type: type.name,
    options,
    intervalMs,
    timeoutMs,
    failures,
    successes,
    retryIntervalMs: Math.max(100, ms(retry)),
    recoveryIntervalMs: Math.max(100, ms(set.recovery_interval)),
    resetFailures: set.reset_failures,
    severity: set.severity,
    degradedSeverity: set.degraded_severity,
    labels,
    channels: set.channels ?? [],
    reminderMs: reminderOf(set.reminder, set.severity, own.reminder !== undefined),
    notifyRecovery: set.notify_recovery,
    paused: entry.paused ?? false,
    origin: source.origin(path),
    ...(degraded && { degraded }),
    ...(parents.length > 0 && { parents }),
    ...(set.flapping === false && { flapping: false }),
    ...(entry.description && { description: entry.description }),
    ...(entry.location && { location: entry.location }),
    ...(entry.runbook && { runbook: entry.runbook }),
    ...(entry.was && { was: entry.was }),
  }
}
