import { type Family, numberText } from './exposition.ts'

/** Upper bounds in seconds, lowest first, and how they are written; the last of these has no bound. */
interface Bounds {
  readonly values: readonly number[]
  readonly texts: readonly string[]
}

export const boundsOf = (values: readonly number[]): Bounds => ({ values, texts: [...values.map(String), '+Inf'] })

/** From a neighbour on the same switch to the patience of an HTTP probe. */
const LATENCY = boundsOf([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])

export interface Histogram {
  /** `seconds` is not NaN. */
  observe(seconds: number): void
  /** Lines of all its samples; `labels` without braces, empty for none. */
  render(family: Family, labels: string): string
}

export const createHistogram = ({ values, texts }: Bounds = LATENCY): Histogram => {
  const counts = new Float64Array(texts.length)
  let sum = 0
  return {
    observe: (seconds) => {
      let bound = 0
      while (bound < values.length && seconds > values[bound]!) bound++
      counts[bound]! += 1
      sum += seconds
    },
    render: ({ name }, labels) => {
      const comma = labels === '' ? '' : ','
      const braces = labels === '' ? '' : `{${labels}}`
      let below = 0
      const buckets = texts.map((bound, index) => {
        below += counts[index]!
        return `${name}_bucket{${labels}${comma}le="${bound}"} ${below}\n`
      })
      return `${buckets.join('')}${name}_sum${braces} ${numberText(sum)}\n${name}_count${braces} ${below}\n`
    },
  }
}
