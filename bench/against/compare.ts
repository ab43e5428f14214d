import { median, type Row } from '../row.ts'

/** Measured figures of one side, one a run. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly values: readonly number[]
}

/** One row of both sides. What a side never measured is null. */
export interface Compared {
  readonly name: string
  /** Which of the rows of this name it is, from 0: some names have several. */
  readonly part: number
  readonly what: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly ours: Spread | null
  readonly theirs: Spread | null
  /** Ours by theirs. */
  readonly ratio: number | null
  /** `better`, `within` (1.05), `inside` (their own runs are as far apart), `WORSE`; null where a side is missing. */
  readonly verdict: 'better' | 'within' | 'inside' | 'WORSE' | null
}

/** How far the medians may be apart. */
export const BOUND = 1.05

/** Runs that a measurement is worth which takes so many seconds once. */
export const runsFor = (seconds: number): number => (seconds < 60 ? 5 : seconds < 300 ? 3 : 1)

/** Rows keep their order within a name; what they say holds figures of the run and is no key. */
const keyed = (rows: readonly Row[]): ReadonlyMap<string, Row> => {
  const seen = new Map<string, number>()
  return new Map(
    rows.map((row) => {
      const part = seen.get(row.name) ?? 0
      seen.set(row.name, part + 1)
      return [`${part} ${row.name}`, row]
    }),
  )
}

const spreadOf = (rows: readonly (Row | undefined)[]): Spread | null => {
  const values = rows.flatMap((row) => (row?.ours === null || row === undefined ? [] : [row.ours]))
  if (values.length === 0) return null
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), values }
}

/** A target that is a lower bound says that more is better; everything else is a cost. */
const betterOf = ({ target, unit }: Row): Compared['better'] =>
  target.startsWith('>') || (target === '-' && unit.startsWith('/')) ? 'higher' : 'lower'

const verdictOf = (better: Compared['better'], ours: Spread, theirs: Spread): Compared['verdict'] => {
  const worseBy = better === 'higher' ? theirs.median / ours.median : ours.median / theirs.median
  if (worseBy <= 1 / BOUND) return 'better'
  if (worseBy <= BOUND) return 'within'
  return ours.median >= theirs.min && ours.median <= theirs.max ? 'inside' : 'WORSE'
}

/** The rows of several runs of ours and theirs, side by side, in the order of ours; what only they have comes last. */
export const compare = (
  ours: readonly (readonly Row[])[],
  theirs: readonly (readonly Row[])[],
): readonly Compared[] => {
  const sides = [ours, theirs].map((runs) => runs.map(keyed)) as [
    ReadonlyMap<string, Row>[],
    ReadonlyMap<string, Row>[],
  ]
  const keys = new Set(sides.flatMap((runs) => runs.flatMap((run) => [...run.keys()])))
  return [...keys].map((key) => {
    const row = sides
      .flat()
      .find((run) => run.has(key))!
      .get(key)!
    const [mine, other] = sides.map((runs) => spreadOf(runs.map((run) => run.get(key))))
    const better = betterOf(row)
    const both = mine && other
    return {
      name: row.name,
      part: Number(key.split(' ', 1)[0]),
      what: row.what,
      unit: row.unit,
      better,
      ours: mine ?? null,
      theirs: other ?? null,
      ratio: both ? mine.median / other.median : null,
      verdict: both ? verdictOf(better, mine, other) : null,
    }
  })
}
