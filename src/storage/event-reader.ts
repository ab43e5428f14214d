import type { VigiaEvent } from '#core/event/event.ts'
import type { Severity } from '#core/event/severity.ts'
import type { EventScan } from './events.ts'
import { openSqliteReader } from './sqlite.ts'

const COLUMNS = 'id, type, source, severity, subject, at, received_at, monitor_id, data'
type EventValues = [number, string, string, Severity, string, number, number, number | null, string]

/** Lists cost half of what objects do, and this runs a million times. */
const eventOf = ([id, type, source, severity, subject, at, receivedAt, monitorId, data]: EventValues): VigiaEvent => ({
  id,
  type,
  source,
  severity,
  subject,
  at,
  receivedAt,
  monitorId,
  data: JSON.parse(data),
})

/**
 * Hands every stored event that `scan` names to `take`, in the order in which they came, from a connection of its own
 * that sees the store as it is now. Blocks its thread until it is done.
 */
export const eachEvent = (
  path: string,
  { types, from }: Pick<EventScan, 'types' | 'from'>,
  take: (event: VigiaEvent) => void,
): void => {
  const database = openSqliteReader(path)
  try {
    const among = types ? `type in (${types.map(() => '?').join(', ')}) and` : ''
    const statement = database.prepare(
      `select ${COLUMNS} from events where ${among} received_at >= ? order by received_at, id`,
    )
    statement.setReturnArrays(true)
    for (const row of statement.iterate(...(types ?? []), from)) take(eventOf(row as unknown as EventValues))
  } finally {
    database.close()
  }
}
