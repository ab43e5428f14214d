import { labelText } from '#lib/label-text.ts'
import { type Family, type Format, header, sampleName } from './exposition.ts'

/** Label values may come from outside: what is beyond this many sets of them is counted as `other`. */
const MOST_SETS = 500

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
  const counts = new Map<string, number>()
  const other = labelText(Object.fromEntries(names.map((one) => [one, 'other'])))
  return {
    add: (labels, by = 1) => {
      const text = labelText(Object.fromEntries(names.map((one) => [one, labels[one]])))
      const key = counts.has(text) || counts.size < MOST_SETS ? text : other
      counts.set(key, (counts.get(key) ?? 0) + by)
    },
    render: (format) =>
      header(family, format) +
      [...counts].map(([labels, count]) => `${sampleName(family)}${labels} ${count}\n`).join(''),
  }
}
