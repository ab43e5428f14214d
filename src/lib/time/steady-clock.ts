import type { Clock } from './clock.ts'

/** What the clock of the system did, as of the last look. */
type ClockNews =
  /** It is set otherwise by so much; the steady clock goes on as before. */
  | { readonly kind: 'set'; readonly byMs: number }
  /** It is where it was again. */
  | { readonly kind: 'returned' }
  /** It has stayed there: `adopt` takes it over. */
  | { readonly kind: 'believed'; readonly byMs: number }
  /** The steady clock has followed: a small correction, or time in which the machine slept. */
  | { readonly kind: 'followed' }

/** A clock that goes on by counted time when the system's is set, until it is told to take that over. */
export interface SteadyClock extends Clock {
  /** How far `now` is ahead of `absoluteMonotonic`, for other threads. */
  offset(): number
  /** Called each second. */
  look(): ClockNews | undefined
  adopt(byMs: number): void
  /** Goes on from an earlier life: where it ended, and how long ago that is, where that is known. */
  goOn(at: number, elapsedMs: number | undefined): void
}

export interface SteadyClockDeps {
  readonly wall?: () => number
  readonly monotonic?: () => number
  /** Time since the machine started, ms, its sleep included. */
  readonly uptimeMs: () => number
}

/** What is smaller is followed at once: the system's clock is corrected by a little now and then. */
const SMALL_MS = 1000
/** Reading two clocks is noisy by so much. */
const NOISE_MS = 20
/** `uptime` may count whole seconds. */
const COARSE_MS = 2000
/** A clock that is set is believed when it stays there for so long. */
const HOLD_MS = 60_000
/** A clock that stands earlier than this software is wrong. */
const EARLIEST = Date.UTC(2026, 0, 1)
/** Two readings further apart than this were torn by the scheduler of the system. */
const TORN_MS = 1
const TRIES = 4

const began = (() => {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6 - performance.now()
})()

/** Monotonic time that is the same in all threads of this process, ms. */
export const absoluteMonotonic = (): number => began + performance.now()

/** Whether a clock is one that holds against steps, which has to be looked at. */
export const isSteady = (clock: Clock): clock is SteadyClock => 'look' in clock

/** The clock of another thread, which stands where it is told to: so far ahead of `absoluteMonotonic`. */
export const createFollowingClock = (offset: number): Clock & { set(offset: number): void } => {
  let ahead = offset
  return {
    now: () => Math.floor(absoluteMonotonic() + ahead),
    monotonic: () => performance.now(),
    set: (next) => {
      ahead = next
    },
  }
}

/** A clock that begins with what the system shows, ms. `wall` and `monotonic` are asked at each look. */
export const createSteadyClock = ({
  wall = Date.now,
  monotonic = absoluteMonotonic,
  uptimeMs,
}: SteadyClockDeps): SteadyClock => {
  let offset = 0
  let counted = { awake: monotonic(), whole: uptimeMs() }
  let held: { readonly byMs: number; readonly since: number } | undefined
  /** It goes on from a guess: how long the machine was off nobody knows before its clock is set right. */
  let guessed = false
  const exact = () => monotonic() + offset

  /** How far the system's clock is ahead; undefined when no two readings lay close enough together. */
  const measure = (): number | undefined => {
    for (let tries = 0; tries < TRIES; tries++) {
      const before = exact()
      const there = wall()
      if (exact() - before < TORN_MS) return there - before
    }
    return undefined
  }

  offset = measure() ?? wall() - monotonic()

  /** For how long the machine slept since the last look, ms. */
  const slept = (): number => {
    const present = { awake: monotonic(), whole: uptimeMs() }
    const asleep = present.whole - counted.whole - (present.awake - counted.awake)
    counted = present
    return asleep >= COARSE_MS ? asleep : 0
  }

  const follow = (byMs: number): ClockNews => {
    offset += byMs
    return { kind: 'followed' }
  }

  const returned = (ahead: number): ClockNews | undefined => {
    const was = held
    held = undefined
    if (was) offset += ahead
    if (was) return { kind: 'returned' }
    return Math.abs(ahead) < NOISE_MS ? undefined : follow(ahead)
  }

  return {
    now: () => Math.floor(exact()),
    monotonic,
    offset: () => exact() - absoluteMonotonic(),
    look: () => {
      const asleep = slept()
      const ahead = measure()
      if (ahead === undefined) return undefined
      if (asleep > 0 && ahead > SMALL_MS) return follow(Math.abs(ahead - asleep) < COARSE_MS ? ahead : asleep)
      if (Math.abs(ahead) < SMALL_MS) return returned(ahead)
      if (guessed && ahead > 0) {
        guessed = false
        held = undefined
        return follow(ahead)
      }
      if (!held || Math.abs(ahead - held.byMs) > SMALL_MS) {
        held = { byMs: ahead, since: monotonic() }
        return { kind: 'set', byMs: ahead }
      }
      const stays = monotonic() - held.since >= HOLD_MS && exact() + ahead >= EARLIEST
      return stays ? { kind: 'believed', byMs: ahead } : undefined
    },
    adopt: (byMs) => {
      offset += byMs
      held = undefined
    },
    goOn: (at, elapsedMs) => {
      const expected = at + (elapsedMs ?? 0)
      const ahead = wall() - expected
      if (elapsedMs === undefined ? ahead > -SMALL_MS : Math.abs(ahead) <= COARSE_MS) return
      guessed = elapsedMs === undefined
      offset = expected - monotonic()
    },
  }
}
