import { NO_VERDICTS } from '#core/event/site-verdicts.ts'
import { createFlowDetection } from '#detectors/flow/detect-flows.ts'
import type { FlowModel } from '#detectors/flow/flow-model.ts'
import { readLabelled } from '#sources/zeek/labelled.ts'
import type { Capture } from './captures.ts'
import type { LabelFile } from './label-file.ts'

const DAY_MS = 86_400_000
const MOST_HOSTS = 200_000

export interface HostDays {
  /** Machines that began connections of which none is labelled malicious, by the days on which they were seen. */
  readonly benignHostDays: number
  readonly benignEvents: number
  /** Machines that began connections labelled malicious, and those of them that were told of. */
  readonly maliciousHosts: number
  readonly foundHosts: number
}

/** Runs the detector over a capture as the server would, and counts what it says by what the machines are. */
export const countHostDays = async (capture: Capture, model: FlowModel, labels: LabelFile): Promise<HostDays> => {
  const detection = createFlowDetection(model, {}, { say: () => '', verdicts: () => NO_VERDICTS })
  const days = new Map<string, Set<number>>()
  const malicious = new Set<string>()
  const benign = new Set<string>()
  const told = new Map<string, number>()
  for (const path of capture.files)
    for await (const batch of readLabelled(path).batches)
      for (const { conn, label } of batch) {
        const found = labels.label(capture.name, conn)
        const known = found === undefined ? label : found
        const { clientIp } = conn
        if (known === 'malicious') malicious.add(clientIp)
        else if (known === 'benign' && benign.size < MOST_HOSTS) {
          benign.add(clientIp)
          const seen = days.get(clientIp) ?? new Set<number>()
          days.set(clientIp, seen.add(Math.floor(conn.timeMs / DAY_MS)))
        }
        for (const event of detection.observe(conn)) told.set(event.subject, (told.get(event.subject) ?? 0) + 1)
      }
  const only = [...benign].filter((ip) => !malicious.has(ip))
  return {
    benignHostDays: only.reduce((sum, ip) => sum + days.get(ip)!.size, 0),
    benignEvents: only.reduce((sum, ip) => sum + (told.get(ip) ?? 0), 0),
    maliciousHosts: malicious.size,
    foundHosts: [...malicious].filter((ip) => told.has(ip)).length,
  }
}
