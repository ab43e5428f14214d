const KEPT = 8192
const LATEST = 64

export interface LatenessFigures {
  /** Probes started so far. */
  readonly started: number
  /** Of the latest probes (at most 8,192), ms. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Median of the last 64, ms: how late they start at present. */
  readonly current: number
}

/** How late probes start against their schedule, over the latest ones. */
export const createLateness = () => {
  const ring = new Float32Array(KEPT)
  let started = 0
  return {
    add: (ms: number) => {
      ring[started % KEPT] = ms
      started++
    },
    figures: (): LatenessFigures => {
      const kept = ring.slice(0, Math.min(started, KEPT)).sort()
      const latest = Math.min(started, LATEST)
      const last = Float32Array.from({ length: latest }, (_, back) => ring[(started - 1 - back) % KEPT]!).sort()
      const at = (share: number) => kept[Math.min(kept.length - 1, Math.floor(kept.length * share))] ?? 0
      return { started, p50: at(0.5), p99: at(0.99), max: kept.at(-1) ?? 0, current: last[latest >> 1] ?? 0 }
    },
  }
}
