import type { JsonObject } from '#lib/json.ts'
import type { Severity } from './severity.ts'

/** The type of what a classifier outside says of an address. */
export const ML_PREDICTION = 'ml_prediction'

/** Confidence from which a prediction is news, and from which it is grave. */
const THRESHOLD = 0.8
const GRAVE = 0.9

const within = (value: unknown, most: number): boolean => typeof value !== 'number' || (value >= 0 && value <= most)

/** MEDIUM from the threshold on, HIGH from 0.9 on; a guess is never CRITICAL. */
export const predictionSeverity = (confidence: number): Severity =>
  confidence >= GRAVE ? 'HIGH' : confidence >= THRESHOLD ? 'MEDIUM' : 'LOW'

/**
 * Completes what a classifier posted: `confidence` (0 to 100) and `ml_confidence` (0 to 1) from one another, and the
 * severity where it names none. Returns what is wrong otherwise.
 */
export const readPrediction = (
  data: JsonObject,
  severity: Severity | undefined,
): { readonly data: JsonObject; readonly severity: Severity } | { readonly path: string; readonly message: string } => {
  const { confidence: percent, ml_confidence: share } = data
  if (!within(percent, 100)) return { path: 'confidence', message: 'must be from 0 to 100' }
  if (!within(share, 1)) return { path: 'ml_confidence', message: 'must be from 0 to 1; confidence is from 0 to 100' }
  const sure = typeof share === 'number' ? share : typeof percent === 'number' ? percent / 100 : undefined
  const chosen = severity ?? (sure === undefined ? 'LOW' : predictionSeverity(sure))
  return {
    severity: chosen === 'CRITICAL' ? 'HIGH' : chosen,
    data: {
      ...(sure !== undefined && { ml_confidence: sure, confidence: Math.trunc(Math.round(sure * 1e6) / 1e4) }),
      ...data,
    },
  }
}
