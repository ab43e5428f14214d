import type { FastifyInstance } from 'fastify'
import { silentSentence } from '#core/event/silent-log.ts'
import type { SourceStatus } from '#core/event/source-status.ts'
import { iso } from '#lib/time/iso.ts'
import type { Services } from '../services.ts'

const view = ({ kind, name, logs, lastRecordAt, stray = 0, repeated = 0, silent, detectors }: SourceStatus) => ({
  kind,
  name,
  last_record_at: iso(lastRecordAt),
  stray,
  repeated,
  silent: silent.map((one) => ({
    path: one.path,
    reason: one.reason,
    form: one.form ?? null,
    lines: one.lines ?? null,
    message: silentSentence(one),
  })),
  logs: logs.map(({ path, lines, bytes, behindBytes, leftOut }) => ({
    path,
    lines,
    bytes,
    behind_bytes: behindBytes,
    left_out: leftOut,
  })),
  detectors,
})

/** The logs of security tools that are followed, with what was read of each and what is still to be read. */
export const addSourceRoutes = (app: FastifyInstance, { sources }: Services): void => {
  app.get('/sources', { schema: { summary: 'Logs that are followed: lines, lag, what was left out' } }, async () => {
    const { sources: items, addressFacts } = sources()
    return { items: items.map(view), address_facts: addressFacts }
  })
}
