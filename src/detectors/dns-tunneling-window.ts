import { createDistinctCounter, type DistinctCounter } from '#lib/sketch/distinct-counter.ts'
import { hashText } from '#lib/sketch/hash.ts'

/** Record types that carry much per answer and that clients seldom ask for. */
const CARRIERS = new Set(['TXT', 'CNAME', 'MX', 'SRV', 'NULL', 'KEY', 'SIG', 'WKS', 'PRIVATE'])
/** Obsolete or private types: no ordinary client asks for them at all. */
const NEVER_ASKED = new Set(['NULL', 'KEY', 'WKS', 'PRIVATE'])

/** RFC 6895: numbers from here on are for private use. */
const PRIVATE_TYPES = 65_280

const isNeverAsked = (type: string): boolean => {
  if (NEVER_ASKED.has(type)) return true
  const number = /^(?:TYPE|query-|qtype-)(\d+)$/.exec(type)?.[1]
  return number !== undefined && Number(number) >= PRIVATE_TYPES && Number(number) < 65_535
}

/** What one client asked below one registered domain during one window. */
export interface TunnelWindow {
  readonly startMs: number
  lastMs: number
  queries: number
  /** Sums over different names. */
  names: number
  characters: number
  entropy: number
  carriers: number
  neverAsked: number
  /** Exact up to a few, then by counting bits. */
  readonly seen: Set<number>
  counter: DistinctCounter | undefined
  readonly samples: string[]
}

/** Hashes that are kept one by one before counting goes over to bits. */
const EXACT = 64
const MOST_SAMPLES = 3

export const createWindow = (startMs: number): TunnelWindow => ({
  startMs,
  lastMs: startMs,
  queries: 0,
  names: 0,
  characters: 0,
  entropy: 0,
  carriers: 0,
  neverAsked: 0,
  seen: new Set(),
  counter: undefined,
  samples: [],
})

const isNew = (window: TunnelWindow, hash: number): boolean => {
  if (window.counter) return window.counter.add(hash)
  if (window.seen.has(hash)) return false
  window.seen.add(hash)
  if (window.seen.size > EXACT) {
    window.counter = createDistinctCounter()
    for (const earlier of window.seen) window.counter.add(earlier)
    window.seen.clear()
  }
  return true
}

/** Adds a query; `prefix` is what stands in front of the registered domain. `entropyOf` is only asked for new names. */
export const addQuery = (
  window: TunnelWindow,
  prefix: string,
  type: string | undefined,
  timeMs: number,
  entropyOf: (text: string) => number,
): void => {
  window.queries++
  window.lastMs = Math.max(window.lastMs, timeMs)
  if (type !== undefined) {
    const never = isNeverAsked(type)
    if (never || CARRIERS.has(type)) window.carriers++
    if (never) window.neverAsked++
  }
  if (!isNew(window, hashText(prefix))) return
  window.names++
  window.characters += prefix.length
  window.entropy += entropyOf(prefix)
  if (window.samples.length < MOST_SAMPLES) window.samples.push(prefix)
}

/** Different names so far. */
const distinctNames = (window: TunnelWindow): number => (window.counter ? window.counter.estimate() : window.seen.size)

export interface TunnelLimits {
  readonly queries: number
  readonly names: number
}

export interface TunnelScore {
  readonly points: number
  readonly uniqueNames: number
  readonly uniqueShare: number
  readonly meanLength: number
  readonly meanEntropy: number
  readonly carrierShare: number
  readonly payload: number
}

/** Points, one for each sign; `points` reaches four only where several agree. */
export const scoreWindow = (window: TunnelWindow, limits: TunnelLimits): TunnelScore => {
  const uniqueNames = distinctNames(window)
  const uniqueShare = Math.min(1, uniqueNames / window.queries)
  const meanLength = window.characters / Math.max(1, window.names)
  const meanEntropy = window.entropy / Math.max(1, window.names)
  const carrierShare = window.carriers / window.queries
  const payload = meanLength * uniqueNames
  const signs = [
    uniqueNames >= limits.names,
    uniqueShare > 0.8,
    meanLength > 20,
    meanEntropy > 3.2,
    carrierShare > 0.5,
    window.neverAsked / window.queries > 0.5,
    payload > 2000,
  ]
  const points = window.queries >= limits.queries ? signs.filter(Boolean).length : 0
  return { points, uniqueNames, uniqueShare, meanLength, meanEntropy, carrierShare, payload }
}
