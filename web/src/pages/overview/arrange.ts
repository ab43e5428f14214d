import type { Mark, Monitor } from '../../api/types.ts'
import { fold } from '../../lib/fold.ts'
import { haystackOf, matches } from '../../lib/monitor-filter.ts'
import { type ShownState, shownState } from '../../lib/shown-state.ts'

export const SHOWN_STATES: readonly ShownState[] = [
  'down',
  'cut_off',
  'degraded',
  'unknown',
  'maintenance',
  'up',
  'paused',
]

export type Counts = Readonly<Record<ShownState, number>>

type Marked = ReadonlyMap<number, Pick<Mark, 'maintenance'>>

/** How a monitor is counted: what stands in maintenance and is not well is no trouble that anybody must look at. */
export const countedState = (monitor: Monitor, marks: Marked): ShownState => {
  const state = shownState(monitor)
  return state !== 'paused' && marks.get(monitor.id)?.maintenance ? 'maintenance' : state
}

export const countStates = (monitors: readonly Monitor[], marks: Marked): Counts => {
  const counts = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0, cut_off: 0, maintenance: 0 }
  for (const monitor of monitors) counts[countedState(monitor, marks)]++
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
  marks: Marked,
): readonly Monitor[] => {
  const buckets = new Map<ShownState, Monitor[]>(SHOWN_STATES.map((state) => [state, []]))
  for (const monitor of monitors) buckets.get(countedState(monitor, marks))?.push(monitor)
  const rank = ({ id }: Monitor) => ranks.get(id) ?? ranks.size
  return SHOWN_STATES.flatMap((state) => buckets.get(state)!.sort((a, b) => rank(a) - rank(b)))
}

/** Chosen in place of a state: those of whose failure nobody is told. */
export const UNHEARD = 'unheard'

const isUnheard = ({ nobody_hears, paused }: Monitor): boolean => nobody_hears === true && !paused

/** The same: those that the reader wants at hand. */
export const FAVOURITE = 'favourite'

export const countUnheard = (monitors: readonly Monitor[]): number => monitors.filter(isUnheard).length

export const filterMonitors = (
  monitors: readonly Monitor[],
  text: string,
  state: string,
  marks: Marked,
  favourites: ReadonlySet<number>,
): readonly Monitor[] => {
  const isIn = (monitor: Monitor): boolean => {
    if (state === '') return true
    if (state === UNHEARD) return isUnheard(monitor)
    return state === FAVOURITE ? favourites.has(monitor.id) : countedState(monitor, marks) === state
  }
  const wanted = fold(text.trim())
  if (wanted === '' && state === '') return monitors
  return monitors.filter((monitor) => isIn(monitor) && matches(haystackOf(monitor), wanted))
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
