import * as promises from 'node:timers/promises'

/** Something that waits; it keeps the process alive until it has come, unless it is told not to. */
export interface Timer {
  unref(): unknown
}

interface PauseOptions {
  /** Ends the pause early. */
  readonly signal?: AbortSignal | undefined
  /** False: it does not keep the process alive. */
  readonly ref?: boolean
}

/**
 * Waiting as the rest of the code sees it, so that a simulation can hand in its own beside its `Clock`. Times in ms.
 * The system's timers are handed out as they are: nothing is made for each of them.
 */
export interface Timers {
  /** Calls once after a time. */
  after(ms: number, act: () => void): Timer
  /** Calls again and again. */
  every(ms: number, act: () => void): Timer
  /** Ends one, which may have come already or never have been set. */
  clear(timer: Timer | undefined): void
  /** Resolves after a time, or as soon as its signal ends; never rejects. */
  pause(ms: number, options?: PauseOptions): Promise<void>
  /** Calls after what waits in the event loop. */
  soon(act: () => void): void
  /** Resolves after what waits in the event loop, for long work that lets others have their turn. */
  turn(): Promise<void>
}

export const systemTimers: Timers = {
  after: (ms, act) => setTimeout(act, ms),
  every: (ms, act) => setInterval(act, ms),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
  pause: (ms, options) => promises.setTimeout(ms, undefined, options).catch(() => {}),
  soon: (act) => {
    setImmediate(act)
  },
  turn: () => promises.setImmediate(),
}
