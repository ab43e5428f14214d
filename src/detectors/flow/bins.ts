/** Values of features as numbers of a few bins, so that trees are grown by counting. */
export interface Bins {
  /** By feature: the largest value of each bin but the last. */
  readonly edges: readonly Float32Array[]
  /** By feature, one number a row. */
  readonly columns: readonly Uint8Array[]
}

const MOST_BINS = 48

/** Edges between bins that hold about as many rows each; no more than there are values. */
const edgesOf = (values: Float32Array): Float32Array => {
  const sorted = values.toSorted()
  const edges: number[] = []
  for (let bin = 1; bin < MOST_BINS; bin++) {
    const at = Math.floor((bin * sorted.length) / MOST_BINS)
    const value = sorted[at]
    if (value === undefined) continue
    // The edge lies between two values that occur: a little more or less is the same to the trees.
    const next = nextValue(sorted, at)
    if (next === undefined) break
    const edge = Math.fround((value + next) / 2)
    const usable = edge >= value && edge < next ? edge : value
    if (edges.length === 0 || usable > edges.at(-1)!) edges.push(usable)
  }
  return Float32Array.from(edges)
}

/** The next larger value than that at `at`. */
const nextValue = (sorted: Float32Array, at: number): number | undefined => {
  let low = at
  let high = sorted.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (sorted[middle] === sorted[at]) low = middle
    else high = middle
  }
  return sorted[high]
}

const binOf = (edges: Float32Array, value: number): number => {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value <= edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}

/** Puts rows of `count` features, one behind the other, into bins. */
export const binned = (rows: Float32Array, count: number): Bins => {
  const size = rows.length / count
  const edges: Float32Array[] = []
  const columns: Uint8Array[] = []
  for (let feature = 0; feature < count; feature++) {
    const values = new Float32Array(size)
    for (let row = 0; row < size; row++) values[row] = rows[row * count + feature]!
    const found = edgesOf(values)
    edges.push(found)
    columns.push(Uint8Array.from(values, (value) => binOf(found, value)))
  }
  return { edges, columns }
}

export const BINS = MOST_BINS
