import { because, type Cause } from '#core/cause/cause.ts'
import { degreesOf } from '#core/map/place.ts'
import type { MonitorSpec, Threshold } from '#core/monitor/monitor.ts'
import { LONGEST_WINDOW } from '#core/monitor/state.ts'
import type { ProbeType } from '#core/probe.ts'
import type { ValueFault } from '#core/value-fault.ts'
import type { JsonObject } from '#lib/json.ts'
import { durationMs, durationText } from '#lib/time/duration.ts'
import { problemSaid } from '#templates/said.ts'
import { type BuildDeps, unknownType } from './build-deps.ts'
import { degradedOf, qualityProblem } from './degraded.ts'
import type { MonitorEntry, Watching } from './monitor-schema.ts'
import { parentGroups } from './parents.ts'
import { BUILT_IN, type Effective, PRESETS } from './presets.ts'
import type { ConfigSource, Path } from './source.ts'
import { validate } from './validate.ts'

export type WantedMonitor = MonitorSpec & { readonly was?: string }

const thresholdOf = (value: number | string): Threshold => {
  if (typeof value === 'number') return { count: value, of: value }
  const [count, of] = value.split(' of ').map(Number)
  return { count: count!, of: of! }
}

interface Watched {
  readonly type: ProbeType
  readonly options: JsonObject
}

/** Type and options as they are written, from `target` or from `type` and `options`, and where they stand. */
const written = (entry: MonitorEntry, path: Path, deps: BuildDeps): (Watched & { readonly at: Path }) | undefined => {
  const { source, probeTypes, problems, parseTarget } = deps
  const refuse = (...problem: Parameters<ConfigSource['problem']>) => {
    problems.push(source.problem(...problem))
    return undefined
  }
  if (entry.target !== undefined) {
    if (entry.type !== undefined || entry.options !== undefined)
      return refuse(path, because('config_target_and_type'), 'target')
    const at = [...path, 'target']
    const parsed = parseTarget(entry.target)
    if (!parsed.ok)
      return refuse(at, because('in_field', { field: 'target', why: parsed.problem }), undefined, {
        code: 'bad_target',
        facts: {},
      })
    return { type: probeTypes.get(parsed.value.type)!, options: parsed.value.options as JsonObject, at }
  }
  if (entry.type === undefined)
    return refuse(path, because('config_type_missing', { name: entry.name }), undefined, {
      code: 'missing_key',
      facts: { key: 'type' },
    })
  const type = probeTypes.get(entry.type)
  if (!type)
    return refuse([...path, 'type'], unknownType('probe', entry.type, [...probeTypes.keys()]), undefined, {
      code: 'not_known',
      facts: { value: entry.type },
    })
  return { type, options: (entry.options ?? {}) as JsonObject, at: [...path, 'options'] }
}

/** The same, checked by the type. */
const watched = (entry: MonitorEntry, path: Path, deps: BuildDeps): Watched | undefined => {
  const { source, problems } = deps
  const found = written(entry, path, deps)
  if (!found) return undefined
  const { type, options, at } = found
  const wrong = validate(type.options, options, at, source)
  const problem = wrong.length === 0 && type.check?.(options as never)
  const said = problem && problemSaid(problem)
  if (said) wrong.push(source.problem(at, said.message, undefined, said))
  problems.push(...wrong)
  return wrong.length > 0 ? undefined : found
}

const reminderOf = (value: Watching['reminder'], severity: string, named: boolean): number[] => {
  // Nobody is woken again for LOW, unless the monitor itself asks for it.
  if (value === 0 || value === undefined || (severity === 'LOW' && !named)) return []
  return [value]
    .flat()
    .map((one) => durationMs(one as string))
    .filter((wait) => wait > 0)
}

const defined = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>

/** Where it is; a table may leave both empty. */
const placeOf = (
  { lat, lon }: Pick<MonitorEntry, 'lat' | 'lon'>,
  path: Path,
  { source, problems }: Pick<BuildDeps, 'source' | 'problems'>,
): Pick<WantedMonitor, 'lat' | 'lon'> => {
  if ((lat ?? '') === '' && (lon ?? '') === '') return {}
  const degrees = { lat: degreesOf(lat ?? '', 90), lon: degreesOf(lon ?? '', 180) }
  for (const [key, written, like] of [
    ['lat', lat, '-31.42'],
    ['lon', lon, '-64.18'],
  ] as const) {
    if (degrees[key] !== undefined) continue
    const what =
      written === undefined || written === ''
        ? because('config_degrees_missing', { field: key, example: like })
        : because('config_degrees_unknown', { field: key, text: written, example: like })
    problems.push(source.problem([...path, key], what))
  }
  return degrees.lat === undefined || degrees.lon === undefined ? {} : { lat: degrees.lat, lon: degrees.lon }
}

/** A monitor of the file; undefined when something is wrong with it, which is then among the problems. */
export const buildMonitor = (
  entry: MonitorEntry,
  defaults: Watching,
  path: Path,
  deps: BuildDeps,
): WantedMonitor | undefined => {
  const { source, problems } = deps
  const found = watched(entry, path, deps)
  // Options that are wrong keep nobody from hearing what else is.
  const type = found?.type ?? deps.probeTypes.get(entry.type ?? '')
  if (!type) return undefined
  const own: Watching = { ...(entry.preset && PRESETS[entry.preset]), ...defined(entry) }
  const inherited: Watching = { ...(defaults.preset && PRESETS[defaults.preset]), ...defined(defaults) }
  const set: Effective & Watching = { ...BUILT_IN, ...inherited, ...own }
  const saysRecoveryOnly = (level: Watching) =>
    level.recovery_interval !== undefined && level.retry_interval === undefined
  const retry =
    saysRecoveryOnly(own) || (saysRecoveryOnly(inherited) && own.retry_interval === undefined)
      ? set.recovery_interval
      : set.retry_interval
  const intervalMs = durationMs(set.interval)
  const roundMs = (found && type.roundMs?.(found.options as never)) ?? 0
  // A time-out that nobody set gives way to a short interval; one that was set is a contradiction to be told.
  const timeoutMs =
    set.timeout === undefined
      ? Math.max(50, Math.min(type.defaultTimeoutMs, intervalMs - roundMs))
      : durationMs(set.timeout)
  const lasts = timeoutMs + roundMs
  const place = (field: string): Path =>
    (entry as Record<string, unknown>)[field] === undefined ? path : [...path, field]
  const say = (field: string, message: string | Cause, fault?: ValueFault) =>
    problems.push(source.problem(place(field), message, undefined, fault))

  if (intervalMs < 100 && !type.judge)
    say('interval', `interval: ${durationText(intervalMs)} is shorter than 100ms, the shortest there is`, {
      code: 'interval_too_short',
      facts: { least: '100ms' },
    })
  else if (!type.judge && intervalMs < lasts)
    say(
      'interval',
      because('config_interval_below_probe', {
        interval: durationText(intervalMs),
        lasts: durationText(lasts),
        least: durationText(lasts),
      }),
      { code: 'interval_too_short', facts: { least: durationText(lasts) } },
    )
  if (timeoutMs <= 0)
    say('timeout', 'timeout: 0 leaves no time to answer, write for example 1s', { code: 'no_timeout', facts: {} })
  const failures = thresholdOf(set.failures)
  const successes = thresholdOf(set.successes)
  for (const [field, { count, of }] of [
    ['failures', failures],
    ['successes', successes],
  ] as const)
    if (count > of || of > LONGEST_WINDOW)
      say(field, `${field}: write a number up to ${LONGEST_WINDOW}, or "3 of 5" with the smaller number first`, {
        code: 'bad_threshold',
        facts: { most: LONGEST_WINDOW },
      })

  const degraded = degradedOf(entry.degraded)
  const quality = qualityProblem(degraded)
  if (quality) say('degraded', quality)
  if (!found) return undefined
  const labels = Object.fromEntries(Object.entries(entry.labels ?? {}).map(([key, value]) => [key, String(value)]))
  const parents = parentGroups(entry.parents, labels)
  return {
    name: entry.name,
    type: type.name,
    options: found.options,
    intervalMs,
    timeoutMs,
    failures,
    successes,
    retryIntervalMs: Math.max(100, durationMs(retry)),
    recoveryIntervalMs: Math.max(100, durationMs(set.recovery_interval)),
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
    ...placeOf(entry, path, deps),
    ...(entry.runbook && { runbook: entry.runbook }),
    ...(entry.was && { was: entry.was }),
  }
}
