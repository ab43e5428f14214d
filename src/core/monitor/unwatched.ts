import type { Alert } from '../alert/alert.ts'

/** From when to when nobody looked at the monitor of an alert, ms; the last one may be open. Kept in the alert's facts. */
type Stretch = readonly [from: number] | readonly [from: number, to: number]
type Facts = Alert['data']

/** Of an alert with more pauses than this the oldest are forgotten. */
const KEPT = 50

export const isStretch = (value: unknown): value is Stretch =>
  Array.isArray(value) && value.length > 0 && value.length < 3 && value.every((at) => typeof at === 'number')

const stretchesOf = ({ unwatched }: Facts): readonly Stretch[] =>
  Array.isArray(unwatched) ? (unwatched as readonly unknown[]).filter(isStretch) : []

const isOpen = (facts: Facts): boolean => stretchesOf(facts).at(-1)?.length === 1

/** For how long nobody looked since `from`, until `to` or until somebody looked again; ms. */
export const unwatchedWithin = (facts: Facts, from: number, to: number | null): number =>
  stretchesOf(facts).reduce((sum, [start, end = to ?? start]) => {
    const until = Math.min(end, to ?? end)
    return sum + Math.max(0, until - Math.max(start, from))
  }, 0)

/** Nobody looks from now on; undefined where that is known already. */
export const unwatchedFrom = (facts: Facts, now: number): Facts | undefined =>
  isOpen(facts) ? undefined : { ...facts, unwatched: [...stretchesOf(facts), [now] as const].slice(-KEPT) }

/** Somebody looks again; undefined where somebody always did. */
export const watchedAgain = (facts: Facts, now: number): Facts | undefined => {
  if (!isOpen(facts)) return undefined
  const [start] = stretchesOf(facts).at(-1)!
  return { ...facts, unwatched: [...stretchesOf(facts).slice(0, -1), [start, Math.max(start, now)]] }
}
