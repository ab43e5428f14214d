import {
  featuresOf,
  HASHED,
  type MadeName,
  madeName,
  SURPRISE_SCALE,
  type Surprise,
  SYMBOLS,
  symbolsOf,
  tripleAt,
} from '#detectors/dga-features.ts'

export interface LabelledName {
  readonly made: MadeName
  /** Undefined for a name that people chose. */
  readonly family: string | undefined
}

/** Reads `domain,label,family,source` lines. */
export const readNames = (csv: string): LabelledName[] =>
  csv
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [domain, label, family] = line.trim().split(',')
      const made = domain ? madeName(domain.toLowerCase()) : undefined
      return made ? [{ made, family: label === 'dga' ? family! : undefined }] : []
    })

/** A repeatable shuffle (mulberry32). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const shuffled = <Item>(items: readonly Item[], random: () => number): Item[] => {
  const order = [...items]
  for (let index = order.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    ;[order[index], order[other]] = [order[other]!, order[index]!]
  }
  return order
}

/** How surprising each triple is among these names: Witten-Bell smoothing from triples over pairs to single characters. */
const learnSurprise = (names: readonly MadeName[]): Surprise => {
  const triples = new Float64Array(SYMBOLS ** 3)
  const pairs = new Float64Array(SYMBOLS ** 2)
  const followers = new Float64Array(SYMBOLS ** 2)
  const lower = new Float64Array(SYMBOLS ** 2)
  const lowerSum = new Float64Array(SYMBOLS)
  const lowerFollowers = new Float64Array(SYMBOLS)
  const single = new Float64Array(SYMBOLS).fill(1)
  for (const { label } of names) {
    const symbols = symbolsOf(label)
    for (let index = 0; index + 2 < symbols.length; index++) {
      const triple = tripleAt(symbols, index)
      const pair = Math.floor(triple / SYMBOLS)
      if (triples[triple]!++ === 0) followers[pair]!++
      pairs[pair]!++
      const next = symbols[index + 1]! * SYMBOLS + symbols[index + 2]!
      if (lower[next]!++ === 0) lowerFollowers[symbols[index + 1]!]!++
      lowerSum[symbols[index + 1]!]!++
      single[symbols[index + 2]!]!++
    }
  }
  const total = single.reduce((sum, count) => sum + count, 0)
  const surprise = new Uint8Array(SYMBOLS ** 3)
  for (let triple = 0; triple < surprise.length; triple++) {
    const pair = Math.floor(triple / SYMBOLS)
    const middle = pair % SYMBOLS
    const last = triple % SYMBOLS
    const one = single[last]! / total
    const two =
      (lower[middle * SYMBOLS + last]! + (lowerFollowers[middle]! + 1) * one) /
      (lowerSum[middle]! + lowerFollowers[middle]! + 1)
    const three = (triples[triple]! + (followers[pair]! + 1) * two) / (pairs[pair]! + followers[pair]! + 1)
    surprise[triple] = Math.min(255, Math.round(-Math.log(three) * SURPRISE_SCALE))
  }
  return surprise
}

export interface TrainedModel {
  readonly weights: Float32Array
  readonly bias: number
  readonly surprise: Surprise
}

const EPOCHS = 12
const RATE = 0.1
const DECAY = 1e-5
/** A family weighs as the root of its size: between each name and each family counting the same. */
const FAMILY_POWER = 0.5

/**
 * Logistic regression by AdaGrad. Large families are held back so that none rules, and all of them together weigh as
 * much as the chosen names: what counts is to know a kind of name again, not one list. The surprise of a chosen name
 * comes from a table that did not see it, as it will be in use.
 */
export const train = (names: readonly LabelledName[], seed = 1): TrainedModel => {
  const random = createRandom(seed)
  const chosen = shuffled(
    names.filter(({ family }) => family === undefined),
    random,
  )
  const half = chosen.length >> 1
  const halves = [chosen.slice(0, half), chosen.slice(half)]
  const tables = halves.map((part) => learnSurprise(part.map(({ made }) => made)))
  const surprise = learnSurprise(chosen.map(({ made }) => made))
  const sizes = new Map<string, number>()
  for (const { family } of names) if (family) sizes.set(family, (sizes.get(family) ?? 0) + 1)

  let familySum = 0
  for (const size of sizes.values()) familySum += size ** FAMILY_POWER
  const examples = [
    ...halves.flatMap((part, index) =>
      part.map(({ made }) => ({ features: featuresOf(made, tables[1 - index]!), target: 0, weight: 1 })),
    ),
    ...names.flatMap(({ made, family }) => {
      if (!family) return []
      const size = sizes.get(family)!
      return [
        {
          features: featuresOf(made, surprise),
          target: 1,
          weight: ((size ** FAMILY_POWER / familySum) * chosen.length) / size,
        },
      ]
    }),
  ]
  const weights = new Float32Array(HASHED)
  const squares = new Float32Array(HASHED).fill(1e-6)
  let bias = 0
  let biasSquares = 1e-6
  for (let epoch = 0; epoch < EPOCHS; epoch++)
    for (const { features, target, weight } of shuffled(examples, random)) {
      const scale = 1 / Math.sqrt(features.length)
      let sum = bias
      for (const feature of features) sum += weights[feature]! * scale
      const error = (1 / (1 + Math.exp(-sum)) - target) * weight
      for (const feature of features) {
        const gradient = error * scale + DECAY * weights[feature]!
        squares[feature]! += gradient * gradient
        weights[feature]! -= (RATE * gradient) / Math.sqrt(squares[feature]!)
      }
      biasSquares += error * error
      bias -= (RATE * error) / Math.sqrt(biasSquares)
    }
  return { weights, bias, surprise }
}

/** Log odds that a program made the name. */
export const scoreName = ({ weights, bias, surprise }: TrainedModel, made: MadeName): number => {
  const features = featuresOf(made, surprise)
  let sum = 0
  for (const feature of features) sum += weights[feature]!
  return bias + sum / Math.sqrt(features.length)
}
