import type { Span } from '../monitor/uptime.ts'
import { type Matcher, type MatchFacts, matches } from '../rule/matcher.ts'

/** A stretch of planned work, times in ms. */
export interface CoverWindow {
  readonly matchers: readonly Matcher[]
  readonly startsAt: number
  readonly endsAt: number
  /** It covers all that is reached through what it matches, too. */
  readonly behind: boolean
}

/** Who is reached through whom, and what windows look at. */
export interface Family {
  /** Groups of parents; what is behind is cut off when all of any group is away. */
  parentsOf(id: number): readonly (readonly number[])[]
  /** Undefined for one that is not known. */
  facts(id: number): MatchFacts | undefined
  /** True for one that is down: beside a parent in maintenance it is away as well. */
  isDown?(id: number): boolean
}

/** What windows cover, of monitors and of what is behind them. */
export interface Cover<Window extends CoverWindow> {
  /** The window that covers a monitor longest at a moment, ms; undefined when none does. */
  at(id: number, now: number): Window | undefined
  /** All stretches in which a monitor is covered. */
  spans(id: number): readonly Span[]
}

const longest = <Window extends CoverWindow>(windows: readonly Window[]): Window | undefined =>
  windows.reduce<Window | undefined>((best, one) => (best && best.endsAt >= one.endsAt ? best : one), undefined)

const shortest = <Window extends CoverWindow>(windows: readonly Window[]): Window | undefined =>
  windows.reduce<Window | undefined>((best, one) => (best && best.endsAt <= one.endsAt ? best : one), undefined)

const common = (some: readonly Span[], others: readonly Span[]): Span[] =>
  some.flatMap((one) =>
    others.flatMap((other) => {
      const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)]
      return from < to ? [{ from, to }] : []
    }),
  )

/**
 * Whom windows cover: what they match; with `behind` all that is reached through that; and what can be reached through
 * nothing but what is covered itself, for then its parents in maintenance answer for it. Pure; remembers what it was asked.
 */
export const createCover = <Window extends CoverWindow>(windows: readonly Window[], family: Family): Cover<Window> => {
  const direct = new Map<number, readonly Window[]>()
  const above = new Map<number, readonly number[]>()

  const directOf = (id: number): readonly Window[] => {
    let found = direct.get(id)
    if (!found) {
      const facts = family.facts(id)
      found = facts ? windows.filter(({ matchers }) => matches(matchers, facts)) : []
      direct.set(id, found)
    }
    return found
  }
  const ancestorsOf = (id: number): readonly number[] => {
    let found = above.get(id)
    if (!found) {
      const seen = new Set<number>()
      const walk = [id]
      for (let at = walk.pop(); at !== undefined; at = walk.pop())
        for (const parent of family.parentsOf(at).flat())
          if (!seen.has(parent)) {
            seen.add(parent)
            walk.push(parent)
          }
      found = [...seen]
      above.set(id, found)
    }
    return found
  }
  /** Windows that name it, or all behind something above it. */
  const namedOf = (id: number): readonly Window[] => [
    ...directOf(id),
    ...ancestorsOf(id).flatMap((one) => directOf(one).filter(({ behind }) => behind)),
  ]

  const at = (id: number, now: number, asked: Map<number, Window | undefined>): Window | undefined => {
    if (asked.has(id)) return asked.get(id)
    // A circle of parents covers nobody.
    asked.set(id, undefined)
    const own = longest(namedOf(id).filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt))
    const found = own ?? longest(family.parentsOf(id).flatMap((group) => throughGroup(group, now, asked)))
    asked.set(id, found)
    return found
  }
  const throughGroup = (group: readonly number[], now: number, asked: Map<number, Window | undefined>): Window[] => {
    const covering = group.map((parent) => at(parent, now, asked))
    const away = group.every((parent, index) => covering[index] !== undefined || family.isDown?.(parent) === true)
    const first = away ? shortest(covering.filter((one) => one !== undefined)) : undefined
    return first ? [first] : []
  }

  const known = new Map<number, readonly Span[]>()
  const spans = (id: number): readonly Span[] => {
    const before = known.get(id)
    if (before) return before
    known.set(id, [])
    const own = namedOf(id).map(({ startsAt, endsAt }) => ({ from: startsAt, to: endsAt }))
    const through = family.parentsOf(id).flatMap((group) => {
      const [first = [], ...rest] = group.map(spans)
      return rest.reduce<readonly Span[]>(common, first)
    })
    const found = [...own, ...through]
    known.set(id, found)
    return found
  }

  return {
    at: (id, now) => (windows.length === 0 ? undefined : at(id, now, new Map())),
    spans: (id) => (windows.length === 0 ? [] : spans(id)),
  }
}
