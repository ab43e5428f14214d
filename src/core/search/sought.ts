import { fold } from '#lib/text/fold.ts'
import { momentsOf, plainTime, zonedMoment } from '#lib/time/zone.ts'

/** What somebody looks for: words that all must be found, and the day that was named. Times in ms. */
export interface Sought {
  readonly words: readonly string[]
  readonly from?: number
  /** Not included. */
  readonly to?: number
}

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/
const DAY_FIRST = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?$/
const NEAR: Readonly<Record<string, number>> = { today: 0, hoy: 0, yesterday: 1, ayer: 1 }

type Day = readonly [year: number, month: number, day: number]

/** Without a year it is the latest such day that is not in the future. */
const dayFirst = (word: string, today: Temporal.ZonedDateTime): Day | undefined => {
  const [, first, second, year] = DAY_FIRST.exec(word) ?? []
  if (first === undefined) return undefined
  // Month and day change places where the one can be no month.
  const [day, month] = Number(second) > 12 ? [Number(second), Number(first)] : [Number(first), Number(second)]
  if (year !== undefined) return [Number(year), month, day]
  const isAhead = month > today.month || (month === today.month && day > today.day)
  return [isAhead ? today.year - 1 : today.year, month, day]
}

const dayOf = (word: string, today: Temporal.ZonedDateTime): Day | undefined => {
  const back = Object.hasOwn(NEAR, word) ? NEAR[word] : undefined
  if (back !== undefined) {
    const { year, month, day } = today.subtract({ days: back })
    return [year, month, day]
  }
  const [, year, month, day] = DATE.exec(word) ?? []
  return year === undefined ? dayFirst(word, today) : [Number(year), Number(month), Number(day)]
}

const rangeOf = (day: Day, zone: string): Pick<Sought, 'from' | 'to'> | undefined => {
  const begin = plainTime(...day)
  if (begin === undefined) return undefined
  return { from: momentsOf(begin, zone).earlier, to: momentsOf(begin.add({ days: 1 }), zone).earlier }
}

/**
 * Reads what was typed. `2026-11-30`, `30/11/2026`, `30/11`, `yesterday` and `ayer` name a day of the zone; everything else
 * is a word, folded as what it is looked for in. What is no day, as the 31st of April, is a word too.
 */
export const readSought = (text: string, now: number, zone: string): Sought => {
  const words: string[] = []
  let range: Pick<Sought, 'from' | 'to'> = {}
  const today = zonedMoment(now, zone)
  for (const word of fold(text).split(/\s+/)) {
    if (word === '') continue
    const day = dayOf(word, today)
    const named = day && rangeOf(day, zone)
    if (named) range = named
    else words.push(word)
  }
  return { words, ...range }
}

/** True when every word stands somewhere in a folded text. */
export const holdsAll = (folded: string, words: readonly string[]): boolean =>
  words.every((word) => folded.includes(word))
