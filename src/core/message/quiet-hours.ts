/** Hours of the day, `HH:MM`, by the clock of a zone; over midnight where the end is before the beginning. */
export interface QuietHours {
  readonly from: string
  readonly to: string
}

const MINUTE = 60_000
const DAY_MINUTES = 24 * 60

const minutesOf = (text: string): number => {
  const [hours, minutes] = text.split(':').map(Number)
  return hours! * 60 + minutes!
}

/**
 * When the quiet hours that run at `now` end, ms; null outside them. `wallMinutes` is the minute of the day that the
 * clock on the wall shows at a moment. A change of the clocks within the hours moves their end with the wall.
 */
export const quietUntil = (
  { from, to }: QuietHours,
  now: number,
  wallMinutes: (at: number) => number,
): number | null => {
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  if (begin === end) return null
  const isQuiet = (at: number) => {
    const minute = wallMinutes(at)
    return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end
  }
  if (!isQuiet(now)) return null
  const left = (end - wallMinutes(now) + DAY_MINUTES) % DAY_MINUTES
  const guess = now - (now % MINUTE) + left * MINUTE
  // By the clock there may be an hour more or less until then.
  return [guess - 60 * MINUTE, guess, guess + 60 * MINUTE].find((at) => at > now && !isQuiet(at)) ?? guess
}
