/** A log that waits for its turn: its next line was written at `at`; `go` hears until when it may be read. */
interface Waiting {
  readonly at: number
  readonly go: (until: number) => void
}

/** Lets logs that are read at once take turns, so that what they hold is taken in in the order of its time. */
export interface TimeGate {
  /** Runs the reading of one log; nobody gets a turn while a log that is being read has not said what comes next. */
  within(log: string, read: () => Promise<void>): Promise<void>
  /** Waits until nothing older is about to come from another log. Resolves with the time of what comes next there. */
  turn(log: string, at: number): Promise<number>
}

export const createTimeGate = (): TimeGate => {
  /** Logs that are being read: waiting for a turn, or busy. */
  const logs = new Map<string, Waiting | 'busy'>()

  const next = () => {
    let first: readonly [string, Waiting] | undefined
    let until = Number.POSITIVE_INFINITY
    for (const [log, state] of logs) {
      if (state === 'busy') return
      if (!first || state.at < first[1].at) {
        until = first ? first[1].at : until
        first = [log, state]
      } else until = Math.min(until, state.at)
    }
    if (!first) return
    logs.set(first[0], 'busy')
    first[1].go(until)
  }

  return {
    within: async (log, read) => {
      logs.set(log, 'busy')
      try {
        await read()
      } finally {
        logs.delete(log)
        next()
      }
    },
    turn: (log, at) =>
      new Promise((go) => {
        logs.set(log, { at, go })
        next()
      }),
  }
}
