import { foldTransitions } from '#core/monitor/fold-transitions.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { Transition } from '#core/monitor/transition.ts'

/** Changes that were decided at the same moment. */
export interface Batch {
  readonly transitions: readonly Transition[]
  /** Monitors as they were then. */
  readonly monitors: ReadonlyMap<number, Monitor>
  readonly decidedAt: number
  /** Work that is done when all before it are stored, instead. Never rejects. */
  readonly between?: () => Promise<void>
}

const together = (batches: readonly Batch[]): Batch => ({
  transitions: foldTransitions(batches.flatMap(({ transitions }) => transitions)),
  monitors: new Map(batches.flatMap(({ monitors }) => [...monitors])),
  decidedAt: batches.at(-1)!.decidedAt,
})

/**
 * The same with one change of each monitor at most in a row: work that stands between changes keeps its place, for it is
 * about those before it and not about those after it.
 */
export const foldWaiting = (batches: readonly Batch[]): Batch[] => {
  const folded: Batch[] = []
  let row: Batch[] = []
  const endRow = () => {
    const one = row.length > 0 ? together(row) : undefined
    if (one && one.transitions.length > 0) folded.push(one)
    row = []
  }
  for (const batch of batches) {
    if (batch.between) {
      endRow()
      folded.push(batch)
    } else row.push(batch)
  }
  endRow()
  return folded
}

export const changesIn = (batches: readonly Batch[]): readonly Transition[] =>
  batches.flatMap(({ transitions }) => transitions)
