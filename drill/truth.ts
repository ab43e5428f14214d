/** What the drill did to the provider, and when: what every verdict is held against. Times in ms of the provider. */

export interface Span {
  readonly from: number
  readonly to: number
}

/** A cause that people must hear of. */
export interface Cause {
  readonly name: string
  /** How a message that tells it names it. */
  readonly words: RegExp
  readonly at: number
  readonly mostSeconds: number
}

export interface Truth {
  /** Names that cannot be reached from now on. */
  cut(names: readonly string[], at: number): void
  mended(names: readonly string[], at: number): void
  /** Times in which a monitor could not be reached, in order, without overlap. */
  cutOff(name: string): readonly Span[]
  /** Names that were cut off at any time. */
  names(): readonly string[]
}

/** A device behind a dead router that is dead itself is cut off as long as either lasts. */
export const createTruth = (): Truth => {
  const spans = new Map<string, Span[]>()
  const open = new Map<string, { count: number; readonly from: number }>()
  return {
    cut: (names, at) => {
      for (const name of names) {
        const one = open.get(name)
        if (one) one.count++
        else open.set(name, { count: 1, from: at })
      }
    },
    mended: (names, at) => {
      for (const name of names) {
        const one = open.get(name)
        if (!one || --one.count > 0) continue
        open.delete(name)
        spans.set(name, [...(spans.get(name) ?? []), { from: one.from, to: at }])
      }
    },
    cutOff: (name) => {
      const now = open.get(name)
      return [...(spans.get(name) ?? []), ...(now ? [{ from: now.from, to: Number.POSITIVE_INFINITY }] : [])]
    },
    names: () => [...new Set([...spans.keys(), ...open.keys()])],
  }
}

/** Length of what two spans share. */
export const overlap = (one: Span, other: Span): number =>
  Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from))
