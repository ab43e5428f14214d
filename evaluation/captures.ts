import type { NewEvent } from '#core/event/event.ts'
import { createCorrelation } from '#detectors/correlation.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createDetections } from '#detectors/run.ts'
import { findLogs } from '#sources/find-logs.ts'
import { mergeZeekFiles } from '#sources/zeek/merge.ts'

export interface CaptureResult {
  readonly records: number
  readonly events: readonly NewEvent[]
  readonly firstMs: number
  readonly lastMs: number
}

/** Runs every detector, with the options of a fresh installation, over the logs at or below a path. */
export const runCapture = async (path: string): Promise<CaptureResult> => {
  const { files } = await findLogs([path])
  const detections = createDetections([...detectorTypes.values()])
  const correlation = createCorrelation()
  const events: NewEvent[] = []
  let records = 0
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = 0
  for await (const batch of mergeZeekFiles(files.map((file) => file.path)))
    for (const record of batch) {
      events.push(...correlation.observe(detections.observe(record)).events)
      records++
      firstMs = Math.min(firstMs, record.timeMs)
      lastMs = Math.max(lastMs, record.timeMs)
    }
  events.push(...correlation.observe(detections.flush()).events)
  return { records, events, firstMs, lastMs }
}

/** The detector's answer as a word: `beaconing`, `correlation`. */
export const typeOf = ({ type, data }: NewEvent): string =>
  typeof data.detection_type === 'string' ? data.detection_type : type
