import { type BenchServer, startBenchServer } from './server.ts'

interface EngineStats {
  readonly results: { readonly failed: number; readonly unknown: number }
  readonly lateness: { readonly started: number; readonly p50: number; readonly p99: number; readonly max: number }
}

export interface ProductFigures {
  readonly checks: number
  readonly cpuMsPerCheck: number
  /** Of one core, percent. */
  readonly cpuPercent: number
  readonly latenessP99: number
  readonly latenessMax: number
  readonly residentMb: number
  readonly writtenPerCheck: number
  readonly startedInMs: number
  /** Probes started until the measured time began. */
  readonly before: number
  /** Results in the measured time that were no success. */
  readonly failed: number
}

export const pause = (seconds: number) => new Promise((later) => setTimeout(later, seconds * 1000))

const statsOf = async (url: string, token: string): Promise<EngineStats> => {
  const answer = await fetch(`${url}/api/v1/engine`, { headers: { authorization: `Bearer ${token}` } })
  return answer.json() as Promise<EngineStats>
}

const failuresOf = ({ results }: EngineStats) => results.failed + results.unknown

const SETTLE_TRIES = 60

/** Waits until what the first round of probes changed has been recorded: the main thread does little again. */
const settled = async (server: BenchServer): Promise<void> => {
  for (let tries = 0; tries < SETTLE_TRIES; tries++) {
    const before = server.mainThreadSeconds()
    await pause(2)
    if (server.mainThreadSeconds() - before < 0.1) return
  }
}

/**
 * Starts the product on one core with a configuration, lets it run for `warmUpS`, then reads what it costs over
 * `measuredS`.
 */
export const measureProduct = async (
  config: object,
  {
    port,
    warmUpS,
    measuredS,
    startedBefore = true,
  }: { port: number; warmUpS: number; measuredS: number; startedBefore?: boolean },
): Promise<ProductFigures> => {
  if (startedBefore) {
    // The first start after an installation compiles the program; every other one finds that done.
    const firstStart = await startBenchServer({ ...config, monitors: [] }, port)
    await pause(1)
    await firstStart.stop()
  }
  const server = await startBenchServer(config, port)
  try {
    const token = server.token()
    await pause(warmUpS)
    await settled(server)
    // Asking for the figures is no part of what a check costs.
    const before = { stats: await statsOf(server.url, token), cpu: server.cpuSeconds(), written: server.writtenBytes() }
    const started = performance.now()
    await pause(measuredS)
    const cpu = server.cpuSeconds() - before.cpu
    const written = server.writtenBytes() - before.written
    const seconds = (performance.now() - started) / 1000
    const stats = await statsOf(server.url, token)
    const checks = stats.lateness.started - before.stats.lateness.started
    return {
      checks,
      cpuMsPerCheck: (cpu * 1000) / checks,
      cpuPercent: (cpu / seconds) * 100,
      latenessP99: stats.lateness.p99,
      latenessMax: stats.lateness.max,
      residentMb: server.residentMb(),
      writtenPerCheck: written / checks,
      startedInMs: server.startedInMs,
      before: before.stats.lateness.started,
      failed: failuresOf(stats) - failuresOf(before.stats),
    }
  } finally {
    await server.stop()
  }
}
