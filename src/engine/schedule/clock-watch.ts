/** A step of the system's clock that is smaller than this is left to the noise of reading two clocks. */
const STEP_MS = 5
/** Two readings that lie further apart than this were torn by the scheduler of the system. */
const TORN_MS = 0.5
const TRIES = 4

/**
 * Watches the wall clock against the monotonic one: the kernel stamps packets with the wall clock, and somebody may set
 * it between a packet and its answer.
 */
export const createClockWatch = (wallClock: () => number, monotonic: () => number) => {
  let wall = wallClock()
  let offset = wall - monotonic()

  /** How far the wall clock is ahead; undefined when no two readings lay close enough together. */
  const measure = (): number | undefined => {
    for (let tries = 0; tries < TRIES; tries++) {
      const before = monotonic()
      wall = wallClock()
      if (monotonic() - before < TORN_MS) return wall - before
    }
    return undefined
  }

  return {
    /** By how many ms the wall clock was set since the last call; 0 when it was not. */
    check: (): number => {
      wall = wallClock()
      const now = wall - monotonic()
      if (Math.abs(now - offset) < STEP_MS) {
        offset = now
        return 0
      }
      const measured = measure()
      if (measured === undefined || Math.abs(measured - offset) < STEP_MS) return 0
      const step = measured - offset
      offset = measured
      return step
    },
    /** The wall clock as of the last check, ms. */
    wall: (): number => wall,
  }
}
