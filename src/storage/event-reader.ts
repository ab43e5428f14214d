import type { Selectable } from 'kysely'
import type { VigiaEvent } from '#core/event.ts'
import { fromRow } from './event-row.ts'
import type { EventScan } from './events.ts'
import { openSqliteReader } from './sqlite.ts'
import type { EventsTable } from './tables.ts'

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
    const statement = database.prepare(`select * from events where ${among} received_at >= ? order by received_at, id`)
    for (const row of statement.iterate(...(types ?? []), from))
      take(fromRow(row as unknown as Selectable<EventsTable>))
  } finally {
    database.close()
  }
}
