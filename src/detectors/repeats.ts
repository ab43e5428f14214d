import type { LogRecord } from '#core/event/record.ts'
import type { ConnRecord, ZeekRecord } from '#core/event/zeek-record.ts'
import { hashText } from '#lib/sketch/hash.ts'
import { createSeenTable } from '#lib/sketch/seen-table.ts'

/** What tells a line from others with its uid; a connection has one line, however often it is written. */
const detailOf = (record: ZeekRecord): string =>
  record.kind === 'dns' ? `${record.query} ${record.queryType}` : record.kind === 'notice' ? record.note : ''

/** Lines that say the same come within seconds of one another: so few places stay in the processor's cache. */
const CONNECTIONS = 14
const OTHERS = 13

/** Zeek draws its ids by lot: the last four characters tell those of one millisecond apart. */
const tagOf = (uid: string): number => {
  const end = uid.length
  if (end < 4) return hashText(uid)
  return (
    (uid.charCodeAt(end - 4) << 24) |
    (uid.charCodeAt(end - 3) << 16) |
    (uid.charCodeAt(end - 2) << 8) |
    uid.charCodeAt(end - 1)
  )
}

/**
 * True for a record that says again what another one said: of a log that is written twice (as TSV and as a stream, by two
 * loggers, packed and not), or of a connection that is told while it is open and at its end. Zeek's uid says so. What
 * comes at the same time stands at neighbouring places.
 */
export const createRepeats = (): ((record: LogRecord) => boolean) => {
  const connections = createSeenTable(CONNECTIONS)
  const others = createSeenTable(OTHERS)
  return (record) => {
    if (record.source !== 'zeek') return false
    const { uid, kind, timeMs } = record as ZeekRecord
    if (uid === undefined) return false
    // Shifting takes the lowest bits of a time, whatever its size.
    const moment = timeMs << 4
    if (kind === 'conn') return connections.see(moment ^ (record as ConnRecord).clientPort, tagOf(uid))
    if (kind === 'weird' || kind === 'x509') return false
    const detail = hashText(detailOf(record as ZeekRecord), hashText(kind))
    return others.see(moment ^ detail, tagOf(uid) ^ Math.imul(detail, 31))
  }
}
