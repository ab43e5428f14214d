/** A signal with an end: by itself after a time, or with another signal. */
export interface Deadline {
  readonly signal: AbortSignal
  /** True when the time was over before the other signal came. */
  timedOut(): boolean
  /** To be called when the work is done: lets go of the timer and the other signal. */
  clear(): void
}

/**
 * Ends after `ms`, or with `parent`. Does what `AbortSignal.any` over `AbortSignal.timeout` does, and leaves nothing to
 * the garbage collector, which thousands of them a second keep busy.
 */
export const createDeadline = (ms: number, parent: AbortSignal): Deadline => {
  const controller = new AbortController()
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    controller.abort(new DOMException('The time is over', 'TimeoutError'))
  }, ms)
  const end = () => controller.abort(parent.reason)
  if (parent.aborted) end()
  else parent.addEventListener('abort', end, { once: true })
  return {
    signal: controller.signal,
    timedOut: () => timedOut,
    clear: () => {
      clearTimeout(timer)
      parent.removeEventListener('abort', end)
    },
  }
}
