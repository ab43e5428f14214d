import type { Clock } from '#lib/time/clock.ts'
import type { Timer, Timers } from '#lib/time/timers.ts'
import type { Sampled, SocketSampler } from './sampler.ts'

export interface PortWatch {
  /** The last look. */
  latest(): Sampled
  stop(): Promise<void>
}

export interface PortWatchDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly timers: Timers
}

/** Samples at once and then every `everyMs`; a look that takes longer delays the next one instead of piling up. */
export const watchPorts = async (
  sampler: SocketSampler,
  everyMs: number,
  { clock, timers }: PortWatchDeps,
  onSample: (sampled: Sampled) => void = () => {},
): Promise<PortWatch> => {
  let latest = await sampler.sample()
  onSample(latest)
  let stopped = false
  let timer: Timer | undefined
  let looking: Promise<void> = Promise.resolve()
  let dueAt = clock.monotonic() + everyMs
  const look = async () => {
    latest = await sampler.sample()
    if (stopped) return
    onSample(latest)
    dueAt = Math.max(dueAt + everyMs, clock.monotonic())
    plan()
  }
  const plan = () => {
    timer = timers.after(Math.max(0, dueAt - clock.monotonic()), () => {
      looking = look()
    })
  }
  plan()
  return {
    latest: () => latest,
    stop: async () => {
      stopped = true
      timers.clear(timer)
      await looking
      sampler.close()
    },
  }
}
