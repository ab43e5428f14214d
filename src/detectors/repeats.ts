import type { LogRecord } from '#core/event/record.ts'
import type { ZeekRecord } from '#core/event/zeek-record.ts'
import { hashText } from '#lib/sketch/hash.ts'
import { createSeenTable } from '#lib/sketch/seen-table.ts'

/** What tells a line from others with its uid; a connection has one line, however often it is written. */
const detailOf = (record: ZeekRecord): string =>
  record.kind === 'dns' ? `${record.query} ${record.queryType}` : record.kind === 'notice' ? record.note : ''

const SECONDS = 1 << 30

/**
 * True for a record that says again what another one said: of a log that is written twice (as TSV and as a stream, by two
 * loggers, packed and not), or of a connection that is told while it is open and at its end. Zeek's uid says so.
 */
export const createRepeats = (): ((record: LogRecord) => boolean) => {
  const connections = createSeenTable()
  const others = createSeenTable(15)
  return (record) => {
    if (record.source !== 'zeek') return false
    const { uid, kind, timeMs } = record as ZeekRecord
    if (uid === undefined) return false
    if (kind === 'conn') return connections.see(uid)
    if (kind === 'weird' || kind === 'x509') return false
    const when = (timeMs % SECONDS) ^ hashText(kind)
    return others.see(uid, hashText(detailOf(record as ZeekRecord), when))
  }
}
