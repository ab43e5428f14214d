import { ZEEK_SIGNAL } from '#core/event/detection.ts'
import type { NewEvent } from '#core/event/event.ts'
import { createCorrelation } from '#detectors/correlation.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createDetections } from '#detectors/run.ts'
import { findLogs } from '#sources/find-logs.ts'
import { mergeZeekFiles } from '#sources/zeek/merge.ts'

export interface CaptureResult {
  readonly records: number
  readonly events: readonly NewEvent[]
  /** What was too little to be told. */
  readonly signals: readonly NewEvent[]
  readonly firstMs: number
  readonly lastMs: number
  /** By client: on how many days it was seen. */
  readonly hostDays: ReadonlyMap<string, number>
}

const DAY_MS = 86_400_000

/** Runs every detector, with the options of a fresh installation, over the logs at or below a path. */
export const runCapture = async (path: string): Promise<CaptureResult> => {
  const { files } = await findLogs([path])
  const detections = createDetections([...detectorTypes.values()], {}, undefined, { signals: true })
  const correlation = createCorrelation()
  const events: NewEvent[] = []
  const signals: NewEvent[] = []
  const take = (found: readonly NewEvent[]) => {
    signals.push(...found.filter(({ type }) => type === ZEEK_SIGNAL))
    events.push(...correlation.observe(found.filter(({ type }) => type !== ZEEK_SIGNAL)).events)
  }
  const seen = new Map<string, Set<number>>()
  let records = 0
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = 0
  for await (const batch of mergeZeekFiles(files.map((file) => file.path)))
    for (const record of batch) {
      const found = detections.observe(record)
      if (found.length > 0) take(found)
      records++
      if (record.kind === 'conn' || record.kind === 'dns') {
        const days = seen.get(record.clientIp) ?? new Set()
        seen.set(record.clientIp, days.add(Math.floor(record.timeMs / DAY_MS)))
      }
      firstMs = Math.min(firstMs, record.timeMs)
      lastMs = Math.max(lastMs, record.timeMs)
    }
  take(detections.flush())
  const hostDays = new Map([...seen].map(([ip, days]) => [ip, days.size]))
  return { records, events, signals, firstMs, lastMs, hostDays }
}

/** The detector's answer as a word: `beaconing`, `correlation`. */
export const typeOf = ({ type, data }: NewEvent): string =>
  typeof data.detection_type === 'string' ? data.detection_type : type
