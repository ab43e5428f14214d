import type { ChannelEntry } from '#config/channel-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import type { Found, ImportPlan, Left, Place } from './import-plan.ts'
import { SourceError } from './import-plan.ts'
import { defineImporter } from './importer.ts'
import { addressesIn, MAIL_VARIABLES, mailOptions } from './mail-variables.ts'
import { createNames } from './names.ts'
import { type RuleRow, securityRule } from './security-rules.ts'
import type { Source, SourceFile } from './source.ts'
import { isDatabaseWith, openSourceDatabase, type SourceDatabase } from './sqlite-source.ts'
import { type NamedValue, readVariables } from './text/environment.ts'
import { shortened } from './text/lines.ts'

const TOOL = 'Security2'

interface ChannelRow {
  readonly id: number
  readonly channel_name: string
  readonly channel_type: string
  readonly description: string | null
  readonly config: string | null
  readonly is_enabled: number | null
}

interface TaskRow {
  readonly id: number
  readonly task_name: string
  readonly task_type: string | null
  readonly schedule_type: string | null
}

/** Of its periodic work, what the server does here without being told. */
const OURS = new Set(['zeek_import', 'zeek_detection', 'cleanup'])

/** Columns that a table lacks in an older version are null. */
const selected = (db: SourceDatabase, table: string, columns: readonly string[]): string => {
  const there = db.columns(table)
  const list = columns.map((column) => (there?.has(column) ? column : `null as ${column}`))
  return `select ${list.join(', ')} from ${table} order by id`
}

const CHANNEL_COLUMNS = ['id', 'channel_name', 'channel_type', 'description', 'config', 'is_enabled']
const RULE_COLUMNS = [
  'id',
  'rule_name',
  'description',
  'rule_type',
  'conditions',
  'severity_threshold',
  'channel_ids',
  'is_enabled',
  'cooldown_minutes',
  'message_template',
  'subject_template',
]

type Config = Readonly<Record<string, unknown>>

const textIn = (config: Config, name: string): string | undefined =>
  typeof config[name] === 'string' && config[name] !== '' ? config[name] : undefined

/** Options of a channel by its type there; of its mail it used the recipients alone, and the environment for the rest. */
const OPTIONS: Readonly<
  Record<string, (config: Config, values: ReadonlyMap<string, NamedValue>) => Readonly<Record<string, unknown>>>
> = {
  email: (config, values) => {
    const listed = Array.isArray(config.recipients) ? config.recipients.map(String).join(',') : undefined
    return mailOptions(values, addressesIn(listed ?? textIn(config, 'recipients')))
  },
  telegram: ({ bot_token, chat_id }) => ({
    ...(bot_token !== undefined && { bot_token }),
    ...(chat_id !== undefined && { chat_id: typeof chat_id === 'number' ? chat_id : String(chat_id) }),
  }),
  slack: ({ webhook_url }) => ({ webhook_url }),
  discord: ({ webhook_url }) => ({ webhook_url }),
  webhook: ({ url, method, headers }) => ({
    url,
    ...(typeof method === 'string' && { method: method.toUpperCase() }),
    ...(isObject(headers) && Object.keys(headers).length > 0 && { headers }),
  }),
}

const configOf = (text: string | null): Config | undefined => {
  try {
    const config: unknown = JSON.parse(text ?? '')
    return isObject(config) ? config : undefined
  } catch {
    return undefined
  }
}

const channelOf = (
  row: ChannelRow,
  place: Place,
  name: string,
  values: ReadonlyMap<string, NamedValue>,
): Found<ChannelEntry> | Cause => {
  const config = configOf(row.config)
  if (!config) return because('import_value_unread', { field: 'config', text: shortened(row.config ?? '') })
  const options = OPTIONS[row.channel_type]
  if (!options) return because('import_channel_unknown', { kind: row.channel_type })
  const off = row.is_enabled !== 1
  const entry = {
    name,
    type: row.channel_type,
    options: options(config, values),
    language: 'es' as const,
    ...(off && { enabled: false }),
  }
  return { entry, place, key: String(row.id), notes: off ? [because('import_was_off')] : [] }
}

const tasksOf = (db: SourceDatabase, placeOf: (table: string, row: number) => Place): Left[] => {
  if (!db.columns('scheduled_tasks')) return []
  const query = selected(db, 'scheduled_tasks', ['id', 'task_name', 'task_type', 'schedule_type'])
  return db.rows<TaskRow>(query).map(({ id, task_name, task_type, schedule_type }) => {
    const does = [task_type, schedule_type].filter(Boolean).join(', ')
    const why = OURS.has(task_type ?? '') ? because('import_task_ours', { does }) : because('import_task', { does })
    return { what: task_name, place: placeOf('scheduled_tasks', id), why }
  })
}

/** What it told before: who was told what stays there. */
const logOf = (db: SourceDatabase, file: SourceFile): Left[] => {
  if (!db.columns('alert_logs')) return []
  const [{ lines } = { lines: 0 }] = db.rows<{ lines: number }>('select count(*) as lines from alert_logs')
  const why = because('import_setting_left', { setting: `alert_logs (${lines})` })
  return lines === 0 ? [] : [{ what: 'alert_logs', place: { file: file.name, table: 'alert_logs' }, why }]
}

const readAll = (db: SourceDatabase, file: SourceFile, values: ReadonlyMap<string, NamedValue>): ImportPlan => {
  const placeOf = (table: string, row: number): Place => ({ file: file.name, table, row })
  const left: Left[] = []
  const nameOf = createNames()
  const names = new Map<number, string>()
  const channels: Found<ChannelEntry>[] = []
  for (const row of db.rows<ChannelRow>(selected(db, 'alert_channels', CHANNEL_COLUMNS))) {
    const { name, notes } = nameOf(String(row.channel_name))
    const place = placeOf('alert_channels', row.id)
    const channel = channelOf(row, place, name, values)
    if ('code' in channel) {
      left.push({ what: name, place, why: channel })
      continue
    }
    names.set(row.id, name)
    channels.push({ ...channel, notes: [...(channel.notes ?? []), ...notes] })
  }
  const rules = db.rows<RuleRow>(selected(db, 'alert_rules', RULE_COLUMNS)).flatMap((row) => {
    const place = placeOf('alert_rules', row.id)
    const rule = securityRule(row, place, names)
    if (rule) return [rule]
    const why = because('import_value_unread', { field: 'conditions', text: shortened(String(row.conditions)) })
    left.push({ what: String(row.rule_name), place, why })
    return []
  })
  return {
    kind: 'security-panel',
    tool: TOOL,
    channels,
    rules,
    left,
    remarks: [...tasksOf(db, placeOf), ...logOf(db, file)],
  }
}

const read = (source: Source, file: SourceFile): ImportPlan => {
  const beside = source.file('.env', file) ?? source.file('../.env', file)
  const values = beside ? readVariables(beside.text(), MAIL_VARIABLES) : new Map<string, NamedValue>()
  const db = openSourceDatabase(file)
  try {
    if (!db.columns('alert_channels') || !db.columns('alert_rules'))
      throw new SourceError({ file: file.name }, because('import_kind_not_found', { kind: 'security-panel' }))
    return readAll(db, file, values)
  } finally {
    db.close()
  }
}

/** The security panel: channels, rules and what it did by the clock, from its database; its mail from `.env`. */
export const securityPanel = defineImporter({
  kind: 'security-panel',
  title: 'security panel (security.db)',
  recognises: (file) => isDatabaseWith(file, ['alert_channels', 'alert_rules'], 'security.db'),
  read,
})
