import type { AlertFacts, Stretch } from '../alert/alert-facts.ts'

/** What an alert knows of when nobody looked at its monitor. */
interface Unwatched {
  readonly unwatched?: unknown
}

/** Of an alert with more pauses than this the oldest are forgotten. */
const KEPT = 50

/** Whether a value that was stored is a stretch: its begin, ms, and its end where it has one. */
export const isStretch = (value: unknown): value is Stretch =>
  Array.isArray(value) && value.length > 0 && value.length < 3 && value.every((at) => typeof at === 'number')

const stretchesOf = ({ unwatched }: Unwatched): readonly Stretch[] =>
  Array.isArray(unwatched) ? (unwatched as readonly unknown[]).filter(isStretch) : []

const isOpen = (facts: Unwatched): boolean => stretchesOf(facts).at(-1)?.length === 1

/** For how long nobody looked since `from`, until `to` or until somebody looked again; ms. */
export const unwatchedWithin = (facts: Unwatched, from: number, to: number | null): number =>
  stretchesOf(facts).reduce((sum, [start, end = to ?? start]) => {
    const until = Math.min(end, to ?? end)
    return sum + Math.max(0, until - Math.max(start, from))
  }, 0)

/** Nobody looks from now on; undefined where that is known already. */
export const unwatchedFrom = (facts: AlertFacts, now: number): AlertFacts | undefined =>
  isOpen(facts) ? undefined : { ...facts, unwatched: [...stretchesOf(facts), [now] as const].slice(-KEPT) }

/** Somebody looks again; undefined where somebody always did. */
export const watchedAgain = (facts: AlertFacts, now: number): AlertFacts | undefined => {
  if (!isOpen(facts)) return undefined
  const [start] = stretchesOf(facts).at(-1)!
  return { ...facts, unwatched: [...stretchesOf(facts).slice(0, -1), [start, Math.max(start, now)]] }
}
