import { wilsonBounds } from '#lib/sketch/wilson.ts'
import type { QualityBounds, QualityWindow } from './monitor.ts'
import type { QualityTotals } from './quality-window.ts'

export type Measure = keyof QualityBounds
export const MEASURES: readonly Measure[] = ['loss', 'rttP95Ms', 'jitterMs']

/**
 * What one measure says of a window. While the quality is good: `over` its bound, `open` (it may be, too few packets
 * tell) or `calm`. While it is poor: `clear`, `perhaps` (it seems so, too few packets tell) or `poor`.
 */
export type BeginReading = 'over' | 'open' | 'calm'
export type ClearReading = 'clear' | 'perhaps' | 'poor'

/** How much it takes to call quality poor. */
export interface Caution {
  /** Moments of the window, well apart, that must show trouble. */
  readonly moments: number
  /** Standard deviations by which a share must be above its bound. */
  readonly z: number
}

/** Chosen by `evaluation/quality-simulation.ts`. Trouble that is spread so far is no burst, and needs little more certainty. */
const SPREAD: Caution = { moments: 6, z: 1 }
/** Where the window holds too few rounds for that, certainty must stand in for it. */
const FEW: Caution = { moments: 3, z: 2.58 }

/** What a window can ask for that holds `rounds` rounds at the interval of doubt. */
export const cautionOf = (rounds: number): Caution =>
  rounds >= 4 * SPREAD.moments ? SPREAD : { ...FEW, moments: Math.max(1, Math.min(FEW.moments, rounds)) }

/** Certainty that a share is below its bound, to think no further of a lost packet. Chosen as above. */
const DISMISS_Z = 1.15
/** Certainty that a share is below its bound, to call poor quality good again. */
const CLEAR_Z = 1.645
/** Fewer pairs of answers than this tell no mean. */
const FEWEST_PAIRS = 10
/** A 95th percentile at or above a time means that this share of the packets takes as long. */
const P95_SHARE = 0.05

const beginsShare = (hits: number, of: number, moments: number, bound: number, needed: Caution): BeginReading => {
  if (hits === 0) return 'calm'
  if (moments >= needed.moments && wilsonBounds(hits, of, needed.z).lower >= bound) return 'over'
  return wilsonBounds(hits, of, DISMISS_Z).upper >= bound ? 'open' : 'calm'
}

const beginsJitter = (
  { pairs, variationUs, shakyMoments }: QualityTotals,
  bound: number,
  needed: Caution,
): BeginReading => {
  if (pairs === 0 || variationUs / pairs < bound * 1000) return 'calm'
  return pairs >= FEWEST_PAIRS && shakyMoments >= needed.moments ? 'over' : 'open'
}

/** What a measure says while the quality is good. */
export const beginReading = (
  totals: QualityTotals,
  bounds: QualityBounds,
  measure: Measure,
  needed: Caution,
): BeginReading => {
  const bound = bounds[measure]
  if (bound === undefined) return 'calm'
  const { sent, lost, slow, lossyMoments, slowMoments } = totals
  if (measure === 'loss') return beginsShare(lost, sent, lossyMoments, bound, needed)
  if (measure === 'rttP95Ms') return beginsShare(slow, sent - lost, slowMoments, P95_SHARE, needed)
  return beginsJitter(totals, bound, needed)
}

const clearsShare = (
  hits: number,
  share: number,
  of: number,
  bounds: { begin: number; clear: number },
): ClearReading => {
  if (of > 0 && share >= bounds.clear) return 'poor'
  return wilsonBounds(hits, of, CLEAR_Z).upper < bounds.begin ? 'clear' : 'perhaps'
}

const clearsJitter = ({ pairs, variationUs }: QualityTotals, bound: number): ClearReading => {
  if (pairs > 0 && variationUs / pairs >= bound * 1000) return 'poor'
  return pairs >= FEWEST_PAIRS ? 'clear' : 'perhaps'
}

/** What a measure says while the quality is poor. */
export const clearReading = (
  totals: QualityTotals,
  { begin, clear }: QualityWindow,
  measure: Measure,
): ClearReading => {
  const bound = begin[measure]
  if (bound === undefined) return 'clear'
  const { sent, lost, slow, slowToClear } = totals
  if (measure === 'loss') return clearsShare(lost, lost / sent, sent, { begin: bound, clear: clear.loss ?? bound })
  const answered = sent - lost
  if (measure === 'rttP95Ms')
    return clearsShare(slow, slowToClear / answered, answered, { begin: P95_SHARE, clear: P95_SHARE })
  return clearsJitter(totals, clear.jitterMs ?? bound)
}
