import { wallClock } from '#lib/time/zoned-time.ts'
import type { Matcher } from '../rule/matcher.ts'
import { ruleOfCron } from './cron-rule.ts'
import { icalStream, icalText } from './ical-lines.ts'
import { clockChanges, localStamp, utcStamp, zoneLines } from './ical-zone.ts'
import { occurrences, type Recurrence } from './recurrence.ts'

interface Said {
  readonly id: number
  readonly name: string
  readonly note: string
  readonly matchers: readonly Matcher[]
  readonly createdAt: number
}

/** A window that is written down; times in ms. */
interface Window extends Said {
  readonly startsAt: number
  readonly endsAt: number
  /** The recurring window that made it. */
  readonly planId?: number
}

interface Plan extends Said {
  readonly when: Recurrence | { readonly startsAt: number; readonly endsAt: number }
}

export interface IcalInput {
  /** What it is called. */
  readonly title: string
  /** Of this installation: with it an event keeps its UID for ever. */
  readonly installation: string
  /** Where the page shows it; absent: nowhere. */
  readonly url?: string | undefined
  readonly windows: readonly Window[]
  readonly plans: readonly Plan[]
  /** Ms. */
  readonly now: number
}

const DAY_MS = 86_400_000
/** What a rule cannot say is told one by one, so far ahead, and so many of one at most. */
const AHEAD_MS = 180 * DAY_MS
const BEHIND_MS = 30 * DAY_MS
const MOST_OF_ONE = 500
/** Changes of clocks are told so far ahead. */
const ZONE_AHEAD_MS = 5 * 366 * DAY_MS

/** A length of time that no change of clocks alters. */
const lengthText = (ms: number): string => {
  const seconds = Math.max(1, Math.round(ms / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return `PT${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds % 60 > 0 ? `${seconds % 60}S` : ''}`
}

const matcherText = ({ name, operator, value }: Matcher): string =>
  `${name} ${operator} ${Array.isArray(value) ? value.join(', ') : value}`

const eventOf = (uid: string, said: Said, times: readonly string[], { url }: IcalInput): string[] => [
  'BEGIN:VEVENT',
  `UID:${uid}`,
  `DTSTAMP:${utcStamp(said.createdAt)}`,
  ...times,
  `SUMMARY:${icalText(said.name)}`,
  `DESCRIPTION:${icalText([said.note, said.matchers.map(matcherText).join('\n')].filter(Boolean).join('\n\n'))}`,
  ...(url === undefined ? [] : [`URL:${url}`]),
  'CATEGORIES:MAINTENANCE',
  'STATUS:CONFIRMED',
  // Nobody is busy because of it.
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
]

const single = (uid: string, said: Said, startsAt: number, endsAt: number, input: IcalInput): string[] =>
  eventOf(uid, said, [`DTSTART:${utcStamp(startsAt)}`, `DTEND:${utcStamp(endsAt)}`], input)

/** Begins of one day at most that are compared: a table with more of them is none that a rule can say. */
const MOST_OF_A_DAY = 30

/** True where a table means the same by the clock of its zone as by one that never changes: no change moves or skips a begin. */
const keepsItsTimes = ({ cron, timeZone }: Recurrence, from: number, to: number): boolean =>
  clockChanges(timeZone, from, to).every((change) => {
    const [begins, ends] = [change.subtract({ hours: 3 }).startOfDay(), change.add({ days: 1 }).startOfDay()]
    const shown = occurrences({ cron, timeZone }, begins.epochMilliseconds, ends.epochMilliseconds, MOST_OF_A_DAY)
    const [firstWall, lastWall] = [begins, ends].map(({ epochMilliseconds: at }) => wallClock(at, timeZone))
    const meant = occurrences({ cron, timeZone: 'UTC' }, firstWall!, lastWall!, MOST_OF_A_DAY)
    return shown.length === meant.length && shown.every((at, index) => wallClock(at, timeZone) === meant[index])
  })

/** A recurring window as one event with a rule; undefined where that cannot say it. */
const byRule = (plan: Plan, when: Recurrence, input: IcalInput): string[] | undefined => {
  const { cron, timeZone, durationMs } = when
  const rule = ruleOfCron(cron)
  const begins = occurrences(when, plan.createdAt, Number.POSITIVE_INFINITY, 1)
  const [first] = begins
  if (!rule || first === undefined || !keepsItsTimes(when, first - DAY_MS, input.now + ZONE_AHEAD_MS)) return undefined
  const uid = `maintenance-plan-${plan.id}@${input.installation}`
  const stamp = (at: number) => `TZID=${timeZone}:${localStamp(at, timeZone)}`
  const own = input.windows.filter(
    ({ planId, startsAt }) => planId === plan.id && occurrences(when, startsAt, startsAt + 1, 1).length === 1,
  )
  const gone = own.filter(({ startsAt, endsAt }) => endsAt <= startsAt)
  const shorter = own.filter(({ startsAt, endsAt }) => endsAt > startsAt && endsAt - startsAt < durationMs)
  const times = [
    `DTSTART;${stamp(first)}`,
    `DURATION:${lengthText(durationMs)}`,
    `RRULE:${rule.rule}`,
    ...gone.map(({ startsAt }) => `EXDATE;${stamp(startsAt)}`),
  ]
  return [
    ...eventOf(uid, plan, times, input),
    ...shorter.flatMap(({ startsAt, endsAt }) =>
      eventOf(
        uid,
        plan,
        [`RECURRENCE-ID;${stamp(startsAt)}`, `DTSTART;${stamp(startsAt)}`, `DURATION:${lengthText(endsAt - startsAt)}`],
        input,
      ),
    ),
  ]
}

const oneByOne = (plan: Plan, when: Recurrence, input: IcalInput): string[] => {
  const { now, windows, installation } = input
  const ended = new Map(windows.filter(({ planId }) => planId === plan.id).map((one) => [one.startsAt, one.endsAt]))
  return occurrences(when, Math.max(plan.createdAt, now - BEHIND_MS), now + AHEAD_MS, MOST_OF_ONE).flatMap(
    (startsAt) => {
      const endsAt = ended.get(startsAt) ?? startsAt + when.durationMs
      const uid = `maintenance-plan-${plan.id}-${utcStamp(startsAt)}@${installation}`
      return endsAt > startsAt ? single(uid, plan, startsAt, endsAt, input) : []
    },
  )
}

/**
 * Maintenance windows as a calendar (RFC 5545): single ones in UTC; recurring ones by a rule in their own zone where cron can
 * be said so and no change of clocks moves them, else one by one for half a year.
 */
export const icalOf = (input: IcalInput): string => {
  const { title, windows, plans, installation, now } = input
  const recurring = new Map(plans.flatMap(({ id, when }) => ('cron' in when ? [[id, when] as const] : [])))
  const zones = new Set<string>()
  const events = plans.flatMap((plan) => {
    const when = recurring.get(plan.id)
    if (!when) return []
    const ruled = byRule(plan, when, input)
    if (ruled) zones.add(when.timeZone)
    return ruled ?? oneByOne(plan, when, input)
  })
  const singles = windows
    .filter(({ planId, startsAt, endsAt }) => endsAt > startsAt && !(planId !== undefined && recurring.has(planId)))
    .flatMap((window) =>
      single(`maintenance-${window.id}@${installation}`, window, window.startsAt, window.endsAt, input),
    )
  const since = Math.min(now, ...plans.map(({ createdAt }) => createdAt)) - DAY_MS
  return icalStream([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Vigia//Maintenance//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${icalText(title)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    ...[...zones].flatMap((zone) => zoneLines(zone, since, now + ZONE_AHEAD_MS)),
    ...events,
    ...singles,
    'END:VCALENDAR',
  ])
}
