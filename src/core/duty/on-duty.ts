import { momentOfWall, plainTime, zonedMoment } from '#lib/time/zone.ts'
import type { DutyDay, DutyList, DutyRota, DutyShift, DutyTakeover } from './duty.ts'

/** Why somebody is on duty: by the week, by the rota of a holiday, or because they said so. */
export type DutyWhy = 'week' | 'holiday' | 'by_hand'

export interface OnDuty {
  readonly person: string
  readonly why: DutyWhy
}

/** A time in which the same people are on duty, ms; nobody: a gap. */
export interface DutySegment {
  readonly from: number
  readonly to: number
  readonly on: readonly OnDuty[]
}

interface Span {
  readonly from: number
  readonly to: number
  readonly on: readonly OnDuty[]
}

const DAY_MS = 86_400_000
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const satisfies readonly DutyDay[]

/** Days since the epoch of a date on the calendar: on these a week is seven, whatever clocks do and years end. */
const dayNumber = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS)
/** 1 January 1970 was a Thursday. */
const weekOf = (day: number): number => Math.floor((day + 3) / 7)
const weekdayOf = (day: number): DutyDay => WEEKDAYS[(((day + 3) % 7) + 7) % 7]!

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** When the clock of a zone shows a time of a day first, or is put forward over it, ms. */
const momentOf = (day: number, minutes: number, zone: string): number => {
  const date = new Date(day * DAY_MS)
  const [year, month, date1] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
  return momentOfWall(plainTime(year, month, date1, Math.floor(minutes / 60), minutes % 60)!, zone)
}

const peopleOf = ({ people, turnsSince }: DutyShift, day: number): readonly string[] => {
  if (turnsSince === undefined || people.length === 0) return people
  const turn = weekOf(day) - weekOf(dayNumber(turnsSince))
  return [people[((turn % people.length) + people.length) % people.length]!]
}

/** What the week says of shifts that begin on a day. */
const spansOfDay = (list: DutyList, day: number, zone: string, holidays: ReadonlySet<number>): Span[] => {
  const isHoliday = holidays.has(day)
  const kind = isHoliday ? 'holiday' : weekdayOf(day)
  return list.shifts.flatMap((shift) => {
    if (shift.days && !shift.days.includes(kind)) return []
    const [begin, end] = [minutesOf(shift.from), minutesOf(shift.to)]
    const from = momentOf(day, begin, zone)
    const to = end > begin ? momentOf(day, end, zone) : momentOf(day + 1, end, zone)
    const why = isHoliday ? 'holiday' : 'week'
    return from < to ? [{ from, to, on: peopleOf(shift, day).map((person): OnDuty => ({ person, why })) }] : []
  })
}

const dayAt = (at: number, zone: string): number => dayNumber(zonedMoment(at, zone).toPlainDate().toString())

const spansWithin = (list: DutyList, from: number, to: number, zone: string): Span[] => {
  const holidays = new Set(list.holidays.map(({ date }) => dayNumber(date)))
  const spans: Span[] = []
  // A shift lasts a day at most, and begins on the day before at the earliest.
  for (let day = dayAt(from, zone) - 2; day <= dayAt(to, zone); day++)
    spans.push(...spansOfDay(list, day, zone, holidays))
  return spans.filter((span) => span.from < to && span.to > from)
}

/** Each once, by the reason that stands first. */
const distinct = (on: readonly OnDuty[]): readonly OnDuty[] =>
  [...new Map(on.toReversed().map((one) => [one.person, one])).values()].toReversed()

const sameOn = (a: readonly OnDuty[], b: readonly OnDuty[]): boolean => JSON.stringify(a) === JSON.stringify(b)

const lastOf = (takeovers: readonly DutyTakeover[], at: number): DutyTakeover | undefined =>
  takeovers.filter(({ startsAt, endsAt }) => startsAt <= at && at < endsAt).toSorted((a, b) => b.id - a.id)[0]

/**
 * Who is on duty by a list from one moment to another, ms: stretches that follow one another without a hole, each with the
 * people of it, and nobody where there is none. A name that is no person's is nobody. `zone`: of a list that names none.
 */
export const dutySegments = (
  list: DutyList,
  { people, takeovers }: DutyRota,
  from: number,
  to: number,
  zone: string,
): readonly DutySegment[] => {
  if (from >= to) return []
  const known = new Set(people.map(({ name }) => name))
  const spans = spansWithin(list, from, to, list.timeZone ?? zone)
  const byHand = takeovers.filter(
    (one) => one.list === list.name && known.has(one.person) && one.startsAt < to && one.endsAt > from,
  )
  const edges = new Set([from, to])
  for (const span of spans) for (const edge of [span.from, span.to]) if (edge > from && edge < to) edges.add(edge)
  for (const { startsAt, endsAt } of byHand)
    for (const edge of [startsAt, endsAt]) if (edge > from && edge < to) edges.add(edge)
  const moments = [...edges].sort((a, b) => a - b)
  const segments: DutySegment[] = []
  for (const [index, begin] of moments.slice(0, -1).entries()) {
    const end = moments[index + 1]!
    const taken = lastOf(byHand, begin)
    const planned = spans.filter((span) => span.from <= begin && span.to >= end).flatMap(({ on }) => on)
    const on = taken
      ? [{ person: taken.person, why: 'by_hand' as const }]
      : distinct(planned.filter(({ person }) => known.has(person)))
    const before = segments.at(-1)
    if (before && sameOn(before.on, on)) segments[segments.length - 1] = { ...before, to: end }
    else segments.push({ from: begin, to: end, on })
  }
  return segments
}

/** Who is on duty by a list at a moment, ms. */
export const onDutyAt = (list: DutyList, rota: DutyRota, at: number, zone: string): readonly OnDuty[] =>
  dutySegments(list, rota, at, at + 1, zone)[0]!.on

/** When nobody is on duty by a list, ms. */
export const dutyGaps = (
  list: DutyList,
  rota: DutyRota,
  from: number,
  to: number,
  zone: string,
): readonly DutySegment[] => dutySegments(list, rota, from, to, zone).filter(({ on }) => on.length === 0)
