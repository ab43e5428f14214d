import { labelText } from '#lib/text/label-text.ts'
import { type Family, type Format, header, sampleName } from './exposition.ts'

/** Label values may come from outside: what is beyond this many sets of them is counted as `other`. */
const MOST_SETS = 500
const OTHER = 'other'

export interface LabelledCounter<Label extends string> {
  add(labels: Readonly<Record<Label, string>>, by?: number): void
  render(format: Format): string
}

/** A counter by labels, with a bound on the sets of label values. */
export const createCounter = <Label extends string>(
  name: string,
  help: string,
  names: readonly Label[],
): LabelledCounter<Label> => {
  const family: Family = { name, type: 'counter', help }
  const counts = new Map<string, { readonly labels: string; count: number }>()
  const textOf = (values: readonly string[]) =>
    labelText(Object.fromEntries(names.map((one, index) => [one, values[index]!])))

  const entryOf = (values: readonly string[]): { count: number } => {
    const key = values.join('\n')
    const known = counts.get(key)
    if (known) return known
    if (counts.size >= MOST_SETS && values.some((one) => one !== OTHER)) return entryOf(names.map(() => OTHER))
    const made = { labels: textOf(values), count: 0 }
    counts.set(key, made)
    return made
  }

  return {
    add: (labels, by = 1) => {
      entryOf(names.map((one) => labels[one])).count += by
    },
    render: (format) =>
      header(family, format) +
      [...counts.values()].map(({ labels, count }) => `${sampleName(family)}${labels} ${count}\n`).join(''),
  }
}
