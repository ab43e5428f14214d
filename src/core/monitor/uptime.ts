import type { State } from './monitor.ts'

export interface Uptime {
  readonly upMs: number
  readonly degradedMs: number
  readonly downMs: number
  readonly unknownMs: number
  /** Planned work, whatever the state was. */
  readonly maintenanceMs: number
  /** (up + degraded) / (up + degraded + down), 0 to 1; null when nothing is known. */
  readonly uptime: number | null
}

/** A stretch of time, ms. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The same time as spans that follow one another without overlap. */
const merged = (spans: readonly Span[]): Span[] => {
  const joined: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && span.from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
    else joined.push(span)
  }
  return joined
}

/** What of the spans lies in no cut. */
const without = (spans: readonly Span[], cuts: readonly Span[]): Span[] =>
  cuts.reduce<Span[]>(
    (left, cut) =>
      left.flatMap(({ from, to }) =>
        [
          { from, to: Math.min(to, cut.from) },
          { from: Math.max(from, cut.to), to },
        ].filter((span) => span.from < span.to),
      ),
    [...spans],
  )

const within = (spans: readonly Span[], from: number, to: number): number =>
  spans.reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0)

/**
 * How long a monitor was in each state in `[from, to)`. `transitions` come in the order of time, each holding from its
 * `since` on, the first one from before `from` where there is one. Planned work counts as such; in a gap nothing is
 * known. Both are left out of the share. Times in ms.
 */
export const uptimeOf = (
  transitions: readonly { readonly since: number; readonly to: State }[],
  gaps: readonly Span[],
  maintenance: readonly Span[],
  from: number,
  to: number,
): Uptime => {
  const spent: Record<State, number> = { up: 0, degraded: 0, down: 0, unknown: 0 }
  const planned = merged(maintenance)
  const blind = without(merged(gaps), planned)
  const add = (state: State, start: number, end: number) => {
    const [begin, finish] = [Math.max(start, from), Math.min(end, to)]
    if (finish <= begin) return
    const hidden = within(blind, begin, finish)
    spent[state] += finish - begin - hidden - within(planned, begin, finish)
    spent.unknown += hidden
  }
  add('unknown', from, transitions[0]?.since ?? to)
  for (const [index, transition] of transitions.entries())
    add(transition.to, transition.since, transitions[index + 1]?.since ?? to)
  const seen = spent.up + spent.degraded + spent.down
  return {
    upMs: spent.up,
    degradedMs: spent.degraded,
    downMs: spent.down,
    unknownMs: spent.unknown,
    maintenanceMs: within(planned, from, to),
    uptime: seen === 0 ? null : (spent.up + spent.degraded) / seen,
  }
}
