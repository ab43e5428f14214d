/** Why a local time cannot be told as a moment. */
export type ZonedProblem = 'not_a_time' | 'skipped' | 'twice'

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/
const ABSOLUTE = /(?:Z|[+-]\d\d:?\d\d)$/

const formatters = new Map<string, Intl.DateTimeFormat>()
const formatter = (timeZone: string): Intl.DateTimeFormat => {
  let made = formatters.get(timeZone)
  if (!made) {
    const fields = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const
    made = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields })
    formatters.set(timeZone, made)
  }
  return made
}

/** What the clock on the wall of a zone shows at a moment, as if it were UTC, ms. */
export const wallClock = (at: number, timeZone: string): number => {
  const parts = Object.fromEntries(
    formatter(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour!, parts.minute!, parts.second!)
}

/** Hours by which a zone's clock may be away from UTC. */
const FARTHEST_MS = 15 * 3_600_000

/**
 * The moment of a text such as `2026-12-01T08:00`, ms: in its own offset where it has one, else by the clock of a zone.
 * An hour that the change of clocks skips is no moment; one that it repeats is two.
 */
export const zonedTime = (text: string, timeZone: string): number | ZonedProblem => {
  const trimmed = text.trim()
  if (ABSOLUTE.test(trimmed) && trimmed.length > 10) {
    const at = Date.parse(trimmed)
    return Number.isNaN(at) ? 'not_a_time' : at
  }
  const match = LOCAL.exec(trimmed)
  if (!match) return 'not_a_time'
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => (part ? Number(part) : undefined))
  const wall = Date.UTC(year!, month! - 1, day!, hour, minute, second)
  const same = new Date(wall)
  if (same.getUTCMonth() !== month! - 1 || same.getUTCDate() !== day || hour > 23 || minute > 59) return 'not_a_time'
  // The offsets around that time: each gives one guess, and those that show the wanted clock are right.
  const offsets = [wall - FARTHEST_MS, wall, wall + FARTHEST_MS].map((at) => wallClock(at, timeZone) - at)
  const moments = [...new Set(offsets.map((offset) => wall - offset))].filter((at) => wallClock(at, timeZone) === wall)
  if (moments.length === 0) return 'skipped'
  return moments.length > 1 ? 'twice' : moments[0]!
}
