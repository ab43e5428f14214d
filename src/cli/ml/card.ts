import { FEATURE_NAMES, FEATURE_SET } from '#detectors/flow/flow-features.ts'
import { printJson, printLines } from '../command.ts'
import { modelOption } from './model-option.ts'
import { figuresTable, meanF1, reliabilityTable } from './tables.ts'

/** Prints what a model says of itself: what it was trained on, how it was judged, where it fails. */
export const card = ({ model: path, json }: { readonly model?: string; readonly json?: boolean }): void => {
  const { card: told, id, forest } = modelOption(path)
  if (json === true) {
    printJson({ id, feature_set: FEATURE_SET, features: FEATURE_NAMES, trees: forest.roots.length, ...told })
    return
  }
  const weak = told.left_out.filter(({ recall }) => recall !== null && recall < 0.5).map(({ capture }) => capture)
  printLines([
    `Flow classifier, model ${id}: ${forest.roots.length} trees over feature set ${FEATURE_SET}`,
    `features: ${FEATURE_NAMES.join(', ')}`,
    '',
    `Trained with seed ${told.seed} on`,
    ...told.captures.map(
      ({ name, malicious, benign }) => `  ${name}: ${malicious} malicious, ${benign} benign connections`,
    ),
    `  ${told.made} networks that were made up, and ${told.feedback} answers of operators`,
    '',
    'Each capture judged by a model that did not see it, from confidence 0.8 on',
    ...figuresTable(told.left_out),
    `mean F1 of captures with both classes: ${meanF1(told.left_out)?.toFixed(3) ?? '–'}`,
    '',
    'Reliability: of connections with such a confidence, what share was malicious',
    ...reliabilityTable(told.reliability),
    '',
    'Where it fails: connections that look like ordinary ones one by one and in their number, such as a report to a',
    `web server every few minutes${weak.length > 0 ? `; it found less than half of ${weak.join(', ')}` : ''}.`,
    'Machines that monitor others, and peers that share files, come nearest to a false alarm.',
  ])
}
