import { because } from '#core/cause/cause.ts'
import type { RoundFault } from '#core/probe.ts'

/**
 * Tells a packet that this machine dropped from one that never came: the kernel counts what did not fit into the
 * socket's buffer. `dropped` reads that count; NaN where there is none. Times in ms of the wall clock.
 */
export const createLocalLoss = (dropped: () => number) => {
  let before = dropped()
  let until = Number.NEGATIVE_INFINITY
  let lost = 0

  return {
    /** Asks the kernel. Returns how many were dropped since the last time. */
    check: (now: number): number => {
      const total = dropped()
      const more = Number.isNaN(total) ? 0 : (total - before) >>> 0
      before = total
      if (more > 0) {
        until = now
        lost = more
      }
      return more
    },
    /** True when the answer to a packet may be among what was dropped. */
    mayHaveTaken: (sentAt: number): boolean => sentAt <= until,
    fault: (): RoundFault => ({
      ownFault: {
        code: 'local_loss',
        cause: because('replies_dropped', { lost }),
      },
    }),
  }
}
