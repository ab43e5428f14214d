import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import type { Found, Place, RuleEntry } from './import-plan.ts'
import { shortened } from './text/lines.ts'

/** A row of the panel's `alert_rules`. */
export interface RuleRow {
  readonly id: number
  readonly rule_name: string
  readonly description: string | null
  readonly rule_type: string
  readonly conditions: string | null
  readonly severity_threshold: string | null
  readonly channel_ids: string | null
  readonly is_enabled: number | null
  readonly cooldown_minutes: number | null
  readonly message_template: string | null
  readonly subject_template: string | null
}

const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']
/** What its documents call a finding, and what its events here are called. */
const DETECTIONS: Readonly<Record<string, string>> = { dga_domain: 'dga' }

const jsonOf = (text: string | null): unknown => {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}

const severityIn = (value: unknown): string | undefined =>
  typeof value === 'string' ? SEVERITIES.find((one) => one === value.trim().toUpperCase()) : undefined

/** A name of a finding in a condition, as events here have it. */
const renamedIn = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(renamedIn)
  return typeof value === 'string' && Object.hasOwn(DETECTIONS, value) ? DETECTIONS[value] : value
}

interface Conditions {
  readonly conditions: Readonly<Record<string, unknown>>
  readonly severity?: string
  readonly notes: readonly Cause[]
  /** It never told anything there, and what it was meant to say is not known. */
  readonly dead: boolean
}

const conditionsOf = (text: string | null): Conditions | undefined => {
  const written = jsonOf(text)
  if (!isObject(written)) return undefined
  const conditions: Record<string, unknown> = {}
  const notes: Cause[] = []
  let severity: string | undefined
  let dead = false
  for (const [field, condition] of Object.entries(written)) {
    if (isObject(condition) && 'operator' in condition) {
      const value = field === 'detection_type' ? renamedIn(condition.value) : condition.value
      if (JSON.stringify(value) !== JSON.stringify(condition.value))
        notes.push(
          because('import_setting_becomes', {
            setting: shortened(JSON.stringify(condition.value)),
            instead: shortened(JSON.stringify(value)),
          }),
        )
      conditions[field] = { ...condition, value }
      continue
    }
    const said = shortened(JSON.stringify({ [field]: condition }))
    notes.push(because('import_condition_dead', { condition: said }))
    // Its page wrote the threshold as a condition.
    if (field === 'severity') severity = severityIn(condition)
    else dead = true
  }
  return { conditions, notes, dead, ...(severity !== undefined && { severity }) }
}

/** A rule of the panel as one of ours; undefined where its conditions cannot be read. */
export const securityRule = (
  row: RuleRow,
  place: Place,
  channelNames: ReadonlyMap<number, string>,
): Found<RuleEntry> | undefined => {
  const read = conditionsOf(row.conditions)
  if (!read) return undefined
  const { conditions, dead } = read
  const notes = [...read.notes]
  const threshold = severityIn(row.severity_threshold)
  if (row.severity_threshold && threshold !== row.severity_threshold)
    notes.push(
      threshold === undefined
        ? because('import_value_unread', { field: 'severity_threshold', text: shortened(row.severity_threshold) })
        : because('import_setting_becomes', {
            setting: `severity_threshold ${row.severity_threshold}`,
            instead: threshold,
          }),
    )
  const listed = jsonOf(row.channel_ids)
  const channels = (Array.isArray(listed) ? listed : []).flatMap((id) => {
    const name = channelNames.get(Number(id))
    if (name === undefined) notes.push(because('import_channel_missing', { name: `#${String(id)}` }))
    return name === undefined ? [] : [name]
  })
  const minutes = row.cooldown_minutes ?? 0
  const severity = threshold ?? read.severity
  const templates = {
    ...(row.subject_template && { subject: row.subject_template }),
    ...(row.message_template && { text: row.message_template }),
  }
  const entry: RuleEntry = {
    name: row.rule_name,
    type: row.rule_type,
    ...(row.description && { description: row.description }),
    conditions,
    ...(severity !== undefined && { severity }),
    channels,
    cooldown: minutes > 0 ? `${Math.round(minutes)}m` : '0',
    // There it counts for all subjects of a rule together.
    cooldown_scope: 'rule',
    ...(Object.keys(templates).length > 0 && { templates }),
    enabled: row.is_enabled === 1 && !dead,
  }
  return { entry, place, key: String(row.id), notes }
}
