import { type Calibration, calibrate, heldBelow, type Judged } from '#detectors/flow/calibration.ts'
import { FEATURE_COUNT, FEATURE_TRENDS } from '#detectors/flow/flow-features.ts'
import { createFlowMemory } from '#detectors/flow/flow-memory.ts'
import { type Forest, scoreOf } from '#detectors/flow/forest.ts'
import { createSeeded, type Examples, GROWING, growForest } from '#detectors/flow/grow-forest.ts'
import type { Gathered } from './gather.ts'

/** From this confidence on people are told. */
export const TOLD = 0.8
/** Share of the benign connections that may reach it, in the mean of captures that the trees did not see. */
const MOST_FALSE = 0.006
const ENOUGH = 50
/** A large capture weighs more than a small one, by far not as much as it is larger. */
const EVENING = 0.5
const FOLDS = 3
const MOST_OF_CAPTURE = 4000
const MOST_OF_MADE = 300
const WEIGHT_OF_MADE = 0.5

/** Labelled connections by their group: what belongs together is on one side of every split. */
export const groupsOf = (captures: readonly Gathered[]): readonly string[] => [
  ...new Set(captures.map(({ group }) => group)),
]

/** Every so many of a capture's connections of a class, so that no more than `most` are learned from. */
const thinned = ({ labels, made }: Gathered): Int32Array => {
  const most = made ? MOST_OF_MADE : MOST_OF_CAPTURE
  const kept: number[] = []
  for (const label of [1, 0]) {
    const all: number[] = []
    for (const [index, one] of labels.entries()) if (one === label) all.push(index)
    const step = Math.max(1, all.length / most)
    for (let at = 0; at < all.length; at += step) kept.push(all[Math.floor(at)]!)
  }
  return Int32Array.from(kept)
}

/** What is learned from, each capture by the root of its size, both classes alike in sum. */
const together = (captures: readonly Gathered[]): Examples => {
  const kept = captures.map(thinned)
  const size = kept.reduce((sum, { length }) => sum + length, 0)
  const rows = new Float32Array(size * FEATURE_COUNT)
  const labels = new Uint8Array(size)
  const weights = new Float32Array(size)
  const sums = [0, 0]
  let at = 0
  for (const [index, { counts, made, rows: from, labels: known }] of captures.entries()) {
    const here = [0, 0]
    for (const row of kept[index]!) here[known[row]!]!++
    const each = [counts.benign, counts.malicious].map(
      (count, label) => ((made ? WEIGHT_OF_MADE : 1) * count ** EVENING) / Math.max(1, here[label]!),
    )
    for (const row of kept[index]!) {
      rows.set(from.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT), at * FEATURE_COUNT)
      const label = known[row]!
      labels[at] = label
      weights[at] = each[label]!
      sums[label]! += each[label]!
      at++
    }
  }
  for (let row = 0; row < size; row++) weights[row]! *= size / (2 * Math.max(sums[labels[row]!]!, 1e-9))
  return { rows, labels, weights }
}

/** The scores of all kept connections of a capture, as they count: with what is remembered of those before them. */
export const scoresOf = (forest: Forest, { rows, labels, order, doors }: Gathered): Float64Array => {
  const memory = createFlowMemory()
  const scores = new Float64Array(labels.length)
  const inTurn = Int32Array.from(order, (_, index) => index).sort((a, b) => order[a]! - order[b]!)
  for (const index of inTurn) {
    const door = doors[index]!
    const score = scoreOf(forest, rows.subarray(index * FEATURE_COUNT, (index + 1) * FEATURE_COUNT))
    scores[index] = memory.blend(door < 0 ? -1 - door : door, door < 0, score)
  }
  return scores
}

/**
 * The score that no more than `MOST_FALSE` of the benign connections reach, in the mean of the captures that have enough
 * of them: one that is unlike all others, or whose labels are wrong, does not decide alone.
 */
const floorOf = (benign: readonly (readonly number[])[]): number => {
  const captures = benign.filter((scores) => scores.length >= ENOUGH)
  const all = captures
    .flatMap((scores) => scores.map((score) => ({ score, share: 1 / scores.length / captures.length })))
    .toSorted((a, b) => b.score - a.score)
  let share = 0
  for (const one of all) {
    share += one.share
    if (share > MOST_FALSE) return one.score
  }
  return Number.NEGATIVE_INFINITY
}

/** Groups dealt into folds by chance, the same for the same seed; each with about as many connections. */
const foldsOf = (captures: readonly Gathered[], seed: number): ReadonlyMap<string, number> => {
  const random = createSeeded(seed)
  const groups = groupsOf(captures)
    .map((group) => ({ group, key: random() }))
    .toSorted((a, b) => a.key - b.key)
  const count = Math.min(FOLDS, Math.max(2, groups.length))
  return new Map(groups.map(({ group }, index) => [group, index % count]))
}

/**
 * What scores come to as probabilities, by captures that the scoring trees did not see; each capture weighs the same for
 * each class. Thresholds rest on nothing but these.
 */
const calibrateByCapture = (captures: readonly Gathered[], seed: number): Calibration => {
  const folds = foldsOf(
    captures.filter(({ made }) => !made),
    seed,
  )
  const judged: Judged[] = []
  const benign: number[][] = []
  for (const fold of new Set(folds.values())) {
    const rest = captures.filter(({ group }) => folds.get(group) !== fold)
    const forest = growForest(together(rest), FEATURE_TRENDS, { ...GROWING, seed: seed + fold + 1 })
    for (const one of captures.filter(({ group }) => folds.get(group) === fold)) {
      const scores = scoresOf(forest, one)
      const counts = [0, 0]
      for (const label of one.labels) counts[label]!++
      benign.push([...scores].filter((_, index) => one.labels[index] === 0))
      for (const [index, score] of scores.entries()) {
        const label = one.labels[index]!
        judged.push({ score, malicious: label === 1, weight: counts[label]! ** EVENING / counts[label]! })
      }
    }
  }
  return heldBelow(calibrate(judged), floorOf(benign), TOLD)
}

export interface Learned {
  readonly forest: Forest
  readonly calibration: Calibration
}

/** Trees of all given captures, and probabilities from folds of them. */
export const learn = (captures: readonly Gathered[], seed: number): Learned => ({
  forest: growForest(together(captures), FEATURE_TRENDS, { ...GROWING, seed }),
  calibration: calibrateByCapture(captures, seed),
})
