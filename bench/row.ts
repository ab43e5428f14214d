/** One measured claim. Figures are of this run; `peer` and `ratio` are null where no peer was measured. */
export interface Row {
  readonly name: string
  readonly what: string
  readonly unit: string
  readonly ours: number | null
  readonly peer: number | null
  readonly peer_name: string | null
  readonly ratio: number | null
  readonly target: string
  /** Null when it could not be measured here; `what` says why. */
  readonly holds: boolean | null
  readonly loss?: number
  readonly n?: number
  /** Time that the file took. */
  readonly seconds?: number
}

export interface Benchmark {
  /** Names of the rows that it makes. */
  readonly names: readonly string[]
  /** `only` is the prefix that was asked for. */
  run(only: string | undefined): Promise<readonly Row[]>
}

/** A row whose target is an upper bound on our own figure. */
export const atMost = (
  row: Omit<Row, 'target' | 'holds' | 'peer' | 'peer_name' | 'ratio'> & Partial<Row>,
  bound: number,
): Row => ({
  peer: null,
  peer_name: null,
  ratio: null,
  ...row,
  target: `<= ${bound} ${row.unit}`,
  holds: row.ours === null ? null : row.ours <= bound,
})

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? Number.NaN) + sorted[middle]!) / 2
}
