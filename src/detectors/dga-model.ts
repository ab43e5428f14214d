import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isObject } from '#lib/json.ts'
import { done, failed, type Result } from '#lib/result.ts'
import { featuresOf, HASHED, type MadeName, type Surprise, SYMBOLS } from './dga-features.ts'

/** A trained model as the file holds it; `models/dga-v1.md` tells where it comes from and what it can do. */
export interface DgaModelFile {
  readonly format: 1
  /** One signed byte per weight, base64, in units of `scale`. */
  readonly weights: string
  readonly scale: number
  readonly bias: number
  /** One byte per triple of characters, base64. */
  readonly surprise: string
  /** SHA-256 of weights and surprise, hexadecimal. */
  readonly sha256: string
  /** Scores of names that people chose, from folds that did not see them. */
  readonly chosen: { readonly mean: number; readonly deviation: number }
  /** Scores that one in a hundred, and one in a thousand, of the chosen names exceed. */
  readonly thresholds: { readonly percent: number; readonly permille: number }
  /** Families that it was trained on. */
  readonly families: readonly string[]
}

export interface DgaModel {
  /** Log odds that a program made the name. */
  score(made: MadeName): number
  readonly chosen: DgaModelFile['chosen']
  readonly thresholds: DgaModelFile['thresholds']
  readonly families: ReadonlySet<string>
}

export const checksumOf = (weights: Uint8Array, surprise: Uint8Array): string =>
  createHash('sha256').update(weights).update(surprise).digest('hex')

const isModel = (value: unknown): value is DgaModelFile =>
  isObject(value) &&
  value.format === 1 &&
  typeof value.weights === 'string' &&
  typeof value.surprise === 'string' &&
  typeof value.scale === 'number' &&
  typeof value.bias === 'number' &&
  isObject(value.chosen) &&
  typeof value.chosen.mean === 'number' &&
  typeof value.chosen.deviation === 'number' &&
  isObject(value.thresholds) &&
  typeof value.thresholds.percent === 'number' &&
  typeof value.thresholds.permille === 'number' &&
  Array.isArray(value.families)

/** Makes a model of what a file held, or says what is wrong with it. */
export const dgaModelOf = (value: unknown): Result<DgaModel, string> => {
  if (!isModel(value)) return failed('not a model of format 1')
  const weightBytes = Buffer.from(value.weights, 'base64')
  const surprise: Surprise = new Uint8Array(Buffer.from(value.surprise, 'base64'))
  if (weightBytes.length !== HASHED || surprise.length !== SYMBOLS ** 3)
    return failed(`has ${weightBytes.length} weights and ${surprise.length} triples, not ${HASHED} and ${SYMBOLS ** 3}`)
  if (checksumOf(weightBytes, surprise) !== value.sha256) return failed('is damaged: its checksum does not match')
  const weights = new Int8Array(weightBytes)
  return done({
    score: (made) => {
      const features = featuresOf(made, surprise)
      let sum = 0
      for (const feature of features) sum += weights[feature]!
      return value.bias + (sum * value.scale) / Math.sqrt(features.length)
    },
    chosen: value.chosen,
    thresholds: value.thresholds,
    families: new Set(value.families),
  })
}

const FILE = new URL('../../models/dga-v1.json', import.meta.url)

/** The model that comes with the product. A file that is damaged is a broken installation. */
export const loadDgaModel = (): DgaModel => {
  const model = dgaModelOf(JSON.parse(readFileSync(FILE, 'utf8')))
  if (!model.ok) throw new Error(`models/dga-v1.json ${model.problem}: install again`)
  return model.value
}
