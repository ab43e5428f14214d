/**
 * How much a series of connections looks like a program calling home: the four scores of RITA v5, written from its
 * published formulas. Each is between 0 (not at all) and 1.
 */
export interface BeaconScore {
  /** Regular intervals. */
  readonly intervals: number
  /** Regular sizes of what the client sent. */
  readonly sizes: number
  /** Present during the whole time looked at. */
  readonly duration: number
  /** Evenly spread over that time, or in two even groups. */
  readonly histogram: number
  /** Mean of the four. */
  readonly total: number
  /** Middle interval, seconds. */
  readonly medianInterval: number
  /** Mean absolute deviation of the intervals from their middle, seconds. */
  readonly deviation: number
}

const BINS = 24
/** Runs and present hours count in full from half a day of a day on. */
const FULL_RUN = 12
const LEAST_BARS_FOR_DURATION = 6
const LEAST_BARS_FOR_TWO_GROUPS = 11

const medianOf = (sorted: ArrayLike<number>, from = 0, to = sorted.length): number => {
  const count = to - from
  const middle = from + (count >> 1)
  return count % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Quartiles as medians of the lower and upper half, the median itself left out. */
const quartiles = (sorted: ArrayLike<number>): readonly [number, number, number] => {
  const half = sorted.length >> 1
  return [medianOf(sorted, 0, half), medianOf(sorted), medianOf(sorted, sorted.length - half, sorted.length)]
}

/** Bowley's skewness; none where the quartiles lie too close to tell. */
const skewness = ([lower, middle, upper]: readonly [number, number, number]): number =>
  upper - lower < 10 || middle === lower || middle === upper ? 0 : (upper + lower - 2 * middle) / (upper - lower)

const deviationFrom = (sorted: Float64Array, middle: number): number => {
  const distances = new Float64Array(sorted.length)
  for (let index = 0; index < sorted.length; index++) distances[index] = Math.abs(sorted[index]! - middle)
  return medianOf(distances.sort())
}

interface Regularity {
  readonly score: number
  readonly median: number
  readonly deviation: number
}

/** Symmetric and narrow about the median; `small` is the score of a median below one, where a ratio says nothing. */
const regularity = (values: Float64Array, small: number): Regularity => {
  const sorted = values.sort()
  const three = quartiles(sorted)
  const median = three[1]
  const deviation = deviationFrom(sorted, median)
  const narrow = median < 1 ? small : Math.max(0, (median - deviation) / median)
  return { score: (1 - Math.abs(skewness(three)) + narrow) / 2, median, deviation }
}

const longestRun = (bins: Uint32Array): number => {
  let longest = 0
  let run = 0
  // Twice around: what ends at midnight may go on after it.
  for (let index = 0; index < 2 * BINS; index++) {
    run = bins[index % BINS]! > 0 ? run + 1 : 0
    if (run > longest) longest = run
  }
  return Math.min(longest, BINS)
}

const evenness = (bins: Uint32Array, bars: number): number => {
  let sum = 0
  let largest = 0
  for (const count of bins) {
    sum += count
    if (count > largest) largest = count
  }
  const mean = sum / BINS
  let squares = 0
  for (const count of bins) squares += (count - mean) ** 2
  const even = Math.max(0, 1 - Math.sqrt(squares / BINS) / mean)
  if (bars < LEAST_BARS_FOR_TWO_GROUPS) return even
  const width = Math.ceil(largest * 0.05)
  const groups = new Map<number, number>()
  for (const count of bins)
    if (count > 0) groups.set(Math.floor(count / width), (groups.get(Math.floor(count / width)) ?? 0) + 1)
  const [first = 0, second = 0] = [...groups.values()].sort((a, b) => b - a)
  return Math.max(even, Math.min(1, (first + second) / Math.max(bars - 1, 1)))
}

/** Least different moments for a score. */
const LEAST_MOMENTS = 4

/**
 * Scores a series: `times` in whole seconds in rising order, `sizes` in bytes beside them, within the span from
 * `startS` to `endS` that was looked at. Undefined when there are too few different moments.
 */
export const scoreBeacon = (
  times: Uint32Array,
  sizes: Uint32Array,
  startS: number,
  endS: number,
): BeaconScore | undefined => {
  const gaps: number[] = []
  const bins = new Uint32Array(BINS)
  const span = Math.max(1, endS - startS)
  for (let index = 0; index < times.length; index++) {
    const bin = Math.floor(((times[index]! - startS) / span) * BINS)
    bins[Math.min(BINS - 1, Math.max(0, bin))]!++
    const gap = index > 0 ? times[index]! - times[index - 1]! : 0
    if (gap > 0) gaps.push(gap)
  }
  if (gaps.length < LEAST_MOMENTS - 1) return undefined
  const interval = regularity(Float64Array.from(gaps), 1)
  const size = regularity(Float64Array.from(sizes), 0)
  const bars = bins.reduce((count, bin) => count + (bin > 0 ? 1 : 0), 0)
  const covered = (times.at(-1)! - times[0]!) / span
  const duration = bars < LEAST_BARS_FOR_DURATION ? 0 : Math.min(1, Math.max(covered, longestRun(bins) / FULL_RUN))
  const histogram = evenness(bins, bars)
  return {
    intervals: interval.score,
    sizes: size.score,
    duration,
    histogram,
    total: (interval.score + size.score + duration + histogram) / 4,
    medianInterval: interval.median,
    deviation: interval.deviation,
  }
}
