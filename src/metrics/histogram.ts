import { type Family, numberText } from './exposition.ts'

/** Upper bounds in seconds, from a neighbour on the same switch to the patience of an HTTP probe. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const
const BOUND_TEXTS = [...BOUNDS.map(String), '+Inf']

export interface Histogram {
  /** `seconds` is not NaN. */
  observe(seconds: number): void
  /** Lines of all its samples; `labels` without braces, empty for none. */
  render(family: Family, labels: string): string
}

export const createHistogram = (): Histogram => {
  const counts = new Float64Array(BOUND_TEXTS.length)
  let sum = 0
  return {
    observe: (seconds) => {
      let bound = 0
      while (bound < BOUNDS.length && seconds > BOUNDS[bound]!) bound++
      counts[bound]! += 1
      sum += seconds
    },
    render: ({ name }, labels) => {
      const comma = labels === '' ? '' : ','
      const braces = labels === '' ? '' : `{${labels}}`
      let below = 0
      const buckets = BOUND_TEXTS.map((bound, index) => {
        below += counts[index]!
        return `${name}_bucket{${labels}${comma}le="${bound}"} ${below}\n`
      })
      return `${buckets.join('')}${name}_sum${braces} ${numberText(sum)}\n${name}_count${braces} ${below}\n`
    },
  }
}
