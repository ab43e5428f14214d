import type { CaptureFigures } from '#detectors/flow/flow-model.ts'
import { type Bin, isByConstruction } from './figures.ts'

const shown = (value: number | null, decimals = 3): string => (value === null ? '–' : value.toFixed(decimals))

/** Lines of a table, each column as wide as its longest word; numbers stand to the right. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const widths = head.map((word, column) => Math.max(word.length, ...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row.map((word, column) => (column === 0 ? word.padEnd(widths[column]!) : word.padStart(widths[column]!))).join('  ')
  return [line(head), ...rows.map(line)]
}

export const figuresTable = (figures: readonly CaptureFigures[]): string[] =>
  table(
    [
      'capture',
      'malicious',
      'benign',
      'F1',
      'precision',
      'recall',
      'false rate',
      'port rule',
      'S0 rule',
      'inward rule',
    ],
    figures.map((one) => [
      `${one.capture}${isByConstruction(one) ? ' *' : ''}`,
      String(one.malicious),
      String(one.benign),
      shown(one.f1),
      shown(one.precision),
      shown(one.recall),
      shown(one.false_rate, 4),
      shown(one.port_rule),
      shown(one.silent_rule),
      shown(one.inward_rule),
    ]),
  )

export const reliabilityTable = (bins: readonly Bin[]): string[] =>
  table(
    ['said', 'was', 'connections'],
    bins.map(({ said, was, connections }) => [shown(said), shown(was), String(connections)]),
  )

/** The mean of F1 over captures that have both classes. */
export const meanF1 = (figures: readonly CaptureFigures[]): number | null => {
  const both = figures.flatMap(({ f1, malicious, benign }) => (f1 !== null && malicious > 0 && benign > 0 ? [f1] : []))
  return both.length === 0 ? null : both.reduce((sum, f1) => sum + f1, 0) / both.length
}
