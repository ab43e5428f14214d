import { nextTime } from '#lib/time/cron.ts'

/** When windows begin, five fields by the clock of a zone, and how long each lasts. */
export interface Recurrence {
  readonly cron: string
  readonly timeZone: string
  readonly durationMs: number
}

/** So many begins are looked at for the least time between two of them. */
const LOOKED_AT = 60
/** What comes less often than that is no matter of days. */
const FAR_MS = 3 * 366 * 86_400_000

/** Begins within a stretch of time, ms; one at its first moment counts, one at its last does not. At most `limit` of them. */
export const occurrences = (
  { cron, timeZone }: Pick<Recurrence, 'cron' | 'timeZone'>,
  from: number,
  to: number,
  limit: number,
): number[] => {
  const found: number[] = []
  for (let next = nextTime(cron, timeZone, from - 1); next !== null && next < to && found.length < limit; )
    next = nextTime(cron, timeZone, found[found.push(next) - 1]!)
  return found
}

/**
 * True for windows that begin again before they have ended: together they never end. By the clock of the zone a day may have
 * 23 hours, and a month 28 days: what is shortest counts.
 */
export const neverEnds = (recurrence: Recurrence, now: number): boolean => {
  const begins = occurrences(recurrence, now, now + FAR_MS, LOOKED_AT)
  return begins.some((at, index) => index > 0 && at - begins[index - 1]! <= recurrence.durationMs)
}
