import type { CaptureFigures } from '#detectors/flow/flow-model.ts'
import type { Gathered } from './gather.ts'

interface Confusion {
  readonly found: number
  readonly missed: number
  readonly false: number
  readonly right: number
}

/** What a rule says of the connections of a capture, counted against their labels. */
const confusionOf = (labels: Uint8Array, says: (index: number) => boolean): Confusion => {
  const counts = { found: 0, missed: 0, false: 0, right: 0 }
  for (const [index, label] of labels.entries()) {
    const said = says(index)
    if (label === 1) counts[said ? 'found' : 'missed']++
    else counts[said ? 'false' : 'right']++
  }
  return counts
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

const f1Of = ({ found, missed, false: wrong }: Confusion): number | null =>
  found + missed === 0 ? null : (2 * found) / (2 * found + missed + wrong)

/** The trivial rule "the port decides": ports whose connections were mostly malicious in the captures of training. */
export const portRule = (training: readonly Gathered[]): ((port: number) => boolean) => {
  const balance = new Map<number, number>()
  for (const { labels, ports, made, counts } of training) {
    if (made) continue
    for (const [index, label] of labels.entries()) {
      const weight = label === 1 ? 1 / Math.max(1, counts.malicious) : -1 / Math.max(1, counts.benign)
      balance.set(ports[index]!, (balance.get(ports[index]!) ?? 0) + weight)
    }
  }
  return (port) => (balance.get(port) ?? 0) > 0
}

/** The figures of one capture, and those of the trivial rules beside it. */
export const figuresOf = (
  { capture, counts, labels, ports, silent, inward }: Gathered,
  told: (index: number) => boolean,
  port: (port: number) => boolean,
): CaptureFigures => {
  const own = confusionOf(labels, told)
  return {
    capture,
    ...counts,
    f1: f1Of(own),
    precision: own.found + own.missed === 0 ? null : share(own.found, own.found + own.false),
    recall: share(own.found, own.found + own.missed),
    false_rate: share(own.false, own.false + own.right),
    port_rule: f1Of(confusionOf(labels, (index) => port(ports[index]!))),
    silent_rule: f1Of(confusionOf(labels, (index) => silent[index] === 1)),
    inward_rule: f1Of(confusionOf(labels, (index) => inward[index] === 1)),
  }
}

/** True where one of the trivial rules is how the labels were made: no figure of such a capture means anything. */
export const isByConstruction = ({ port_rule, silent_rule, inward_rule, benign, malicious }: CaptureFigures): boolean =>
  benign > 0 && malicious > 0 && [port_rule, silent_rule, inward_rule].some((f1) => f1 !== null && f1 > 0.999)

export interface Bin {
  readonly said: number
  readonly was: number
  readonly connections: number
}

const EDGES = [0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.001]

/** The reliability table: of what was said with such a confidence, what share was so; each capture weighs the same. */
export const reliabilityOf = (
  judged: readonly { readonly confidence: number; readonly malicious: boolean; readonly weight: number }[],
): readonly Bin[] =>
  EDGES.slice(0, -1).flatMap((low, index) => {
    const here = judged.filter(({ confidence }) => confidence >= low && confidence < EDGES[index + 1]!)
    const weight = here.reduce((sum, one) => sum + one.weight, 0)
    if (weight === 0) return []
    const said = here.reduce((sum, one) => sum + one.weight * one.confidence, 0) / weight
    const was = here.reduce((sum, one) => sum + (one.malicious ? one.weight : 0), 0) / weight
    return [{ said: Math.round(said * 1000) / 1000, was: Math.round(was * 1000) / 1000, connections: here.length }]
  })
