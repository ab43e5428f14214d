import { loadDgaModel } from '#detectors/dga-model.ts'
import { areaOf, exceededBy, meanOf, scoreByFolds } from './dga-folds.ts'
import { createRandom, type LabelledName } from './dga-training.ts'

interface FamilyReport {
  readonly family: string
  readonly names: number
  /** Share of its names above the score that one in a hundred chosen names exceeds. */
  readonly recall: number
  /** Share of machines with twenty of its names above the mean that one in a thousand machines exceeds. */
  readonly hosts: number
  /** Share of machines that the detector tells, with twenty of its names that do not exist. */
  readonly told: number
  /** `folds`: by models that saw none of it. `model`: by the shipped model, which never did. */
  readonly by: 'folds' | 'model'
}

export interface DgaReport {
  readonly chosen: number
  readonly area: number | null
  readonly recall: number
  /** Shares of the families of which at least half of the machines are found. */
  readonly hostsFound: number
  readonly hostsTold: number
  readonly families: readonly FamilyReport[]
}

const NAMES_OF_HOST = 20
const HOSTS = 300
/** What the detector asks for by default of twenty names, in standard deviations of the mean. */
const STRENGTH = 5
const CHOSEN_HOSTS = 20_000

const hostMeans = (scores: readonly number[], hosts: number, random: () => number): number[] =>
  Array.from({ length: hosts }, () =>
    meanOf(Array.from({ length: NAMES_OF_HOST }, () => scores[Math.floor(random() * scores.length)]!)),
  )

/** Figures for families that were not trained on: left out in folds, or not known to the shipped model at all. */
export const reportDga = (names: readonly LabelledName[]): DgaReport | undefined => {
  if (!names.some(({ family }) => family !== undefined)) return undefined
  const random = createRandom(9)
  const model = loadDgaModel()
  const isUnseen = (family: string | undefined): boolean => family !== undefined && !model.families.has(family)
  const folds = scoreByFolds(names.filter(({ family }) => !isUnseen(family)))
  const chosenByModel = names.filter(({ family }) => family === undefined).map(({ made }) => model.score(made))
  const limits = (chosen: readonly number[]) => ({
    name: exceededBy(chosen, 0.01),
    host: exceededBy(hostMeans(chosen, CHOSEN_HOSTS, random), 0.001),
  })
  const foldLimits = limits(folds.chosen)
  const modelLimits = limits(chosenByModel)

  const told = model.chosen.mean + (STRENGTH * model.chosen.deviation) / Math.sqrt(NAMES_OF_HOST)

  const report = (family: string, scores: readonly number[], by: 'folds' | 'model'): FamilyReport => {
    const { name, host } = by === 'folds' ? foldLimits : modelLimits
    const means = hostMeans(scores, HOSTS, random)
    return {
      family,
      names: scores.length,
      recall: scores.filter((score) => score > name).length / scores.length,
      hosts: means.filter((mean) => mean > host).length / HOSTS,
      told: means.filter((mean) => mean >= told).length / HOSTS,
      by,
    }
  }

  const unseen = Map.groupBy(
    names.filter(({ family }) => isUnseen(family)),
    ({ family }) => family!,
  )
  const families = [
    ...[...folds.families].map(([family, scores]) => report(family, scores, 'folds')),
    ...[...unseen].map(([family, its]) =>
      report(
        family,
        its.map(({ made }) => model.score(made)),
        'model',
      ),
    ),
  ].sort((a, b) => a.recall - b.recall)
  const total = families.reduce((sum, family) => sum + family.names, 0)
  const made = [...folds.families.values()].flat()
  return {
    chosen: folds.chosen.length,
    area: made.length === 0 ? null : areaOf(folds.chosen, made),
    recall: families.reduce((sum, { recall, names: count }) => sum + recall * count, 0) / total,
    hostsFound: families.filter(({ hosts }) => hosts >= 0.5).length / families.length,
    hostsTold: families.filter((family) => family.told >= 0.5).length / families.length,
    families,
  }
}
