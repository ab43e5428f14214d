import { wallClock } from './zoned-time.ts'

const DAY = 86_400_000
/** Farther than any zone's clock is from UTC, and than any change of clocks reaches. */
const FAR = 15 * 3_600_000

/** The moment at which a date begins by the clock of a zone; `date` as if it were UTC, ms. */
const beginning = (date: number, timeZone: string): number => {
  const moments = [date - FAR, date + FAR].map((at) => date - (wallClock(at, timeZone) - at)).sort((a, b) => a - b)
  // Where midnight itself is skipped, the day begins with the first time that its clock shows.
  return moments.find((at) => wallClock(at, timeZone) >= date && wallClock(at - 1000, timeZone) < date) ?? moments[0]!
}

/**
 * The beginnings of the days by the clock of a zone, ms, from the one in which `from` lies to the last one before `to`:
 * most are 24 hours apart, those with a change of clocks are not.
 */
export const zonedDays = (from: number, to: number, timeZone: string): number[] => {
  const wall = wallClock(from, timeZone)
  const days: number[] = []
  for (let date = wall - (wall % DAY); ; date += DAY) {
    const start = beginning(date, timeZone)
    if (start >= to) return days
    days.push(start)
  }
}
