import type { QualityWindow } from './monitor.ts'
import { beginReading, cautionOf, clearReading, MEASURES, type Measure } from './quality-reading.ts'
import { createRoundWindow } from './quality-window.ts'

export type QualityVerdict = 'good' | 'bad' | 'unchanged'

/** What a window came to, as it is told. Times in ms, loss 0 to 1; NaN where nothing was measured. */
export interface QualityFigures {
  readonly overMs: number
  readonly sent: number
  readonly lost: number
  readonly loss: number
  readonly rttP95Ms: number
  readonly jitterMs: number
}

/** Judges the quality of one target over a window that moves with time. */
export interface Quality {
  /**
   * One round that began at `at` (ms since the epoch): the first `count` of `rtts` are its packets' times in ms in order
   * of sending, NaN where one was lost. `unchanged` where the verdict stays what it was.
   */
  observe(at: number, rtts: ArrayLike<number>, count: number): QualityVerdict
  /** True while a few more packets soon would tell: the next round should not wait for its interval. */
  inDoubt(): boolean
  /** The measure that the latest `bad` is about. */
  measure(): Measure
  figures(): QualityFigures
  /** When what the verdict rests on began: the first trouble in the window, or the first round after the last. */
  since(): number | undefined
  /** Forgets what was observed, and the verdict: after an outage the way may be another. */
  reset(): void
}

export interface QualityOptions {
  /** Wait between two rounds while in doubt; with the window it tells how many rounds must be remembered. */
  readonly retryMs: number
  /** The verdict to begin with, of a target whose quality was poor before a restart. */
  readonly bad?: boolean
}

const FEWEST_REMEMBERED = 8
const MOST_REMEMBERED = 512
/** Doubt that so many quick rounds have not ended rests for as long as the window is. */
const MOST_DOUBTFUL_ROUNDS = 60
/** What seems good for so many windows is good, however few packets tell so. */
const PATIENCE_WINDOWS = 2

const remembered = (roundsHeld: number) => Math.min(MOST_REMEMBERED, Math.max(FEWEST_REMEMBERED, roundsHeld + 1))

/**
 * The verdict begins good. It turns bad when a measure is above its bound for certain, at several moments, and good again
 * when each is below where it clears and enough packets tell so. Memory: some tens of bytes per round of the window.
 */
export const createQuality = (window: QualityWindow, { retryMs, bad: badBefore = false }: QualityOptions): Quality => {
  const { overMs } = window
  const roundsHeld = Math.ceil(overMs / Math.max(1, retryMs))
  const caution = cautionOf(roundsHeld)
  const rounds = createRoundWindow(window, remembered(roundsHeld))
  const { totals } = rounds
  let bad = badBefore
  let measure: Measure = 'loss'
  let doubt = false
  let doubtfulRounds = 0
  let restUntil = Number.NEGATIVE_INFINITY
  let seemsGoodSince = Number.NaN

  const doubts = (at: number, open: boolean) => {
    // A rest ends by itself, also where the clock was set back meanwhile.
    const resting = at < restUntil && at >= restUntil - overMs
    doubt = open && !resting
    doubtfulRounds = doubt ? doubtfulRounds + 1 : 0
    if (doubtfulRounds <= MOST_DOUBTFUL_ROUNDS) return
    doubt = false
    doubtfulRounds = 0
    restUntil = at + overMs
  }

  const decide = (verdict: 'good' | 'bad'): QualityVerdict => {
    bad = verdict === 'bad'
    doubt = false
    doubtfulRounds = 0
    restUntil = Number.NEGATIVE_INFINITY
    seemsGoodSince = Number.NaN
    return verdict
  }

  const whileGood = (at: number): QualityVerdict => {
    let open = false
    for (const one of MEASURES) {
      const reading = beginReading(totals, window.begin, one, caution)
      if (reading === 'over') {
        measure = one
        return decide('bad')
      }
      if (reading === 'open') open = true
    }
    doubts(at, open)
    return 'unchanged'
  }

  const whileBad = (at: number): QualityVerdict => {
    let clear = true
    for (const one of MEASURES) {
      const reading = clearReading(totals, window, one)
      if (reading === 'poor') {
        seemsGoodSince = Number.NaN
        doubts(at, false)
        return 'unchanged'
      }
      if (reading === 'perhaps') clear = false
    }
    if (Number.isNaN(seemsGoodSince)) seemsGoodSince = at
    if (clear || at - seemsGoodSince >= PATIENCE_WINDOWS * overMs) return decide('good')
    doubts(at, true)
    return 'unchanged'
  }

  return {
    observe: (at, rtts, count) => {
      rounds.add(at, rtts, count)
      return bad ? whileBad(at) : whileGood(at)
    },
    inDoubt: () => doubt,
    measure: () => measure,
    figures: () => ({
      overMs,
      sent: totals.sent,
      lost: totals.lost,
      loss: totals.lost / totals.sent,
      rttP95Ms: rounds.rttP95Ms(),
      jitterMs: totals.variationUs / totals.pairs / 1000,
    }),
    since: () => (bad ? rounds.troubleSince() : rounds.quietSince()),
    reset: () => {
      rounds.clear()
      decide('good')
    },
  }
}
