import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * For long work in slices: each call gives the event loop a turn when the last one is more than `stretchMs` ago, and
 * costs next to nothing when it is not.
 */
export const createBreath = (stretchMs: number): (() => Promise<void> | undefined) => {
  let since = performance.now()
  const rest = async () => {
    await nextTurn()
    since = performance.now()
  }
  return () => (performance.now() - since < stretchMs ? undefined : rest())
}
