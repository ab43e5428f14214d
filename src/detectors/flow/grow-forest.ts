import { BINS, type Bins, binned } from './bins.ts'
import type { Forest } from './forest.ts'

/** Rows to learn from; `labels` are 1 for what is to be found. */
export interface Examples {
  readonly rows: Float32Array
  readonly labels: Uint8Array
  readonly weights: Float32Array
}

export interface Growing {
  readonly seed: number
  readonly trees: number
  readonly depth: number
  readonly rate: number
  /** Pulls what a leaf adds towards nothing. */
  readonly lambda: number
  /** Least weight of the rows of a leaf. */
  readonly leastWeight: number
  /** Shares of the rows and of the features that each tree sees. */
  readonly rowShare: number
  readonly featureShare: number
}

export const GROWING: Growing = {
  seed: 20,
  trees: 90,
  depth: 4,
  rate: 0.1,
  lambda: 4,
  leastWeight: 6,
  rowShare: 0.6,
  featureShare: 0.6,
}

/** The same sequence for the same seed on every machine (mulberry32). */
export const createSeeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score))

interface Node {
  feature: number
  threshold: number
  left: number
  value: number
  /** What values below here must keep to, so that a trend holds in the whole tree. */
  readonly low: number
  readonly high: number
  gradient: number
  curve: number
}

interface Split {
  readonly gain: number
  readonly feature: number
  readonly bin: number
}

const within = (value: number, { low, high }: Pick<Node, 'low' | 'high'>): number =>
  value < low ? low : value > high ? high : value

/** Grows a forest by gradient boosting on logistic loss. The same examples and seed give the same forest to the bit. */
export const growForest = (
  { rows, labels, weights }: Examples,
  trends: Int8Array,
  growing: Growing = GROWING,
): Forest => {
  const count = trends.length
  const size = labels.length
  const bins = binned(rows, count)
  const random = createSeeded(growing.seed)
  let positive = 0
  let total = 0
  for (let row = 0; row < size; row++) {
    total += weights[row]!
    if (labels[row] === 1) positive += weights[row]!
  }
  const share = Math.min(0.99, Math.max(0.01, positive / Math.max(total, 1e-9)))
  const bias = Math.fround(Math.log(share / (1 - share)))
  const scores = new Float64Array(size).fill(bias)
  const gradients = new Float64Array(size)
  const curves = new Float64Array(size)
  const nodes: Node[] = []
  const roots: number[] = []

  for (let tree = 0; tree < growing.trees; tree++) {
    for (let row = 0; row < size; row++) {
      const likely = sigmoid(scores[row]!)
      gradients[row] = weights[row]! * (likely - labels[row]!)
      curves[row] = weights[row]! * Math.max(likely * (1 - likely), 1e-6)
    }
    const picked: number[] = []
    for (let row = 0; row < size; row++) if (random() < growing.rowShare) picked.push(row)
    const features: number[] = []
    for (let feature = 0; feature < count; feature++) if (random() < growing.featureShare) features.push(feature)
    roots.push(nodes.length)
    growTree(nodes, { bins, gradients, curves, picked: Int32Array.from(picked), features, trends, growing })
    addTree(nodes, roots.at(-1)!, bins, scores)
  }
  return flat(nodes, roots, bias)
}

interface Ground {
  readonly bins: Bins
  readonly gradients: Float64Array
  readonly curves: Float64Array
  readonly picked: Int32Array
  readonly features: readonly number[]
  readonly trends: Int8Array
  readonly growing: Growing
}

/** Appends one tree to the nodes, level by level. */
const growTree = (nodes: Node[], ground: Ground): void => {
  const { gradients, curves, picked, growing, bins } = ground
  let gradient = 0
  let curve = 0
  for (const row of picked) {
    gradient += gradients[row]!
    curve += curves[row]!
  }
  const leaf = (sums: { gradient: number; curve: number }, low: number, high: number): Node => ({
    feature: -1,
    threshold: 0,
    left: -1,
    value: within(-sums.gradient / (sums.curve + growing.lambda), { low, high }),
    low,
    high,
    ...sums,
  })
  const root = nodes.length
  nodes.push(leaf({ gradient, curve }, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))
  const place = new Int32Array(picked.length).fill(root)
  let level = [root]
  for (let depth = 0; depth < growing.depth && level.length > 0; depth++) {
    const slots = new Map(level.map((node, slot) => [node, slot]))
    const splits = bestSplits(nodes, level, slots, place, ground)
    const next: number[] = []
    for (const [slot, index] of level.entries()) {
      const split = splits[slot]
      if (!split) continue
      const node = nodes[index]!
      const sums = split.sums
      const rest = { gradient: node.gradient - sums.gradient, curve: node.curve - sums.curve }
      const middle = within(
        (-sums.gradient / (sums.curve + growing.lambda) - rest.gradient / (rest.curve + growing.lambda)) / 2,
        node,
      )
      const trend = ground.trends[split.feature]!
      node.feature = split.feature
      node.threshold = bins.edges[split.feature]![split.bin]!
      node.left = nodes.length
      nodes.push(leaf(sums, trend < 0 ? middle : node.low, trend > 0 ? middle : node.high))
      nodes.push(leaf(rest, trend > 0 ? middle : node.low, trend < 0 ? middle : node.high))
      next.push(node.left, node.left + 1)
    }
    for (let at = 0; at < picked.length; at++) {
      const node = nodes[place[at]!]!
      if (node.feature < 0) continue
      const value = bins.columns[node.feature]![picked[at]!]!
      const { bin } = splits[slots.get(place[at]!)!]!
      place[at] = node.left + (value <= bin ? 0 : 1)
    }
    level = next
  }
  for (let index = root; index < nodes.length; index++) nodes[index]!.value *= growing.rate
}

type SplitWithSums = Split & { readonly sums: { gradient: number; curve: number } }

const bestSplits = (
  nodes: readonly Node[],
  level: readonly number[],
  slots: ReadonlyMap<number, number>,
  place: Int32Array,
  { bins, gradients, curves, picked, features, trends, growing }: Ground,
): (SplitWithSums | undefined)[] => {
  const best: (SplitWithSums | undefined)[] = level.map(() => undefined)
  const slotOf = Int32Array.from(place, (node) => slots.get(node) ?? -1)
  const g = new Float64Array(level.length * BINS)
  const h = new Float64Array(level.length * BINS)
  const quality = ({ gradient, curve }: { gradient: number; curve: number }) =>
    (gradient * gradient) / (curve + growing.lambda)
  for (const feature of features) {
    g.fill(0)
    h.fill(0)
    const column = bins.columns[feature]!
    for (let at = 0; at < picked.length; at++) {
      const slot = slotOf[at]!
      if (slot < 0) continue
      const row = picked[at]!
      const cell = slot * BINS + column[row]!
      g[cell]! += gradients[row]!
      h[cell]! += curves[row]!
    }
    const trend = trends[feature]!
    const edges = bins.edges[feature]!.length
    for (const [slot, index] of level.entries()) {
      const node = nodes[index]!
      const whole = quality(node)
      let gradient = 0
      let curve = 0
      for (let bin = 0; bin < edges; bin++) {
        gradient += g[slot * BINS + bin]!
        curve += h[slot * BINS + bin]!
        const rest = { gradient: node.gradient - gradient, curve: node.curve - curve }
        if (curve < growing.leastWeight / 4 || rest.curve < growing.leastWeight / 4) continue
        const gain = quality({ gradient, curve }) + quality(rest) - whole
        if (gain <= Math.max(1e-6, best[slot]?.gain ?? 0)) continue
        const below = within(-gradient / (curve + growing.lambda), node)
        const above = within(-rest.gradient / (rest.curve + growing.lambda), node)
        if (trend !== 0 && trend * (above - below) < 0) continue
        best[slot] = { gain, feature, bin, sums: { gradient, curve } }
      }
    }
  }
  return best
}

/** Adds what a tree says to the scores of all rows, those that it did not see too. */
const addTree = (nodes: readonly Node[], root: number, bins: Bins, scores: Float64Array): void => {
  for (let row = 0; row < scores.length; row++) {
    let node = nodes[root]!
    while (node.feature >= 0) {
      const value = bins.columns[node.feature]![row]!
      const edges = bins.edges[node.feature]!
      // The bin of a threshold is the number of edges below it.
      node = nodes[node.left + (value >= edges.length || edges[value]! > node.threshold ? 1 : 0)]!
    }
    scores[row]! += node.value
  }
}

const flat = (nodes: readonly Node[], roots: readonly number[], bias: number): Forest => ({
  bias,
  roots: Int32Array.from(roots),
  features: Int16Array.from(nodes, ({ feature }) => feature),
  thresholds: Float32Array.from(nodes, ({ threshold }) => threshold),
  left: Int32Array.from(nodes, ({ left }) => left),
  values: Float32Array.from(nodes, ({ value }) => value),
})
