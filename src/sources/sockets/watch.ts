import type { Sampled, SocketSampler } from './sampler.ts'

export interface PortWatch {
  /** The last look. */
  latest(): Sampled
  stop(): Promise<void>
}

/** Samples at once and then every `everyMs`; a look that takes longer delays the next one instead of piling up. */
export const watchPorts = async (
  sampler: SocketSampler,
  everyMs: number,
  onSample: (sampled: Sampled) => void = () => {},
): Promise<PortWatch> => {
  let latest = await sampler.sample()
  onSample(latest)
  let stopped = false
  let timer: NodeJS.Timeout
  let looking: Promise<void> = Promise.resolve()
  let dueAt = performance.now() + everyMs
  const look = async () => {
    latest = await sampler.sample()
    if (stopped) return
    onSample(latest)
    dueAt = Math.max(dueAt + everyMs, performance.now())
    plan()
  }
  const plan = () => {
    timer = setTimeout(
      () => {
        looking = look()
      },
      Math.max(0, dueAt - performance.now()),
    )
  }
  plan()
  return {
    latest: () => latest,
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await looking
      sampler.close()
    },
  }
}
