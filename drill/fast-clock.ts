import { createRequire, syncBuiltinESMExports } from 'node:module'
import { CLOCK_VARIABLE, providerTime, readClock } from './clock.ts'

/**
 * Loaded before everything else in each thread of the server under drill (`--import`): time and timers run at the
 * drill's speed. What the kernel measures stays as it is, so round trips and the last moments of a time-out are the
 * wall's; a probe is cut off by a timer, and that one is fast.
 */
const clock = readClock(process.env[CLOCK_VARIABLE])
const { speed } = clock

const WallDate = Date
const wallNow = Date.now.bind(Date)
const wallMonotonic = performance.now.bind(performance)
const now = () => providerTime(clock, wallNow())

class ProviderDate extends WallDate {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [now()] : given) as [number]))
  }
  static override now(): number {
    return now()
  }
}
globalThis.Date = ProviderDate as DateConstructor
performance.now = () => wallMonotonic() * speed
// Threads agree on this one, and its distance to the other must be the same in each of them.
const wallHrtime = process.hrtime.bigint.bind(process.hrtime)
const hrtime = (): bigint => BigInt(Math.round(Number(wallHrtime()) * speed))
const BILLION = 1_000_000_000n
process.hrtime = Object.assign(
  ([seconds, nanoseconds] = [0, 0]): [number, number] => {
    const passed = hrtime() - BigInt(seconds) * BILLION - BigInt(nanoseconds)
    return [Number(passed / BILLION), Number(passed % BILLION)]
  },
  { bigint: hrtime },
)

type Timer = (callback: (...facts: unknown[]) => void, ms?: number, ...facts: unknown[]) => unknown
type Pause = (ms?: number, value?: unknown, options?: object) => unknown
const hurried =
  (timer: Timer): Timer =>
  (callback, ms = 0, ...facts) =>
    timer(callback, ms / speed, ...facts)

const timers = createRequire(import.meta.url)('node:timers') as Record<string, Timer>
const promised = createRequire(import.meta.url)('node:timers/promises') as Record<string, Pause>
for (const name of ['setTimeout', 'setInterval']) {
  const fast = hurried(timers[name]!)
  timers[name] = fast
  Object.assign(globalThis, { [name]: fast })
  const pause = promised[name]!
  promised[name] = (ms = 0, value, options) => pause(ms / speed, value, options)
}
syncBuiltinESMExports()
