import { shareAt } from '#detectors/flow/calibration.ts'
import type { CaptureFigures } from '#detectors/flow/flow-model.ts'
import { type Bin, figuresOf, portRule, reliabilityOf } from './figures.ts'
import type { Gathered } from './gather.ts'
import { groupsOf, type Learned, learn, scoresOf, TOLD } from './learn.ts'

export interface Judgement {
  readonly figures: readonly CaptureFigures[]
  readonly reliability: readonly Bin[]
}

type Said = { readonly confidence: number; readonly malicious: boolean; readonly weight: number }

const judge = (learned: Learned, capture: Gathered, training: readonly Gathered[]) => {
  const confidences = Float64Array.from(scoresOf(learned.forest, capture), (score) =>
    shareAt(learned.calibration, score),
  )
  const weightOf = (label: number) =>
    1 / Math.sqrt(Math.max(1, label === 1 ? capture.counts.malicious : capture.counts.benign))
  return {
    figures: figuresOf(capture, (index) => confidences[index]! >= TOLD, portRule(training)),
    said: [...confidences].map(
      (confidence, index): Said => ({
        confidence,
        malicious: capture.labels[index] === 1,
        weight: weightOf(capture.labels[index]!),
      }),
    ),
  }
}

/**
 * Leaves each capture out in turn, with all that belongs to it: trees, probabilities and thresholds come from the others
 * alone. `onLearned` sees each model with the captures that it never saw.
 */
export const judgeLeftOut = async (
  captures: readonly Gathered[],
  seed: number,
  onLearned: (learned: Learned, left: readonly Gathered[]) => Promise<void> = async () => {},
): Promise<Judgement> => {
  const figures: CaptureFigures[] = []
  const said: Said[] = []
  for (const group of groupsOf(captures.filter(({ made }) => !made))) {
    const training = captures.filter((one) => one.group !== group)
    const left = captures.filter((one) => one.group === group)
    const learned = learn(training, seed)
    for (const capture of left) {
      const one = judge(learned, capture, training)
      figures.push(one.figures)
      said.push(...one.said)
    }
    await onLearned(learned, left)
  }
  return { figures, reliability: reliabilityOf(said) }
}

/** Trains on the older half of the captures and judges by the newer one; undefined where that leaves a side without a class. */
export const judgeByTime = (
  captures: readonly Gathered[],
  seed: number,
): { readonly untilMs: number; readonly figures: readonly CaptureFigures[] } | undefined => {
  const real = captures.filter(({ made, firstMs }) => !made && firstMs > YEAR_2000_MS)
  const groups = groupsOf(real)
    .map((group) => ({
      group,
      firstMs: Math.min(...real.filter((one) => one.group === group).map((one) => one.firstMs)),
    }))
    .toSorted((a, b) => a.firstMs - b.firstMs)
  const newer = groups.slice(Math.ceil(groups.length / 2))
  if (newer.length === 0) return undefined
  const isNewer = new Set(newer.map(({ group }) => group))
  const training = [...captures.filter(({ made }) => made), ...real.filter(({ group }) => !isNewer.has(group))]
  const olds = training.filter(({ made }) => !made)
  if (!olds.some(({ counts }) => counts.malicious > 0) || !olds.some(({ counts }) => counts.benign > 0))
    return undefined
  const learned = learn(training, seed)
  return {
    untilMs: newer[0]!.firstMs,
    figures: real.filter(({ group }) => isNewer.has(group)).map((one) => judge(learned, one, training).figures),
  }
}

/** Captures whose clocks say less than that have none. */
const YEAR_2000_MS = 946_684_800_000
