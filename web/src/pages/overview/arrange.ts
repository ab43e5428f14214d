import type { Monitor } from '../../api/types.ts'
import { type ShownState, shownState } from '../../components/state.tsx'
import { haystackOf, matches } from '../../lib/monitor-filter.ts'

export const SHOWN_STATES: readonly ShownState[] = ['down', 'degraded', 'unknown', 'up', 'paused']

export type Counts = Readonly<Record<ShownState, number>>

export const countStates = (monitors: readonly Monitor[]): Counts => {
  const counts = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0 }
  for (const monitor of monitors) counts[shownState(monitor)]++
  return counts
}

/** The place of each monitor by its name. Names change seldom: comparing them by the rules of a language is dear. */
export const rankByName = (monitors: readonly Monitor[], language: string): ReadonlyMap<number, number> => {
  const { compare } = new Intl.Collator(language, { numeric: true })
  const sorted = monitors.toSorted((a, b) => compare(a.name, b.name))
  return new Map(sorted.map(({ id }, rank) => [id, rank]))
}

/** Worst first, then by name. */
export const sortWorstFirst = (
  monitors: readonly Monitor[],
  ranks: ReadonlyMap<number, number>,
): readonly Monitor[] => {
  const buckets = new Map<ShownState, Monitor[]>(SHOWN_STATES.map((state) => [state, []]))
  for (const monitor of monitors) buckets.get(shownState(monitor))?.push(monitor)
  const rank = ({ id }: Monitor) => ranks.get(id) ?? ranks.size
  return SHOWN_STATES.flatMap((state) => buckets.get(state)!.sort((a, b) => rank(a) - rank(b)))
}

/** Chosen in place of a state: those of whose failure nobody is told. */
export const UNHEARD = 'unheard'

const isUnheard = ({ nobody_hears, paused }: Monitor): boolean => nobody_hears === true && !paused

export const countUnheard = (monitors: readonly Monitor[]): number => monitors.filter(isUnheard).length

export const filterMonitors = (monitors: readonly Monitor[], text: string, state: string): readonly Monitor[] => {
  const wanted = text.trim().toLowerCase()
  if (wanted === '' && state === '') return monitors
  return monitors.filter(
    (monitor) =>
      (state === '' || (state === UNHEARD ? isUnheard(monitor) : shownState(monitor) === state)) &&
      matches(haystackOf(monitor), wanted),
  )
}

const MOST_LABELS = 20

/** The labels by which one may group: those that most monitors carry. */
export const labelNames = (monitors: readonly Monitor[]): readonly string[] => {
  const counts = new Map<string, number>()
  for (const { labels } of monitors) for (const name in labels) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_LABELS)
    .map(([name]) => name)
}

export type Line =
  | { readonly kind: 'group'; readonly value: string; readonly counts: Counts }
  | { readonly kind: 'monitors'; readonly monitors: readonly Monitor[] }

/** The lines of the list: `perLine` monitors each, under a head for every value of the label (`type` for the type). */
export const linesOf = (monitors: readonly Monitor[], group: string, perLine: number): readonly Line[] => {
  const chunked = (some: readonly Monitor[]): Line[] =>
    Array.from({ length: Math.ceil(some.length / perLine) }, (_, index) => ({
      kind: 'monitors',
      monitors: some.slice(index * perLine, (index + 1) * perLine),
    }))
  if (group === '') return chunked(monitors)
  const groups = Map.groupBy(monitors, ({ type, labels }) => (group === 'type' ? type : (labels[group] ?? '')))
  const heads = [...groups].map(([value, members]) => ({ value, members, counts: countStates(members) }))
  const wrong = ({ counts }: { counts: Counts }) => counts.down * 1000 + counts.degraded
  heads.sort((a, b) => wrong(b) - wrong(a) || a.value.localeCompare(b.value, undefined, { numeric: true }))
  return heads.flatMap(({ value, members, counts }): Line[] => [{ kind: 'group', value, counts }, ...chunked(members)])
}
