import { createBoundedMap } from '#lib/sketch/bounded-map.ts'

/** True for a time zone that this system knows, such as `America/Argentina/Cordoba`. */
export const isTimeZone = (name: string): boolean => {
  try {
    zoneOf(name)
    return true
  } catch {
    return false
  }
}

/** Names that were looked up; bounded, as requests name zones too. */
const known = createBoundedMap<string, string>(1000)

const lookUp = (name: string): string => {
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId
  } catch {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    return new Temporal.ZonedDateTime(0n, timeZone).timeZoneId
  }
}

/**
 * The name by which Temporal knows a zone. Intl knows short ones besides, `PST` or `JST`, which stored settings may hold:
 * they become the name that they stand for. Throws a RangeError for a zone that nobody knows.
 */
const zoneOf = (name: string): string => {
  const before = known.get(name)
  if (before !== undefined) return before
  const found = lookUp(name)
  known.set(name, found)
  return found
}

/**
 * This machine's zone. Where it has no name (`TZ=ART3`, `TZ=:/etc/localtime`) Intl gives undefined or one that it refuses
 * itself: then the offset that its clock has now, such as `-03:00`.
 */
export const ownZone = (): string => {
  const own = Temporal.Now.timeZoneId()
  // Temporal takes a zone without a name for UTC as well. Intl, which tells, takes 10 ms to begin: not asked without need.
  const plain = own !== 'UTC' || (process.env.TZ === undefined && new Date().getTimezoneOffset() === 0)
  const name: string | undefined = plain ? own : new Intl.DateTimeFormat().resolvedOptions().timeZone
  if (name !== undefined && isTimeZone(name)) return name
  const ahead = -new Date().getTimezoneOffset()
  const two = (value: number) => String(value).padStart(2, '0')
  return `${ahead < 0 ? '-' : '+'}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`
}

/** A moment, ms, as the clock of a zone shows it. Throws a RangeError for an unknown zone. */
export const zonedMoment = (at: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zoneOf(timeZone))

/** A date and a time as a clock shows them; undefined for what no clock shows, such as the 31st of April. */
export const plainTime = (
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): Temporal.PlainDateTime | undefined => {
  try {
    return new Temporal.PlainDateTime(year, month, day, hour, minute, second)
  } catch {
    return undefined
  }
}

/** The moments that a time on the wall may mean, ms; the same twice where there is one. */
export interface Moments {
  readonly earlier: number
  readonly later: number
  /** False where the zone's clocks are put forward over that time; `later` reads it as if they had not been. */
  readonly exists: boolean
}

/** When the clock of a zone shows a time. Throws a RangeError for an unknown zone. */
export const momentsOf = (wall: Temporal.PlainDateTime, timeZone: string): Moments => {
  const zone = zoneOf(timeZone)
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' })
  return {
    earlier: earlier.epochMilliseconds,
    later: later.epochMilliseconds,
    exists: earlier.toPlainDateTime().equals(wall),
  }
}

/**
 * The first moment, ms, at which the clock of a zone shows a time, or a later one where it is put forward over that time:
 * later times on the wall never come earlier. Throws a RangeError for an unknown zone.
 */
export const momentOfWall = (wall: Temporal.PlainDateTime, timeZone: string): number => {
  const earlier = wall.toZonedDateTime(zoneOf(timeZone), { disambiguation: 'earlier' })
  if (earlier.toPlainDateTime().equals(wall)) return earlier.epochMilliseconds
  return earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? earlier.epochMilliseconds
}
