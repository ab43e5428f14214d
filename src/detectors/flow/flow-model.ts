import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isObject, type JsonObject } from '#lib/json.ts'
import { type Calibration, shareAt } from './calibration.ts'
import { FEATURE_COUNT, FEATURE_NAMES, FEATURE_SET } from './flow-features.ts'
import { type Forest, isSound } from './forest.ts'

const MODEL_FORMAT = 1

/** What a model was trained on, what it reached, and where it fails: it is refused without. */
export interface FlowCard {
  readonly seed: number
  /** By capture: connections of each label. */
  readonly captures: readonly { readonly name: string; readonly malicious: number; readonly benign: number }[]
  /** Networks that were made up beside them. */
  readonly made: number
  /** Answers of operators that were used. */
  readonly feedback: number
  /** Each capture judged by a model that saw neither it nor what belongs to it, from confidence 0.8 on. */
  readonly left_out: readonly CaptureFigures[]
  /** Of connections of such a confidence, what share was malicious. */
  readonly reliability: readonly { readonly said: number; readonly was: number; readonly connections: number }[]
}

export interface CaptureFigures {
  readonly capture: string
  readonly malicious: number
  readonly benign: number
  /** null where the capture has no such connections. */
  readonly f1: number | null
  readonly precision: number | null
  readonly recall: number | null
  readonly false_rate: number | null
  /** F1 of the trivial rules beside it. */
  readonly port_rule: number | null
  readonly silent_rule: number | null
  readonly inward_rule: number | null
}

export interface FlowModelFile {
  readonly format: number
  readonly kind: 'flow-classifier'
  readonly feature_set: number
  readonly features: readonly string[]
  readonly forest: {
    readonly bias: number
    /** Little-endian numbers, base64. */
    readonly roots: string
    readonly features: string
    readonly thresholds: string
    readonly left: string
    readonly values: string
  }
  readonly calibration: Calibration
  readonly card: FlowCard
  /** SHA-256 of all the rest, hexadecimal. */
  readonly sha256: string
}

export interface FlowModel {
  readonly forest: Forest
  readonly card: FlowCard
  readonly calibration: Calibration
  /** First characters of the checksum: which model it is. */
  readonly id: string
  /** From 0 to 1, of a score. */
  confidence(score: number): number
}

const base64 = (numbers: Int32Array | Int16Array | Float32Array): string =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64')

/** The bytes behind a text, on a boundary of their own. */
const bytesOf = (text: string): ArrayBuffer => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}

const checksumOf = ({ sha256: _, ...rest }: FlowModelFile): string =>
  createHash('sha256').update(JSON.stringify(rest)).digest('hex')

/** A trained model as a file holds it. */
export const flowModelFile = (forest: Forest, calibration: Calibration, card: FlowCard): FlowModelFile => {
  const file: FlowModelFile = {
    format: MODEL_FORMAT,
    kind: 'flow-classifier',
    feature_set: FEATURE_SET,
    features: FEATURE_NAMES,
    forest: {
      bias: forest.bias,
      roots: base64(forest.roots),
      features: base64(forest.features),
      thresholds: base64(forest.thresholds),
      left: base64(forest.left),
      values: base64(forest.values),
    },
    calibration,
    card,
    sha256: '',
  }
  return { ...file, sha256: checksumOf(file) }
}

const isRising = (numbers: unknown): numbers is number[] =>
  Array.isArray(numbers) &&
  numbers.length > 0 &&
  numbers.every((one, index) => Number.isFinite(one) && (index === 0 || one >= numbers[index - 1]))

const isCalibration = (value: unknown): value is Calibration =>
  isObject(value) &&
  isRising(value.scores) &&
  isRising(value.shares) &&
  value.scores.length === value.shares.length &&
  value.shares[0]! >= 0 &&
  value.shares.at(-1)! <= 1

const forestOf = (value: unknown): Forest | undefined => {
  if (!isObject(value) || typeof value.bias !== 'number') return undefined
  const { roots, features, thresholds, left, values } = value
  const texts = [roots, features, thresholds, left, values]
  if (!texts.every((text): text is string => typeof text === 'string')) return undefined
  const [r, f, t, l, v] = texts.map(bytesOf) as [ArrayBuffer, ArrayBuffer, ArrayBuffer, ArrayBuffer, ArrayBuffer]
  if ([r, t, l, v].some(({ byteLength }) => byteLength % 4 !== 0) || f.byteLength % 2 !== 0) return undefined
  const forest = {
    bias: value.bias,
    roots: new Int32Array(r),
    features: new Int16Array(f),
    thresholds: new Float32Array(t),
    left: new Int32Array(l),
    values: new Float32Array(v),
  }
  return isSound(forest, FEATURE_COUNT) ? forest : undefined
}

/** Makes a model of what a file held; an error says what is wrong with it, and what to do. */
export const flowModelOf = (value: unknown): FlowModel | { readonly error: string } => {
  if (!isObject(value) || value.kind !== 'flow-classifier')
    return { error: 'is no model of the flow classifier; `vigia ml train` writes one' }
  if (typeof value.format !== 'number' || value.format > MODEL_FORMAT)
    return {
      error: `has format ${String(value.format)}, and this version reads ${MODEL_FORMAT}: it comes from a newer one`,
    }
  const file = value as JsonObject & FlowModelFile
  if (checksumOf(file) !== file.sha256)
    return { error: 'is damaged or was changed: its checksum does not match; take it again from where it was trained' }
  if (file.feature_set !== FEATURE_SET || String(file.features) !== String(FEATURE_NAMES))
    return {
      error: `was trained on feature set ${String(file.feature_set)}, and this version computes set ${FEATURE_SET}: train it anew`,
    }
  const forest = forestOf(file.forest)
  if (!forest || !isCalibration(file.calibration))
    return { error: 'has trees or a calibration that cannot be: train it anew' }
  const { card, calibration } = file
  if (!isObject(card) || !Array.isArray(card.captures) || !Array.isArray(card.left_out) || card.left_out.length === 0)
    return { error: 'says nowhere how it was judged: a model without a card is not used; train it anew' }
  return {
    forest,
    card,
    calibration,
    id: file.sha256.slice(0, 12),
    confidence: (score) => shareAt(calibration, score),
  }
}

const SHIPPED_MODEL = new URL('../../../models/flow-v1.json', import.meta.url)

/** Reads a model; the error is a sentence that begins with the file. */
export const readFlowModel = (path: string | URL = SHIPPED_MODEL): FlowModel | { readonly error: string } => {
  const name = path instanceof URL ? 'models/flow-v1.json' : path
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return {
      error:
        code === 'ENOENT'
          ? `${name}: no such file`
          : `${name} ${code ? `cannot be read (${code})` : 'is cut off or no JSON'}`,
    }
  }
  const model = flowModelOf(value)
  return 'error' in model ? { error: `${name} ${model.error}` } : model
}
