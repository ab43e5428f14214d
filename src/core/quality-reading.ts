import { wilsonBounds } from '#lib/wilson.ts'
import type { QualityBounds, QualityWindow } from './monitor.ts'
import type { QualityTotals } from './quality-window.ts'

/**
 * What one measure says of a window. While the quality is good: `over` its bound, `open` (it may be, too few packets
 * tell) or `calm`. While it is poor: `clear`, `perhaps` (it seems so, too few packets tell) or `poor`.
 */
export type BeginReading = 'over' | 'open' | 'calm'
export type ClearReading = 'clear' | 'perhaps' | 'poor'

/** Trouble in fewer rounds than this is one burst, whatever it took with it. */
const FEWEST_ROUNDS = 3
/** Fewer packets than this tell nothing, however bad they are. */
const FEWEST_PACKETS = 20
/** Certainty that a share is above its bound. Chosen by `quality.simulation.ts`: fewer false alarms, later ones. */
const BEGIN_Z = 1.96
/** Certainty that a share is below its bound, to think no further of a lost packet. */
const DISMISS_Z = 1
/** Certainty that a share is below its bound, to call poor quality good again. */
const CLEAR_Z = 1.645
/** A 95th percentile at or above a time means that this share of the packets takes as long. */
const P95_SHARE = 0.05

const beginsShare = (hits: number, of: number, rounds: number, bound: number): BeginReading => {
  if (hits === 0) return 'calm'
  const enough = rounds >= FEWEST_ROUNDS && of >= FEWEST_PACKETS
  if (enough && wilsonBounds(hits, of, BEGIN_Z).lower >= bound) return 'over'
  return wilsonBounds(hits, of, DISMISS_Z).upper >= bound ? 'open' : 'calm'
}

const beginsJitter = ({ pairs, variationUs, shakyRounds }: QualityTotals, bound: number): BeginReading => {
  if (pairs === 0 || variationUs / pairs < bound * 1000) return 'calm'
  return pairs >= FEWEST_PACKETS && shakyRounds >= FEWEST_ROUNDS ? 'over' : 'open'
}

/** `over` is told together with the measure that it is. */
export const beginReading = (totals: QualityTotals, bounds: QualityBounds, measure: Measure): BeginReading => {
  const bound = bounds[measure]
  if (bound === undefined) return 'calm'
  if (measure === 'loss') return beginsShare(totals.lost, totals.sent, totals.lossyRounds, bound)
  if (measure === 'rttP95Ms') return beginsShare(totals.slow, totals.sent - totals.lost, totals.slowRounds, P95_SHARE)
  return beginsJitter(totals, bound)
}

const clearsShare = (hits: number, share: number, of: number, bounds: { begin: number; clear: number }): ClearReading => {
  if (of > 0 && share >= bounds.clear) return 'poor'
  return wilsonBounds(hits, of, CLEAR_Z).upper < bounds.begin ? 'clear' : 'perhaps'
}

const clearsJitter = ({ pairs, variationUs }: QualityTotals, bound: number): ClearReading => {
  if (pairs > 0 && variationUs / pairs >= bound * 1000) return 'poor'
  return pairs >= FEWEST_PACKETS ? 'clear' : 'perhaps'
}

export const clearReading = (totals: QualityTotals, { begin, clear }: QualityWindow, measure: Measure): ClearReading => {
  const bound = begin[measure]
  if (bound === undefined) return 'clear'
  const { sent, lost, slow, slowToClear } = totals
  if (measure === 'loss') return clearsShare(lost, lost / sent, sent, { begin: bound, clear: clear.loss ?? bound })
  const answered = sent - lost
  if (measure === 'rttP95Ms')
    return clearsShare(slow, slowToClear / answered, answered, { begin: P95_SHARE, clear: P95_SHARE })
  return clearsJitter(totals, clear.jitterMs ?? bound)
}

export type Measure = keyof QualityBounds
export const MEASURES: readonly Measure[] = ['loss', 'rttP95Ms', 'jitterMs']
