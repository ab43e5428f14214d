import { PerformanceObserver } from 'node:perf_hooks'
import v8 from 'node:v8'

/** Collections of young garbage per second from which a larger space for it pays. */
const OFTEN = 20
/** One of its two halves; the other one and what survives come on top. */
const LARGEST_BYTES = 16 * 1024 * 1024
const LOOK_EVERY_MS = 1000

const allowGrowth = (yes: boolean) => v8.setFlagsFromString(`--semi-space-growth-factor=${yes ? 2 : 1}`)

const youngBytes = (): number =>
  v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? LARGEST_BYTES

/**
 * Lets the space for young objects grow while there is so much work that collecting it is a cost of its own: thousands
 * of events a second would else be stopped hundreds of times a second. An idle server stays small. For the thread that
 * calls it; returns the way to stop.
 */
export const growUnderLoad = (): (() => void) => {
  let collections = 0
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length
  })
  observer.observe({ entryTypes: ['gc'] })
  const timer = setInterval(() => {
    allowGrowth(collections >= OFTEN && youngBytes() < LARGEST_BYTES)
    collections = 0
  }, LOOK_EVERY_MS).unref()
  return () => {
    clearInterval(timer)
    observer.disconnect()
    allowGrowth(false)
  }
}
