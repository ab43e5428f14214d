import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checksumOf, type DgaModelFile } from '#detectors/dga-model.ts'
import { areaOf, deviationOf, exceededBy, meanOf, scoreByFolds } from './dga-folds.ts'
import { readNames, train } from './dga-training.ts'

/** `node evaluation/train-dga.ts DOMAINS.csv`: trains the model of names and writes it to `models/dga-v1.json`. */

const [path] = process.argv.slice(2)
if (path === undefined) {
  console.error('usage: node evaluation/train-dga.ts DOMAINS.csv   (lines of domain,label,family,source)')
  process.exit(2)
}
const names = readNames(readFileSync(path, 'utf8'))
const folds = scoreByFolds(names)
const { weights, bias, surprise } = train(names)
const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
const scale = largest / 127
const quantised = Int8Array.from(weights, (weight) => Math.round(weight / scale))
const bytes = new Uint8Array(quantised.buffer)
const file: DgaModelFile = {
  format: 1,
  sha256: checksumOf(bytes, surprise),
  scale,
  bias,
  chosen: { mean: meanOf(folds.chosen), deviation: deviationOf(folds.chosen) },
  thresholds: { percent: exceededBy(folds.chosen, 0.01), permille: exceededBy(folds.chosen, 0.001) },
  families: [...folds.families.keys()].sort(),
  weights: Buffer.from(bytes).toString('base64'),
  surprise: Buffer.from(surprise).toString('base64'),
}
writeFileSync(join(import.meta.dirname, '../models/dga-v1.json'), `${JSON.stringify(file)}\n`)

const made = [...folds.families.values()].flat()
console.log(`names: ${folds.chosen.length} chosen, ${made.length} made by ${folds.families.size} families`)
console.log(`area under the curve, families left out: ${areaOf(folds.chosen, made).toFixed(3)}`)
const deviation = file.chosen.deviation / Math.sqrt(20)
for (const [family, scores] of [...folds.families].sort()) {
  const recall = scores.filter((score) => score > file.thresholds.percent).length / scores.length
  const strength = (meanOf(scores) - file.chosen.mean) / deviation
  console.log(
    `${family.padEnd(22)} recall at 1 % ${recall.toFixed(2)}   mean of 20 names ${strength.toFixed(1)} deviations off`,
  )
}
