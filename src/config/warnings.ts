import { neverEnds } from '#core/maintenance/recurrence.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { type Matcher, matches, monitorFacts } from '#core/rule/matcher.ts'
import { looksAt } from '#core/rule/rule-spec.ts'
import { cronProblem } from '#lib/time/cron.ts'
import type { ExpandedEntry } from './expand.ts'
import type { WantedMaintenance, WantedSilence } from './quiets.ts'
import type { ConfigProblem, ConfigSource, Path } from './source.ts'

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
      ? [
          source.problem(
            ['maintenance', index, 'match'],
            `match: no monitor of this file fits, so ${name} leaves nothing out`,
          ),
        ]
      : [],
  ),
  ...silences.flatMap(({ matchers }, index) =>
    !matchers.some(({ name }) => OF_EVENTS.has(name)) && matchesNone(matchers, monitors)
      ? [
          source.problem(
            ['silences', index, 'match'],
            'match: no monitor of this file fits, so it silences only events that bring such labels',
          ),
        ]
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
    const words = `it overlaps ${other?.name}: what is still down is told at the later end`
    return other ? [source.problem(['maintenance', index, 'from'], `from: ${words}`)] : []
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
    const words = `${describe(one)} is also watched by ${one.name}: when it fails together with the others, that is our blindness, not told as its own`
    return place === undefined ? [] : [source.problem(['witnesses', 'targets', place], `witnesses: ${words}`)]
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
        source.problem(
          [...path, 'parents'],
          `parents: ${entry.name} has no label ${label}, so it has no parent by that name`,
        ),
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
  const words = `nobody is told of ${names.slice(0, NAMES_TOLD).join(', ')}${more}: no channel is named for them and no rule of this file looks at monitor_state; name some in defaults, or [] where that is meant`
  return [at.source.problem(at.path, `channels: ${words}`)]
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
    const name = path.findLast((part) => typeof part === 'string')
    const where = 'templates of a rule, and URL, headers and body of a webhook'
    return [source.problem(path, `${name}: ${field} stays as it is here; fields are filled in in ${where}`)]
  }
  return look(source.value, [])
}

const DAY_FIELDS = /^\S+\s+\S+\s+([^\s*?]\S*)\s+\S+\s+([^\s*?+]\S*)$/

/** Days of the month and of the week beside one another: people mean both, and get each. */
const eitherDay = ({ source, maintenance }: WarnInput): ConfigProblem[] =>
  maintenance.flatMap(({ name, when }, index) => {
    const [, month, week] = ('cron' in when && DAY_FIELDS.exec(when.cron)) || []
    if (week === undefined) return []
    const words = `${name} comes on the days ${month} of a month and on the weekdays ${week} as well, as in cron; write +${week} for the days that are both`
    return [source.problem(['maintenance', index, 'cron'], `cron: ${words}`)]
  })

/** Every so many days beside weekdays: people mean each, and get only the days that are both. */
const SOME_DAYS = /^\S+\s+\S+\s+(\S+)\s+\S+\s+([^\s+]\S*)$/

const bothDays = ({ source, maintenance }: WarnInput): ConfigProblem[] =>
  maintenance.flatMap(({ name, when }, index) => {
    const [, month, week] = ('cron' in when && SOME_DAYS.exec(when.cron)) || []
    if (month === undefined || week === undefined || !isStep(month, week)) return []
    const words = `${name} comes only on days that are both ${month} of a month and ${week} of a week, as in cron where one of them begins with a star; write two windows for the one and the other`
    return [source.problem(['maintenance', index, 'cron'], `cron: ${words}`)]
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
      ? [
          source.problem(
            ['maintenance', index, 'duration'],
            `duration: ${name} lasts longer than the time until it comes again, so it never ends`,
          ),
        ]
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
