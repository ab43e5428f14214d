import type { Monitor } from '../../api/types.ts'
import { type Counts, countStates } from './arrange.ts'

export type Line =
  | { readonly kind: 'group'; readonly value: string; readonly counts: Counts }
  | { readonly kind: 'monitors'; readonly monitors: readonly Monitor[]; readonly fold?: Fold; readonly below?: true }

/** What a monitor cut off, which stands under it where somebody opens it. */
export interface Fold {
  readonly size: number
  readonly open: boolean
}

/**
 * Each monitor with those that it cut off under it, which are shown where its id is among `opened`. One that several cut
 * off stands under the first of them. What is cut off by nothing that is in the list stays where it is.
 */
export const foldLines = (monitors: readonly Monitor[], opened: ReadonlySet<number>): readonly Line[] => {
  const ids = new Set(monitors.map(({ id }) => id))
  const under = Map.groupBy(monitors, ({ cut_off_by: by }) => by?.find((id) => ids.has(id)))
  return (under.get(undefined) ?? []).flatMap((monitor): Line[] => {
    const cutOff = under.get(monitor.id)
    if (!cutOff) return [{ kind: 'monitors', monitors: [monitor] }]
    const open = opened.has(monitor.id)
    const own: Line = { kind: 'monitors', monitors: [monitor], fold: { size: cutOff.length, open } }
    return open ? [own, ...cutOff.map((one): Line => ({ kind: 'monitors', monitors: [one], below: true }))] : [own]
  })
}

/** The lines of the list: `perLine` monitors each, under a head for every value of the label (`type` for the type). */
export const linesOf = (
  monitors: readonly Monitor[],
  group: string,
  perLine: number,
  marks: Parameters<typeof countStates>[1],
): readonly Line[] => {
  const chunked = (some: readonly Monitor[]): Line[] =>
    Array.from({ length: Math.ceil(some.length / perLine) }, (_, index) => ({
      kind: 'monitors',
      monitors: some.slice(index * perLine, (index + 1) * perLine),
    }))
  if (group === '') return chunked(monitors)
  const groups = Map.groupBy(monitors, ({ type, labels }) => (group === 'type' ? type : (labels[group] ?? '')))
  const heads = [...groups].map(([value, members]) => ({ value, members, counts: countStates(members, marks) }))
  const wrong = ({ counts }: { counts: Counts }) => counts.down * 1_000_000 + counts.degraded * 1000 + counts.cut_off
  heads.sort((a, b) => wrong(b) - wrong(a) || a.value.localeCompare(b.value, undefined, { numeric: true }))
  return heads.flatMap(({ value, members, counts }): Line[] => [{ kind: 'group', value, counts }, ...chunked(members)])
}
