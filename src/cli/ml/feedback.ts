import { FLOW_VERDICTS, type FlowVerdict } from '#core/event/site-verdicts.ts'
import { FEATURE_COUNT, FEATURE_SET } from '#detectors/flow/flow-features.ts'
import { dataDir } from '../command.ts'
import { withStorage } from '../with-storage.ts'
import type { Gathered } from './gather.ts'

/** What operators answered to predictions, as a capture to learn from: the features that stand with the events. */
export const readFeedback = async (
  data: string | undefined,
): Promise<{ readonly gathered: Gathered; readonly answers: number } | undefined> => {
  let verdicts: readonly FlowVerdict[] | undefined
  await withStorage(dataDir(data), async ({ settings }) => {
    verdicts = await settings.get<readonly FlowVerdict[]>(FLOW_VERDICTS)
  })
  const rows: Float32Array[] = []
  const labels: number[] = []
  const ports: number[] = []
  let answers = 0
  for (const { verdict, features, featureSet, port } of verdicts ?? []) {
    const bytes = Buffer.from(features, 'base64')
    if (featureSet !== FEATURE_SET || bytes.length % (FEATURE_COUNT * 4) !== 0) continue
    answers++
    for (let at = 0; at < bytes.length; at += FEATURE_COUNT * 4) {
      rows.push(Float32Array.from({ length: FEATURE_COUNT }, (_, index) => bytes.readFloatLE(at + index * 4)))
      labels.push(verdict === 'benign' ? 0 : 1)
      ports.push(port)
    }
  }
  if (rows.length === 0) return undefined
  const all = new Float32Array(rows.length * FEATURE_COUNT)
  for (const [index, row] of rows.entries()) all.set(row, index * FEATURE_COUNT)
  const malicious = labels.filter((label) => label === 1).length
  return {
    answers,
    gathered: {
      capture: 'answers of operators',
      group: 'answers of operators',
      made: false,
      lines: rows.length,
      counts: { malicious, benign: labels.length - malicious },
      rows: all,
      labels: Uint8Array.from(labels),
      ports: Int32Array.from(ports),
      silent: Uint8Array.from(rows, (row) => (row[8] === 1 ? 1 : 0)),
      inward: new Uint8Array(rows.length),
      order: Int32Array.from(rows, (_, index) => index),
      // Each stands alone: what came before it is not known.
      doors: Int32Array.from(rows, (_, index) => -1 - (index % 1024)),
      firstMs: 0,
      odd: new Map(),
      left: 0,
    },
  }
}
