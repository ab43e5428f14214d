/**
 * Boosted trees in flat arrays: to score is to walk down numbers. A node with feature -1 is a leaf; else what is at most
 * the threshold goes to `left`, the rest to the place behind it. `values` holds what a leaf adds, and what an inner node
 * would add if the tree ended there: the difference along a path is what each feature on it contributed.
 */
export interface Forest {
  readonly bias: number
  /** Where each tree begins. */
  readonly roots: Int32Array
  readonly features: Int16Array
  readonly thresholds: Float32Array
  readonly left: Int32Array
  readonly values: Float32Array
}

/** Log odds of a row of features. */
export const scoreOf = (
  { bias, roots, features, thresholds, left, values }: Forest,
  row: { readonly [index: number]: number },
): number => {
  let sum = bias
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree]!
    let feature = features[node]!
    while (feature >= 0) {
      node = left[node]! + (row[feature]! <= thresholds[node]! ? 0 : 1)
      feature = features[node]!
    }
    sum += values[node]!
  }
  return sum
}

/** What each feature of a row added to its score, or took from it: with the bias and the roots they make the score. */
export const contributionsOf = (
  { roots, features, thresholds, left, values }: Forest,
  row: { readonly [index: number]: number },
  count: number,
): Float64Array => {
  const added = new Float64Array(count)
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree]!
    let feature = features[node]!
    while (feature >= 0) {
      const next = left[node]! + (row[feature]! <= thresholds[node]! ? 0 : 1)
      added[feature]! += values[next]! - values[node]!
      node = next
      feature = features[node]!
    }
  }
  return added
}

/** True for a forest that can be walked: every path goes forward and ends, and asks for features that there are. */
export const isSound = ({ bias, roots, features, thresholds, left, values }: Forest, count: number): boolean => {
  const size = features.length
  if (!Number.isFinite(bias) || thresholds.length !== size || left.length !== size || values.length !== size)
    return false
  for (const root of roots) if (root < 0 || root >= size) return false
  for (let node = 0; node < size; node++) {
    const feature = features[node]!
    if (!Number.isFinite(values[node]!) || feature >= count || feature < -1) return false
    if (feature >= 0 && (!Number.isFinite(thresholds[node]!) || left[node]! <= node || left[node]! + 1 >= size))
      return false
  }
  return true
}

/** The length of the longest path. */
const depthOf = ({ roots, features, left }: Forest): number => {
  const below = (node: number): number =>
    features[node]! < 0 ? 0 : 1 + Math.max(below(left[node]!), below(left[node]! + 1))
  return roots.reduce((most, root) => Math.max(most, below(root)), 0)
}

const WRITTEN_OUT = 4

/**
 * `scoreOf` for who scores all day, more than twice as fast: each tree is walked by the same number of steps without asking
 * for leaves, which lead to themselves.
 */
export const createScorer = (forest: Forest): ((row: Float32Array) => number) => {
  const { bias, roots, features } = forest
  const size = features.length
  const depth = depthOf(forest)
  const asked = Uint8Array.from(features, (feature) => Math.max(0, feature))
  const thresholds = Float64Array.from(forest.thresholds, (threshold, node) =>
    features[node]! < 0 ? Number.POSITIVE_INFINITY : threshold,
  )
  const left = Int32Array.from({ length: size }, (_, node) => (features[node]! < 0 ? node : forest.left[node]!))
  const values = Float64Array.from(forest.values)
  return (row) => {
    let sum = bias
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree]!
      // Written out, for a loop costs half as much again; what is deeper goes on in one.
      node = left[node]! + +(row[asked[node]!]! > thresholds[node]!)
      node = left[node]! + +(row[asked[node]!]! > thresholds[node]!)
      node = left[node]! + +(row[asked[node]!]! > thresholds[node]!)
      node = left[node]! + +(row[asked[node]!]! > thresholds[node]!)
      for (let step = WRITTEN_OUT; step < depth; step++) node = left[node]! + +(row[asked[node]!]! > thresholds[node]!)
      sum += values[node]!
    }
    return sum
  }
}
