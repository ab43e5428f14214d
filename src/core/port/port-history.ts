import type { PortSample, PortSamples } from './port-sample.ts'
import { COUNTERS, TCP_STATES } from './port-sample.ts'

/** What is kept of a port at one moment: a count per state, then listeners, queue and limit of the queue. */
const WIDTH = TCP_STATES.length + 3
const [LISTENERS, QUEUE, LIMIT] = [TCP_STATES.length, TCP_STATES.length + 1, TCP_STATES.length + 2]
const NO_LIMIT = 0xffff_ffff
const CHUNK = 60
/** Chunks kept at most, of 4 KB each: 25 ports for a day, or 2,000 for twenty minutes, counted every 5 s. */
const MOST_CHUNKS = 7500
const LONGEST_MS = 24 * 3_600_000

interface Chunk {
  used: number
  readonly at: Float64Array
  readonly figures: Uint32Array
}

/** A port within one step of time: the highest figures in it, for a short peak must not be lost. */
export interface PortPoint {
  /** Begin of the step, ms. */
  readonly at: number
  /** Sockets by state; states that none was in are left out. */
  readonly states: Readonly<Record<string, number>>
  /** The fewest sockets that listened, for one that is gone for a moment must not be lost either. */
  readonly listeners: number
  readonly queue: number
  readonly queueLimit: number | null
}

export interface PortHistory {
  add(samples: PortSamples): void
  /** Points of a port from `from` to `to`, ms, one for each `stepMs` that has samples; undefined for an unknown port. */
  series(port: number, from: number, to: number, stepMs: number): PortPoint[] | undefined
}

const newChunk = (): Chunk => ({
  used: 0,
  at: new Float64Array(CHUNK),
  figures: new Uint32Array(CHUNK * WIDTH),
})

const write = (chunk: Chunk, { local, listeners }: PortSample, at: number): void => {
  const start = chunk.used * WIDTH
  for (let counter = 0; counter < COUNTERS; counter++)
    chunk.figures[start + (counter % TCP_STATES.length)]! += local[counter]!
  chunk.figures[start + LISTENERS] = listeners.count
  chunk.figures[start + QUEUE] = listeners.queue
  chunk.figures[start + LIMIT] = listeners.limit ?? NO_LIMIT
  chunk.at[chunk.used] = at
  chunk.used++
}

const pointOf = (at: number, peak: Uint32Array): PortPoint => ({
  at,
  states: Object.fromEntries(
    TCP_STATES.map((state, index) => [state, peak[index]!]).filter(([, count]) => count !== 0),
  ),
  listeners: peak[LISTENERS]!,
  queue: peak[QUEUE]!,
  queueLimit: peak[LIMIT] === NO_LIMIT ? null : peak[LIMIT]!,
})

const merge = (peak: Uint32Array, figures: Uint32Array, start: number): void => {
  for (let index = 0; index < WIDTH; index++) {
    const value = figures[start + index]!
    if (index === LISTENERS ? value < peak[index]! : value > peak[index]!) peak[index] = value
  }
}

/** The counts of the last day in memory, for charts; the oldest go first when there are too many ports. */
export const createPortHistory = (): PortHistory => {
  const ports = new Map<number, Chunk[]>()
  let chunks = 0

  const dropOldest = () => {
    let oldest: number | undefined
    for (const [port, [first]] of ports)
      if (oldest === undefined || first!.at[0]! < ports.get(oldest)![0]!.at[0]!) oldest = port
    if (oldest !== undefined) drop(oldest)
  }
  const drop = (port: number) => {
    const kept = ports.get(port)!
    kept.shift()
    chunks--
    if (kept.length === 0) ports.delete(port)
  }
  const chunkOf = (port: number): Chunk => {
    const kept = ports.get(port) ?? []
    ports.set(port, kept)
    const last = kept.at(-1)
    if (last && last.used < CHUNK) return last
    const made = newChunk()
    kept.push(made)
    chunks++
    return made
  }

  return {
    add: ({ at, ports: samples }) => {
      for (const sample of samples) write(chunkOf(sample.port), sample, at)
      for (const [port, [first]] of ports) if (first!.at[first!.used - 1]! < at - LONGEST_MS) drop(port)
      while (chunks > MOST_CHUNKS) dropOldest()
    },
    series: (port, from, to, stepMs) => {
      const kept = ports.get(port)
      if (!kept) return undefined
      const points: PortPoint[] = []
      let step = Number.NaN
      let peak = new Uint32Array(WIDTH)
      const end = () => {
        if (!Number.isNaN(step)) points.push(pointOf(step, peak))
      }
      for (const { used, at, figures } of kept)
        for (let index = 0; index < used; index++) {
          if (at[index]! < from || at[index]! >= to) continue
          const mine = Math.floor(at[index]! / stepMs) * stepMs
          const start = index * WIDTH
          if (mine === step) merge(peak, figures, start)
          else {
            end()
            step = mine
            peak = figures.slice(start, start + WIDTH)
          }
        }
      end()
      return points
    },
  }
}
