import { uptime } from 'node:os'
import { because, type Cause } from '#core/cause/cause.ts'
import type { ErrorCode } from '#core/result/result.ts'
import type { Clock } from '#lib/time/clock.ts'

export interface StallFigures {
  /** Times that this thread stood still, and how long all of them were, ms. */
  readonly count: number
  readonly totalMs: number
}

/** Knows when this thread did not run: the machine slept, the process was stopped, or something held the thread up. */
export interface StallWatch {
  /** Called every `everyMs`, or earlier; a call that comes late is a stall. How long it was, ms; 0 for none. */
  beat(): number
  /** How long we stood still while a look was under way that began then (monotonic), ms; 0 when we did not. */
  during(began: number): number
  figures(): StallFigures
}

/** What comes this much later than planned was held up. */
const STALL_MS = 500
/** So long was more than a hiccup: the machine or the process slept. */
const SLEPT_MS = 10_000
/** After it the network needs a while as well: links, leases, tunnels. */
const WAKING_MS = 10_000
/** The clocks may differ by so much without a reason: `uptime` counts whole seconds. */
const COARSE_MS = 2000

interface Deps {
  readonly clock: Clock
  readonly everyMs: number
  /** Time since the machine started, ms, its sleep included: the monotonic clock of Linux leaves that out. */
  readonly uptimeMs?: () => number
}

const SILENCES: ReadonlySet<ErrorCode> = new Set([
  'timeout',
  'unreachable',
  'no_route',
  'dns_failed',
  'reset',
  'tls_handshake',
])

/** What may come of our own standing still: nothing was heard in time, or what was open had ended by then. */
export const mayComeOfStall = (code: ErrorCode): boolean => SILENCES.has(code)

/** That we stood still, and what was found. */
export const stoodStill = (ms: number, cause: Cause | undefined): Cause => {
  const seconds = (ms / 1000).toFixed(1)
  return cause ? because('stood_still_meanwhile', { seconds, cause }) : because('stood_still', { seconds })
}

export const createStallWatch = ({ clock, everyMs, uptimeMs = () => uptime() * 1000 }: Deps): StallWatch => {
  const read = () => ({ monotonic: clock.monotonic(), wall: clock.now(), uptime: uptimeMs() })
  let last = read()
  let endedAt = Number.NEGATIVE_INFINITY
  let lengthMs = 0
  let doubtUntil = Number.NEGATIVE_INFINITY
  let count = 0
  let totalMs = 0

  /** Time since the last beat, ms, with that in which the machine slept. */
  const sinceBeat = (): number => {
    const awake = clock.monotonic() - last.monotonic
    // Cheap to ask; whether it slept or its clock was set, the uptime tells.
    if (clock.now() - last.wall - awake < COARSE_MS) return awake
    const asleep = uptimeMs() - last.uptime - awake
    return asleep < COARSE_MS ? awake : awake + asleep
  }

  const late = (): number => {
    const ms = sinceBeat() - everyMs
    return ms < STALL_MS ? 0 : ms
  }

  return {
    beat: () => {
      const stood = late()
      last = read()
      if (stood === 0) return 0
      count++
      totalMs += stood
      lengthMs = stood
      endedAt = last.monotonic
      if (stood >= SLEPT_MS) doubtUntil = endedAt + WAKING_MS
      return stood
    },
    during: (began) => {
      const now = late()
      if (now > 0) return now
      return began < endedAt || began < doubtUntil ? lengthMs : 0
    },
    figures: () => ({ count, totalMs: Math.round(totalMs) }),
  }
}
