import { momentsOf, plainTime, zonedMoment } from '#lib/time/zone.ts'
import type { Matcher } from '../rule/matcher.ts'
import { occurrences, type Recurrence } from './recurrence.ts'

/** A day of a calendar: what the clocks of a zone call so, from its first moment to that of the next, ms. */
export interface Day {
  /** `2026-12-01` */
  readonly date: string
  readonly startsAt: number
  readonly endsAt: number
}

/** So many days from the one of a moment, by the clock of a zone: one on which the clocks change has 23 or 25 hours. */
export const daysFrom = (at: number, count: number, timeZone: string): Day[] => {
  const { year, month, day } = zonedMoment(at, timeZone)
  const first = plainTime(year, month, day)!.toPlainDate()
  const startOf = (index: number): number => {
    const date = first.add({ days: index })
    const { earlier, later, exists } = momentsOf(date.toPlainDateTime(), timeZone)
    // Where midnight itself is skipped, the day begins when the clocks have gone forward.
    return exists ? earlier : later
  }
  return Array.from({ length: count }, (_, index) => ({
    date: first.add({ days: index }).toString(),
    startsAt: startOf(index),
    endsAt: startOf(index + 1),
  }))
}

/** A window as a calendar shows it. */
export interface Entry {
  /** Absent: it is written down when it is near. */
  readonly windowId?: number
  readonly planId?: number
  readonly name: string
  readonly matchers: readonly Matcher[]
  readonly behind: boolean
  readonly note: string
  readonly startsAt: number
  readonly endsAt: number
  readonly createdBy: string
}

interface Written extends Omit<Entry, 'windowId'> {
  readonly id: number
}

interface Plan extends Pick<Entry, 'name' | 'matchers' | 'behind' | 'note' | 'createdBy'> {
  readonly id: number
  readonly when: Recurrence | { readonly startsAt: number; readonly endsAt: number }
  readonly plannedUntil: number
}

/** Occurrences of one plan, and entries at all, that a calendar shows at most. */
const MOST_OF_ONE = 400
const MOST = 2000

export interface Calendar {
  readonly entries: readonly Entry[]
  /** There are more than it shows. */
  readonly cut: boolean
}

const foreseen = (
  { id, when, plannedUntil, name, matchers, behind, note, createdBy }: Plan,
  from: number,
  to: number,
  now: number,
): Entry[] => {
  const of = { planId: id, name, matchers, behind, note, createdBy }
  if (!('cron' in when))
    return plannedUntil === 0 && when.startsAt < to && when.endsAt > from ? [{ ...of, ...when }] : []
  const { durationMs } = when
  // What is written down already stands among the windows.
  const since = Math.max(plannedUntil, now - durationMs, from - durationMs)
  return occurrences(when, since, to, MOST_OF_ONE)
    .map((startsAt) => ({ ...of, startsAt, endsAt: startsAt + durationMs }))
    .filter(({ endsAt }) => endsAt > Math.max(from, now))
}

/**
 * What touches a stretch of time, ms: windows that are written down, and those that plans will make; those that were taken
 * back before they began are not there. By their begin.
 */
export const calendarOf = (
  written: readonly Written[],
  plans: readonly Plan[],
  { from, to, now }: { readonly from: number; readonly to: number; readonly now: number },
): Calendar => {
  const stored = written
    .filter(({ startsAt, endsAt }) => startsAt < endsAt)
    .map(({ id, ...window }): Entry => ({ ...window, windowId: id }))
  const coming = plans.map((plan) => foreseen(plan, from, to, now))
  const all = [...stored, ...coming.flat()].toSorted((one, other) => one.startsAt - other.startsAt)
  return { entries: all.slice(0, MOST), cut: all.length > MOST || coming.some(({ length }) => length === MOST_OF_ONE) }
}
