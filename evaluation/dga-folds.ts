import { createRandom, type LabelledName, scoreName, shuffled, train } from './dga-training.ts'

/** Scores of names from models that saw neither them nor anything of their family. */
export interface OutOfFold {
  readonly chosen: readonly number[]
  readonly families: ReadonlyMap<string, readonly number[]>
}

const FOLDS = 5

/** Cross-validation that splits by family, never by name: a random split would measure memory. */
export const scoreByFolds = (names: readonly LabelledName[]): OutOfFold => {
  const random = createRandom(3)
  const families = shuffled([...new Set(names.flatMap(({ family }) => family ?? []))].sort(), random)
  const chosen = shuffled(
    names.filter(({ family }) => family === undefined),
    random,
  )
  const foldOf = new Map(families.map((family, index) => [family, index % FOLDS]))
  const scores: number[] = []
  const byFamily = new Map<string, number[]>()
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = train([
      ...chosen.filter((_, index) => index % FOLDS !== fold),
      ...names.filter(({ family }) => family !== undefined && foldOf.get(family) !== fold),
    ])
    for (let index = fold; index < chosen.length; index += FOLDS) scores.push(scoreName(model, chosen[index]!.made))
    for (const { made, family } of names)
      if (family !== undefined && foldOf.get(family) === fold)
        byFamily.getOrInsert(family, []).push(scoreName(model, made))
  }
  return { chosen: scores, families: byFamily }
}

/** The score that `share` of the values exceed. */
export const exceededBy = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => b - a)
  return sorted[Math.floor(sorted.length * share)] ?? Number.POSITIVE_INFINITY
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

export const deviationOf = (values: readonly number[]): number => {
  const mean = meanOf(values)
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)))
}

/** Area under the curve: how often a made name scores above a chosen one. */
export const areaOf = (chosen: readonly number[], made: readonly number[]): number => {
  const all = [...chosen.map((score) => ({ score, made: 0 })), ...made.map((score) => ({ score, made: 1 }))]
  all.sort((a, b) => a.score - b.score)
  let below = 0
  let area = 0
  for (const item of all) {
    if (item.made) area += below
    else below++
  }
  return area / (chosen.length * made.length)
}
