import { Type } from '#lib/schema.ts'
import { isTimeZone } from '#lib/time/zone.ts'
import { zonedDays } from '#lib/time/zoned-days.ts'

const DAY = 24 * 3_600_000
/** Points and results that one answer holds at most. */
export const MOST_POINTS = 2000
/** What is wrong with any other. */
export const RANGE_PROBLEM = 'from must be before to, both ISO 8601'

/** A stretch of time as an address asks for it; a day by default. */
export const rangeQuery = {
  from: Type.Optional(Type.String({ description: 'ISO 8601; default: a day ago' })),
  to: Type.Optional(Type.String({ description: 'ISO 8601; default: now' })),
}

export interface Range {
  readonly from?: string
  readonly to?: string
}

/** The stretch in ms; undefined when it ends before it begins, or is none. */
export const rangeOf = ({ from, to }: Range, now: number) => {
  const end = to === undefined ? now : Date.parse(to)
  const start = from === undefined ? end - DAY : Date.parse(from)
  return start < end ? { from: start, to: end } : undefined
}

/** The smallest step of a round length that makes at most `points` of a span. */
export const stepFor = (span: number, points: number): number => {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400].map(
    (s) => s * 1000,
  )
  return steps.find((step) => span / step <= points) ?? 7 * DAY
}

/** The beginnings of the days in a stretch by the clock of a zone, ms; else what is wrong. */
export const daysOf = ({ from, to }: { readonly from: number; readonly to: number }, zone: string) => {
  if (!isTimeZone(zone)) return `time_zone: ${zone} is not known, write an IANA name such as America/Lima`
  if (to - from > MOST_POINTS * DAY) return `at most ${MOST_POINTS} days at once`
  return zonedDays(from, to, zone)
}
