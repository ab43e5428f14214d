import { sql } from 'kysely'
import type { Migration, MigrationTools } from './migration.ts'

type Values = Record<string, unknown>

/** What the server says in its own events, by name, with the type of each; frozen as it was when this step was made. */
const OWN_FIELDS: Readonly<Record<string, string>> = {
  channel_id: 'number',
  since: 'number',
  cause: 'string',
  code: 'string',
  monitor: 'string',
  target: 'string',
  state: 'string',
  previous_state: 'string',
  state_now: 'string',
  flapping: 'string',
  changes: 'number',
  attempts: 'number',
  last_hop: 'string',
  last_hop_monitor: 'string',
  path_changed: 'boolean',
  answers_ping: 'boolean',
  loss: 'number',
  rtt_p95: 'number',
  jitter: 'number',
  packets_sent: 'number',
  packets_lost: 'number',
  over_ms: 'number',
}

/** Alerts and messages of these are the server's own, whatever rule looks at them. */
const isOwnType = (type: unknown): boolean =>
  typeof type === 'string' &&
  (['monitor_state', 'channel_failed', 'port_state', 'correlation'].includes(type) || type.startsWith('vigia_'))

interface AlertRow {
  readonly id: number
  readonly rule_id: number | null
  readonly monitor_id: number | null
  readonly resolved_by: string | null
  readonly data: string
}

/** Whether the server wrote a field of an alert's data. */
const isFact = (row: AlertRow, data: Values, [name, value]: [string, unknown]): boolean => {
  const { rule_id: rule, monitor_id: monitor, resolved_by: by } = row
  if (name === 'event_type') return rule !== null
  if (name === 'closed_by') return by === 'hand' && typeof value === 'string'
  if (name === 'unwatched') return monitor !== null && Array.isArray(value)
  if (name === 'since' && data.event_type === 'prometheus_alert')
    return typeof value === 'number' && typeof data.starts_at === 'string'
  // Of what neither a rule nor a monitor's own opened the server told of itself.
  const ours = monitor !== null || rule === null || isOwnType(data.event_type)
  return ours && Object.hasOwn(OWN_FIELDS, name) && typeof value === OWN_FIELDS[name]
}

const BATCH = 1000

const carryAlerts = async ({ ask }: MigrationTools): Promise<void> => {
  for (let after = -1; ; ) {
    const rows = await ask(
      sql<AlertRow>`select id, rule_id, monitor_id, resolved_by, data from alerts where id > ${after} order by id limit ${BATCH}`,
    )
    for (const row of rows) {
      const data = JSON.parse(row.data) as Values
      const entries = Object.entries(data)
      const facts = entries.filter((entry) => isFact(row, data, entry))
      if (facts.length === 0) continue
      const rest = Object.fromEntries(entries.filter((entry) => !isFact(row, data, entry)))
      const [ours, theirs] = [JSON.stringify(Object.fromEntries(facts)), JSON.stringify(rest)]
      await ask(sql`update alerts set facts = ${ours}, data = ${theirs} where id = ${row.id}`)
    }
    if (rows.length < BATCH) return
    after = rows.at(-1)!.id
  }
}

/** What a message about a sender's event took from his fields for what a monitor would say. */
const TAKEN = ['code', 'quality', 'attempts', 'flapping']
const NOBODYS = { monitor: null, target: null, state: null, previousState: null }

/** Notices that may leave yet, or be tried again. */
const carryNotifications = async ({ ask }: MigrationTools): Promise<void> => {
  const rows = await ask(sql<{ id: number; payload: string }>`
    select id, payload from notifications
    where status in ('pending', 'held', 'failed') and alert_id is not null and payload like '%"event":{%'`)
  for (const { id, payload } of rows) {
    const facts = JSON.parse(payload) as Values
    const event = facts.event as { readonly type?: unknown; readonly data?: Values } | undefined
    if (event?.type === undefined) continue
    const after = isOwnType(event.type) ? { ...facts } : { ...facts, ...NOBODYS }
    if (!isOwnType(event.type)) for (const name of TAKEN) delete (after as Values)[name]
    const failed = event.type === 'channel_failed' ? event.data?.channel_id : undefined
    const carried = JSON.stringify({ ...after, ...(typeof failed === 'number' && { aboutChannel: failed }) })
    if (carried !== payload) await ask(sql`update notifications set payload = ${carried} where id = ${id}`)
  }
}

/** What the server says of an alert stands apart from what a sender wrote under the same names. */
export const facts: Migration = {
  name: '0029-facts',
  up: async (tools) => {
    await tools.schema
      .alterTable('alerts')
      .addColumn('facts', 'text', (column) => column.notNull().defaultTo('{}'))
      .execute()
    await carryAlerts(tools)
    await carryNotifications(tools)
  },
}
