import type { Transition } from './transition.ts'

/** What several changes of one monitor come to; undefined where it is back in the state in which it began. */
const fold = (changes: readonly Transition[]): Transition | undefined => {
  const [first, last] = [changes[0]!, changes.at(-1)!]
  if (first.from === last.to) return undefined
  return { ...last, from: first.from, previousSince: first.previousSince }
}

/**
 * The same changes of state with one at most of each monitor, in the order of their last ones: where it stood before
 * all of them, and where it stands now.
 */
export const foldTransitions = (transitions: readonly Transition[]): readonly Transition[] => {
  const byMonitor = new Map<number, Transition[]>()
  for (const transition of transitions) {
    const { monitorId } = transition
    const changes = byMonitor.get(monitorId) ?? []
    changes.push(transition)
    // It takes its place anew, as the last.
    byMonitor.delete(monitorId)
    byMonitor.set(monitorId, changes)
  }
  return [...byMonitor.values()].map(fold).filter((one) => one !== undefined)
}
