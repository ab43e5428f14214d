import { momentsOf, plainTime, zonedMoment } from './zone.ts'

/** Why a local time cannot be told as a moment. */
export type ZonedProblem = 'not_a_time' | 'skipped' | 'twice'

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/
const ABSOLUTE = /(?:Z|[+-]\d\d:?\d\d)$/

/** False for a day that no calendar has: the 31st of February would be read as one in March. */
const isDay = (text: string): boolean => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? []
  return day === undefined || plainTime(Number(year), Number(month), Number(day)) !== undefined
}

/** What the clock on the wall of a zone shows at a moment, to the second, as if it were UTC, ms. */
export const wallClock = (at: number, timeZone: string): number =>
  Math.floor((at + zonedMoment(at, timeZone).offsetNanoseconds / 1e6) / 1000) * 1000

/**
 * The moment of a text such as `2026-12-01T08:00`, ms: in its own offset where it has one, else by the clock of a zone.
 * An hour that the change of clocks skips is no moment; one that it repeats is two.
 */
export const zonedTime = (text: string, timeZone: string): number | ZonedProblem => {
  const trimmed = text.trim()
  if (ABSOLUTE.test(trimmed) && trimmed.length > 10) {
    const at = Date.parse(trimmed)
    return Number.isNaN(at) || !isDay(trimmed) ? 'not_a_time' : at
  }
  const match = LOCAL.exec(trimmed)
  if (!match) return 'not_a_time'
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0))
  const wall = plainTime(year!, month!, day!, hour, minute, second)
  if (!wall) return 'not_a_time'
  const { earlier, later, exists } = momentsOf(wall, timeZone)
  if (!exists) return 'skipped'
  return earlier === later ? earlier : 'twice'
}
