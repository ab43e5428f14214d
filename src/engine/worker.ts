import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '#lib/time/clock.ts'
import { absoluteMonotonic, createFollowingClock } from '#lib/time/steady-clock.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { type EngineData, runEngine } from './run-engine.ts'

/** The engine's thread, so that nothing that the main thread does can delay a probe. */

/** Nice value: probes go before whatever else this process has to do, also where it has one processor for all of it. */
const PRIORITY = -10

/** On Linux this concerns the calling thread alone. Without the privilege it stays as it is. */
const goFirst = () => {
  if (process.platform !== 'linux') return
  try {
    setPriority(PRIORITY)
  } catch {
    // Not permitted here.
  }
}
goFirst()

const data = workerData as EngineData
runEngine(parentPort!, data, {
  clock: createFollowingClock(data.clockOffset ?? systemClock.now() - absoluteMonotonic()),
  machine: systemClock,
  timers: systemTimers,
})
