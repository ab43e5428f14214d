import type { State } from './monitor.ts'

export interface Uptime {
  readonly upMs: number
  readonly degradedMs: number
  readonly downMs: number
  readonly unknownMs: number
  /** (up + degraded) / (up + degraded + down), 0 to 1; null when nothing is known. */
  readonly uptime: number | null
}

/**
 * How long a monitor was in each state in `[from, to)`. `transitions` come in the order of time, each holding from its
 * `since` on, the first one from before `from` where there is one; in a gap nothing is known. Times in ms.
 */
export const uptimeOf = (
  transitions: readonly { readonly since: number; readonly to: State }[],
  gaps: readonly { readonly from: number; readonly to: number }[],
  from: number,
  to: number,
): Uptime => {
  const spent: Record<State, number> = { up: 0, degraded: 0, down: 0, unknown: 0 }
  const blind = (start: number, end: number) =>
    gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(end, gap.to) - Math.max(start, gap.from)), 0)
  const add = (state: State, start: number, end: number) => {
    const [begin, finish] = [Math.max(start, from), Math.min(end, to)]
    if (finish <= begin) return
    const hidden = blind(begin, finish)
    spent[state] += finish - begin - hidden
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
    uptime: seen === 0 ? null : (spent.up + spent.degraded) / seen,
  }
}
