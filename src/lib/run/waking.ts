import type { Timer, Timers } from '../time/timers.ts'

export interface WakingDeps {
  /** What there is to do; returns when it is to be done again at the latest, ms of `now`. */
  readonly turn: () => Promise<number>
  readonly now: () => number
  readonly timers: Timers
  /** After a turn that threw, ms. */
  readonly againAfterMs: number
  /** Within this time a call of `wakeSoon` is heard, with others that come meanwhile, ms. */
  readonly soonMs: number
}

/** Work in turns, one at a time. */
export interface Waking {
  /** There is something to do: a turn begins at once, or one more follows the one that runs. */
  wake(): void
  /** There is something to do that can wait for more of its kind. */
  wakeSoon(): void
  /** True when nothing runs and nobody has called. */
  isIdle(): boolean
  /** Resolves when the turns that run, and those that were called for, are done. */
  rest(): Promise<void>
  /** No turn is due by itself any more; one still runs when it is called for. */
  stop(): void
}

const SHORTEST_SLEEP_MS = 10

/**
 * Runs `turn` when somebody calls and when it is due by itself.
 *
 * @example
 * const waking = createWaking({ turn: async () => now() + 1000, now, timers, againAfterMs: 1000, soonMs: 100 })
 * waking.wake()
 */
export const createWaking = ({ turn, now, timers, againAfterMs, soonMs }: WakingDeps): Waking => {
  let timer: Timer | undefined
  let soon: Timer | undefined
  let turning: Promise<void> | undefined
  let called = false
  let stopped = false

  const turns = async () => {
    let next = now()
    while (called) {
      called = false
      next = await turn().catch(() => now() + againAfterMs)
    }
    turning = undefined
    if (!stopped) timer = timers.after(Math.max(SHORTEST_SLEEP_MS, next - now()), wake)
  }

  const wake = () => {
    called = true
    timers.clear(soon)
    soon = undefined
    if (turning) return
    timers.clear(timer)
    // Not before `turning` is set: what a turn does at once may call.
    turning = Promise.resolve().then(turns)
  }

  return {
    wake,
    wakeSoon: () => {
      soon ??= timers.after(soonMs, wake)
    },
    isIdle: () => !turning && !soon,
    rest: async () => {
      if (soon) wake()
      await turning
    },
    stop: () => {
      stopped = true
      timers.clear(timer)
    },
  }
}
