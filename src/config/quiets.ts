import { because } from '#core/cause/cause.ts'
import type { MaintenanceTelling } from '#core/maintenance/telling.ts'
import { type Matcher, matchersProblem } from '#core/rule/matcher.ts'
import { cronFault } from '#lib/time/cron.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { zonedTime } from '#lib/time/zoned-time.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import type { MatchEntry, TellEntry } from './quiets-schema.ts'
import type { FileContent } from './schema.ts'
import type { ConfigProblem, ConfigSource, Path } from './source.ts'
import { matchersOf } from './words/match-words.ts'
import { zoneProblem } from './zone.ts'

/** A silence that a file names. Times in ms; absent begin: since it is there. */
export interface WantedSilence {
  readonly matchers: readonly Matcher[]
  readonly startsAt: number | null
  readonly endsAt: number
  readonly comment: string
  readonly origin: string
}

/** A maintenance window that a file names: once, or again and again. */
export interface WantedMaintenance {
  readonly name: string
  readonly matchers: readonly Matcher[]
  readonly when: MaintenancePlan['when']
  readonly behind?: boolean
  readonly note?: string
  /** By names of channels. */
  readonly tell?: Omit<MaintenanceTelling, 'channelIds'> & { readonly channels: readonly string[] }
  readonly origin: string
}

interface Deps {
  readonly source: ConfigSource
  readonly problems: ConfigProblem[]
  readonly timeZone: string
}

const LONGEST_WINDOW_MS = 31 * 86_400_000

const checkedMatchers = (
  match: MatchEntry,
  path: Path,
  { source, problems }: Pick<Deps, 'source' | 'problems'>,
): Matcher[] => {
  const matchers = matchersOf(match)
  if (matchers.length === 0) problems.push(source.problem(path, because('config_match_empty')))
  const wrong = matchersProblem(matchers)
  const name = wrong && matchers[wrong.index]!.name
  if (name !== undefined)
    problems.push(source.problem([...path, name], because('config_matcher', { name, why: wrong!.cause })))
  return matchers
}

const NO_TIME = {
  not_a_time: 'config_not_a_time',
  skipped: 'config_time_skipped',
  twice: 'config_time_twice',
} as const

const timeOf = (text: string, path: Path, zone: string, { source, problems }: Deps): number => {
  const at = zonedTime(text, zone)
  if (typeof at === 'number') return at
  problems.push(source.problem(path, because(NO_TIME[at], { field: String(path.at(-1)), text })))
  return Number.NaN
}

const ordered = (from: number, until: number, path: Path, { source, problems }: Deps) => {
  if (until <= from) problems.push(source.problem([...path, 'until'], because('config_ends_before_begin')))
}

export const buildSilences = (content: FileContent, deps: Deps): WantedSilence[] =>
  (content.silences ?? []).map(({ match, from, until, reason }, index) => {
    const path = ['silences', index]
    const startsAt = from === undefined ? null : timeOf(from, [...path, 'from'], deps.timeZone, deps)
    const endsAt = timeOf(until, [...path, 'until'], deps.timeZone, deps)
    if (startsAt !== null) ordered(startsAt, endsAt, path, deps)
    return {
      matchers: checkedMatchers(match, [...path, 'match'], deps),
      startsAt,
      endsAt,
      comment: reason ?? '',
      origin: deps.source.origin(path),
    }
  })

const recurring = (
  { cron, duration }: { cron: string; duration: string | undefined },
  zone: string,
  path: Path,
  { source, problems }: Deps,
): WantedMaintenance['when'] => {
  const wrong = cronFault(cron, zone)
  if (wrong)
    problems.push(source.problem([...path, 'cron'], because('config_cron', { cron, why: because(`cron_${wrong}`) })))
  const durationMs = duration === undefined ? 0 : parseDuration(duration)!
  if (durationMs <= 0 || durationMs > LONGEST_WINDOW_MS)
    problems.push(source.problem([...path, 'duration'], because('config_window_length')))
  return { cron, durationMs, timeZone: zone }
}

/** Whom a window is told to; only channels of the same file can be meant. */
const tellOf = (
  { channels, begin = true, end = true, ahead }: TellEntry,
  content: FileContent,
  path: Path,
  { source, problems }: Deps,
): WantedMaintenance['tell'] => {
  const known = new Set((content.channels ?? []).map(({ name }) => name))
  for (const [index, name] of channels.entries())
    if (!known.has(name))
      problems.push(source.problem([...path, 'channels', index], because('config_no_channel_told', { name })))
  const leadMs = ahead === undefined ? 0 : parseDuration(ahead)!
  return { channels, begin, end, ...(leadMs > 0 && { leadMs }) }
}

export const buildMaintenance = (content: FileContent, deps: Deps): WantedMaintenance[] => {
  const { source, problems } = deps
  const names = new Set<string>()
  return (content.maintenance ?? []).map((entry, index) => {
    const { name, match, from, until, cron, duration, time_zone: own, behind = false, note = '', tell } = entry
    const path = ['maintenance', index]
    if (names.has(name)) problems.push(source.problem([...path, 'name'], because('config_name_taken', { name })))
    names.add(name)
    const wrongZone = own === undefined ? undefined : zoneProblem(own)
    if (wrongZone)
      problems.push(source.problem([...path, 'time_zone'], because('in_field', { field: 'time_zone', why: wrongZone })))
    const zone = wrongZone === undefined && own !== undefined ? own : deps.timeZone
    const once = from !== undefined && until !== undefined && cron === undefined && duration === undefined
    const again = cron !== undefined && from === undefined && until === undefined
    if (!once && !again) problems.push(source.problem(path, because('config_window_when', { name })))
    const matchers = checkedMatchers(match, [...path, 'match'], deps)
    const told = tell && tellOf(tell, content, [...path, 'tell'], deps)
    const what = { name, matchers, behind, note, ...(told && { tell: told }), origin: source.origin(path) }
    if (!once) return { ...what, when: recurring({ cron: cron ?? '0 0 1 1 *', duration }, zone, path, deps) }
    const startsAt = timeOf(from, [...path, 'from'], zone, deps)
    const endsAt = timeOf(until, [...path, 'until'], zone, deps)
    ordered(startsAt, endsAt, path, deps)
    return { ...what, when: { startsAt, endsAt } }
  })
}
