/** What the drill did to the provider, and when: what every verdict is held against. Times in ms of the provider. */

export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * A time in which something could not be reached. To break and to mend takes a moment, in which either may be true: `from`
 * and `to` take it in, `sure` leaves it out.
 */
export interface Outage extends Span {
  readonly sure: Span
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
  /** Names that cannot be reached any more; it was done between `from` and `to`. */
  cut(names: readonly string[], done: Span): void
  mended(names: readonly string[], done: Span): void
  /** Times in which a monitor could not be reached, in order, without overlap. */
  outages(name: string): readonly Outage[]
  /** Names that could not be reached at any time. */
  names(): readonly string[]
}

/** A device behind a dead router that is dead itself is cut off as long as either lasts. */
export const createTruth = (): Truth => {
  const outages = new Map<string, Outage[]>()
  const open = new Map<string, { count: number; readonly began: Span }>()
  const outage = (began: Span, ended: Span): Outage => ({
    from: began.from,
    to: ended.to,
    sure: { from: began.to, to: ended.from },
  })
  const never: Span = { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  return {
    cut: (names, done) => {
      for (const name of names) {
        const one = open.get(name)
        if (one) one.count++
        else open.set(name, { count: 1, began: done })
      }
    },
    mended: (names, done) => {
      for (const name of names) {
        const one = open.get(name)
        if (!one || --one.count > 0) continue
        open.delete(name)
        outages.set(name, [...(outages.get(name) ?? []), outage(one.began, done)])
      }
    },
    outages: (name) => {
      const lasting = open.get(name)
      return [...(outages.get(name) ?? []), ...(lasting ? [outage(lasting.began, never)] : [])]
    },
    names: () => [...new Set([...outages.keys(), ...open.keys()])],
  }
}

/** Length of what two spans share. */
export const overlap = (one: Span, other: Span): number =>
  Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from))
