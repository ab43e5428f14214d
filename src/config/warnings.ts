import { because } from '#core/cause/cause.ts'
import { neverEnds } from '#core/maintenance/recurrence.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { type Matcher, matches, monitorFacts } from '#core/rule/matcher.ts'
import { looksAt } from '#core/rule/rule-spec.ts'
import { cronProblem } from '#lib/time/cron.ts'
import type { ExpandedEntry } from './expand.ts'
import type { WantedMaintenance, WantedSilence } from './quiets.ts'
import { type ConfigProblem, type ConfigSource, fieldOf, type Path } from './source.ts'

type Watched = Pick<Monitor, 'name' | 'type' | 'options' | 'severity' | 'labels' | 'channels'>

export interface WarnInput {
  readonly source: ConfigSource
  readonly monitors: readonly Watched[]
  readonly witnesses: readonly string[]
  /** Every monitor as it is written, with its place. */
  readonly entries: readonly ExpandedEntry[]
  /** What a monitor watches, in words. */
  readonly describe: (monitor: Watched) => string
  /** It makes channels, and its defaults do not say who is told by them. */
  readonly channelsUnsaid: boolean
  /** Event types that its rules look at. */
  readonly ruleTypes: readonly string[]
  readonly silences: readonly WantedSilence[]
  readonly maintenance: readonly WantedMaintenance[]
}

const matchesNone = (matchers: readonly Matcher[], monitors: readonly Watched[]): boolean =>
  matchers.length > 0 && !monitors.some((monitor) => matches(matchers, monitorFacts(monitor)))

/** Facts that other things than monitors have as well: a silence by them may be meant for events. */
const OF_EVENTS = new Set(['subject', 'address', 'type', 'rule', 'severity'])

const unmatched = ({ source, monitors, silences, maintenance }: WarnInput): ConfigProblem[] => [
  ...maintenance.flatMap(({ name, matchers }, index) =>
    matchesNone(matchers, monitors)
      ? [source.problem(['maintenance', index, 'match'], because('doubt_window_of_none', { name }))]
      : [],
  ),
  ...silences.flatMap(({ matchers }, index) =>
    !matchers.some(({ name }) => OF_EVENTS.has(name)) && matchesNone(matchers, monitors)
      ? [source.problem(['silences', index, 'match'], because('doubt_silence_of_none'))]
      : [],
  ),
]

/** Windows that come once, for the same monitors, and share a time: they count as one, until the later end. */
const overlapping = ({ source, maintenance }: WarnInput): ConfigProblem[] =>
  maintenance.flatMap(({ matchers, when }, index) => {
    if (!('startsAt' in when)) return []
    const other = maintenance
      .slice(0, index)
      .find(
        (one) =>
          'startsAt' in one.when &&
          one.when.startsAt < when.endsAt &&
          when.startsAt < one.when.endsAt &&
          JSON.stringify(one.matchers) === JSON.stringify(matchers),
      )
    return other
      ? [source.problem(['maintenance', index, 'from'], because('doubt_windows_overlap', { name: other.name }))]
      : []
  })

/** A witness that is watched as well is no mistake, but nothing is told of it while we are blind. */
const watchedWitnesses = ({ source, monitors, witnesses, describe }: WarnInput): ConfigProblem[] => {
  if (witnesses.length === 0) return []
  const keyOf = (one: Watched) => `${one.type} ${describe(one)}`
  const places = new Map(
    monitors.filter(({ name }) => witnesses.includes(name)).map((one) => [keyOf(one), witnesses.indexOf(one.name)]),
  )
  return monitors.flatMap((one) => {
    const place = witnesses.includes(one.name) ? undefined : places.get(keyOf(one))
    if (place === undefined) return []
    const what = because('doubt_witness_watched', { target: describe(one), name: one.name })
    return [source.problem(['witnesses', 'targets', place], what)]
  })
}

const LABEL = /\{([^{}]+)\}/g

/** A monitor without the label by which its parents are named has no such parent. */
const namelessParents = ({ entries }: WarnInput): ConfigProblem[] =>
  entries.flatMap(({ entry, path, source }) =>
    (entry.parents ?? [])
      .flat()
      .flatMap((parent) => [...parent.matchAll(LABEL)].map(([, label]) => label!))
      .filter((label) => !Object.hasOwn(entry.labels ?? {}, label))
      .map((label) =>
        source.problem([...path, 'parents'], because('doubt_parent_without_label', { name: entry.name, label })),
      ),
  )

const NAMES_TOLD = 3

/** Who makes channels wants to be told; a monitor that is not told of on purpose says `channels: []`. */
const untold = ({ monitors, entries, channelsUnsaid, ruleTypes }: WarnInput): ConfigProblem[] => {
  if (!channelsUnsaid || ruleTypes.some((type) => looksAt(type, 'monitor_state'))) return []
  const onPurpose = new Set(entries.flatMap(({ entry }) => (entry.channels ? [entry.name] : [])))
  const names = monitors.flatMap(({ name, channels }) => (channels.length > 0 || onPurpose.has(name) ? [] : [name]))
  const [first] = names
  const at = entries.find(({ entry }) => entry.name === first)
  if (!at) return []
  const more = names.length > NAMES_TOLD ? ` … +${names.length - NAMES_TOLD}` : ''
  const shown = `${names.slice(0, NAMES_TOLD).join(', ')}${more}`
  return [at.source.problem(at.path, because('doubt_nobody_told', { names: shown }))]
}

/** What is sent as it stands to what is looked at: two braces may well be meant there. */
const VERBATIM: ReadonlySet<unknown> = new Set(['body', 'headers', 'contains', 'not_contains', 'json', 'conditions'])

/** Fields in braces, where nothing fills them: whoever reads it reads the braces. */
const unfilled = ({ source }: WarnInput): ConfigProblem[] => {
  const content = source.value as { readonly channels?: readonly { readonly type?: string }[] }
  const isFilled = ([section, index, key]: Path) =>
    (section === 'rules' && key === 'templates') ||
    (section === 'channels' && key === 'options' && content.channels?.[Number(index)]?.type === 'webhook')
  const look = (value: unknown, path: Path): ConfigProblem[] => {
    if (isFilled(path) || VERBATIM.has(path.at(-1))) return []
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([key, one]) =>
        look(one, [...path, Array.isArray(value) ? Number(key) : key]),
      )
    const field = typeof value === 'string' ? /\{\{.{0,60}?\}\}|\{%.{0,60}?%\}/s.exec(value)?.[0] : undefined
    if (field === undefined) return []
    return [source.problem(path, because('doubt_field_unfilled', { field: fieldOf(path), text: field }))]
  }
  return look(source.value, [])
}

const DAY_FIELDS = /^\S+\s+\S+\s+([^\s*?]\S*)\s+\S+\s+([^\s*?+]\S*)$/

/** Days of the month and of the week beside one another: people mean both, and get each. */
const eitherDay = ({ source, maintenance }: WarnInput): ConfigProblem[] =>
  maintenance.flatMap(({ name, when }, index) => {
    const [, month, week] = ('cron' in when && DAY_FIELDS.exec(when.cron)) || []
    if (week === undefined) return []
    const what = because('doubt_either_day', { name, month: month!, week, both: `+${week}` })
    return [source.problem(['maintenance', index, 'cron'], what)]
  })

/** Every so many days beside weekdays: people mean each, and get only the days that are both. */
const SOME_DAYS = /^\S+\s+\S+\s+(\S+)\s+\S+\s+([^\s+]\S*)$/

const bothDays = ({ source, maintenance }: WarnInput): ConfigProblem[] =>
  maintenance.flatMap(({ name, when }, index) => {
    const [, month, week] = ('cron' in when && SOME_DAYS.exec(when.cron)) || []
    if (month === undefined || week === undefined || !isStep(month, week)) return []
    return [source.problem(['maintenance', index, 'cron'], because('doubt_both_days', { name, month, week }))]
  })

const isStep = (...days: readonly string[]): boolean =>
  days.some((day) => day.startsWith('*/')) && days.every((day) => day !== '*' && day !== '?' && day !== '*/1')

/** How often windows come is read from one year, whichever it is now. */
const AN_ORDINARY_YEAR = Date.UTC(2026, 0, 1)

/** Windows that begin again before they have ended. */
const endless = ({ source, maintenance }: WarnInput): ConfigProblem[] =>
  maintenance.flatMap(({ name, when }, index) =>
    'cron' in when &&
    when.durationMs > 0 &&
    cronProblem(when.cron, when.timeZone) === undefined &&
    neverEnds(when, AN_ORDINARY_YEAR)
      ? [source.problem(['maintenance', index, 'duration'], because('doubt_never_ends', { name }))]
      : [],
  )

/** What holds together and is probably not what was meant. */
export const warningsOf = (input: WarnInput): ConfigProblem[] => [
  ...unmatched(input),
  ...overlapping(input),
  ...watchedWitnesses(input),
  ...namelessParents(input),
  ...untold(input),
  ...unfilled(input),
  ...eitherDay(input),
  ...bothDays(input),
  ...endless(input),
]
