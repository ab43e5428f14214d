import type { Generated } from 'kysely'

/** Columns as both engines hold them: integer ids, integer ms UTC, JSON as text, booleans as 0 or 1. */

export interface MonitorsTable {
  id: Generated<number>
  name: string
  type: string
  /** The whole MonitorSpec as JSON. */
  spec: string
  paused: number
  /** Paused by hand, which a reload of the file does not undo. */
  paused_by_hand: Generated<number>
  /** Who paused it, why, and until when, ms; null of one that goes on, or that an older version paused. */
  paused_by: string | null
  pause_reason: string | null
  paused_until: number | null
  /** When somebody paused it, ms; null of one that goes on, that the file pauses, or that an older version paused. */
  paused_at: number | null
  origin: string | null
  removed_at: number | null
  created_at: number
  updated_at: number
}

/** What each person keeps at hand. */
interface SavedFiltersTable {
  id: Generated<number>
  user_id: number
  page: string
  name: string
  filter: string
}

interface FavouritesTable {
  user_id: number
  monitor_id: number
}

export interface ChannelsTable {
  id: Generated<number>
  name: string
  type: string
  spec: string
  enabled: number
  origin: string | null
  removed_at: number | null
  created_at: number
  updated_at: number
}

export interface StatesTable {
  monitor_id: number
  state: string
  beneath: string
  since: number
  code: string
  cause: string
  cause_code: string | null
  cause_facts: string | null
  changed_at: number
  last_signal: string | null
}

export interface TransitionsTable {
  id: Generated<number>
  monitor_id: number
  from_state: string
  to_state: string
  at: number
  since: number
  previous_since: number
  code: string
  cause: string
  facts: string
  cause_code: string | null
  cause_facts: string | null
}

export interface EventsTable {
  id: Generated<number>
  type: string
  source: string
  severity: string
  subject: string
  at: number
  received_at: number
  monitor_id: number | null
  data: string
}

export interface AlertsTable {
  id: Generated<number>
  fingerprint: string
  rule_id: number | null
  monitor_id: number | null
  subject: string
  severity: string
  status: string
  since: number
  opened_at: number
  updated_at: number
  resolved_at: number | null
  resolved_by: string | null
  acknowledged_at: number | null
  acknowledged_by: string | null
  acknowledge_note: string | null
  acknowledge_until: number | null
  first_look_at: number | null
  count: number
  last_event_id: number | null
  next_due_at: number | null
  last_told_at: number | null
  /** What was told last, of an alert that was told. */
  told_severity: string | null
  told_state: string | null
  reminders: number
  /** When it ends by itself without a new event, ms. */
  resolve_at: number | null
  /** JSON list of the steps that it was escalated by. */
  escalated: string | null
  /** JSON: what the server itself says of it (`core/alert/alert-facts.ts`). */
  facts: Generated<string>
  data: string
}

export interface NotificationsTable {
  id: Generated<number>
  uid: string
  alert_id: number | null
  channel_id: number
  reason: string
  status: string
  payload: string
  created_at: number
  next_attempt_at: number | null
  lease_until: number | null
  attempts: Generated<number>
  first_attempt_at: number | null
  delivered_at: number | null
  failure: string | null
  /** An English sentence. */
  error: string | null
  /** The cause that the sentence says, and its facts as JSON; null of what an older version said. */
  cause_code: string | null
  cause_facts: string | null
  response: string | null
  reference: string | null
  digest_id: number | null
  /** The copy that went by another channel. */
  fallback_id: number | null
  /** JSON: which of several recipients have it. */
  served: string | null
  /** What it is about, as a number (`core/event/about.ts`); null for what is about many things. */
  about: number | null
  /** What holds it back, or did. */
  held_for: string | null
}

export interface AttemptsTable {
  id: Generated<number>
  notification_id: number
  at: number
  duration_ms: number
  ok: number
  code: number | null
  failure: string | null
  /** An English sentence. */
  error: string | null
  /** The cause that the sentence says, and its facts as JSON; null of what an older version said. */
  cause_code: string | null
  cause_facts: string | null
  response: string | null
}

/** Deliveries added up; see `delivery-totals.ts`. */
interface DeliveryTotalsTable {
  channel_id: number
  /** 0 for none. */
  rule_id: number
  attempts: number
  successes: number
  failures: number
  last_success_at: number | null
  tested: number
}

export interface PathsTable {
  monitor_id: number
  kind: string
  at: number
  address: string
  /** A JSON list of addresses and nulls. */
  hops: string
  reached: number
}

interface SettingsTable {
  name: string
  value: string
}

export interface GapsTable {
  id: Generated<number>
  from_at: number
  to_at: number
  reason: string
}

export interface RulesTable {
  id: Generated<number>
  name: string
  type: string
  /** The whole RuleSpec as JSON. */
  spec: string
  enabled: number
  triggers: Generated<number>
  last_triggered_at: number | null
  removed_at: number | null
  created_at: number
  created_by: string | null
  updated_at: number
  updated_by: string | null
}

export interface DecisionsTable {
  id: Generated<number>
  event_id: number
  rule_id: number | null
  alert_id: number | null
  at: number
  outcome: string
  until: number | null
  detail: string
}

export interface SilencesTable {
  id: Generated<number>
  matchers: string
  starts_at: number
  ends_at: number
  comment: string
  created_by: string
  created_at: number
  origin: string | null
}

export interface MaintenanceTable {
  id: Generated<number>
  name: string
  matchers: string
  starts_at: number
  ends_at: number
  created_by: string
  created_at: number
  plan_id: number | null
  behind: number
  note: string
  /** Whom it is told to, and when, as JSON. */
  tell: string | null
  /** What was told of it, one phase after the other with a space between. */
  told: string
  /** When something of it is to be told next. */
  tell_at: number | null
}

export interface MaintenancePlansTable {
  id: Generated<number>
  name: string
  matchers: string
  /** Empty where the only window begins at `starts_at`. */
  cron: string
  starts_at: number | null
  duration_ms: number
  time_zone: string
  /** Occurrences that begin before this are in the table of windows. */
  planned_until: number
  created_by: string
  created_at: number
  removed_at: number | null
  origin: string | null
  behind: number
  note: string
  tell: string | null
}

interface IdempotencyKeysTable {
  key: string
  at: number
  answer: string
}

export interface UsersTable {
  id: Generated<number>
  name: string
  /** The name as it is compared: any spelling of it is the same account. */
  name_key: string
  password: string
  role: string
  /** Sealed. */
  totp_secret: string | null
  totp_last_step: number | null
  /** Hashes as a JSON list. */
  recovery_codes: Generated<string>
  /** Hashes as a JSON list. */
  known_places: Generated<string>
  language: string | null
  enabled: Generated<number>
  created_at: number
}

export interface SessionsTable {
  id: Generated<number>
  user_id: number
  hash: string
  created_at: number
  last_used_at: number
  expires_at: number
  address: string
  user_agent: string
}

export interface TokensTable {
  id: Generated<number>
  name: string
  hash: string
  prefix: string
  role: string
  created_by: string
  created_at: number
  last_used_at: number | null
  expires_at: number | null
  revoked_at: number | null
}

export interface AuditTable {
  id: Generated<number>
  at: number
  actor: string
  action: string
  object: string
  object_id: number | null
  details: string
  address: string | null
}

interface SchedulesTable {
  name: string
  enabled: number
  timing: string
  started_at: number | null
  finished_at: number | null
  ok: number | null
  result: string | null
}

export interface BansTable {
  id: Generated<number>
  server: string
  jail: string
  ip: string
  since: number
  expires_at: number | null
  failures: number | null
  /** Null for a ban that fail2ban decided by itself. */
  manual_by: string | null
  manual_reason: string | null
  confirmed: number
  renew_at: number | null
}

interface FollowOffsetsTable {
  log: string
  file: string
  /** A FilePosition as JSON. */
  position: string
  updated_at: number
}

export interface ShiftLinesTable {
  id: Generated<number>
  at: number
  written_by: string
  kind: string
  text: string
  ticket: string
  pinned: number
  /** Of a handover: when it was signed. */
  done_at: number | null
  done_by: string | null
  alert_id: number | null
  monitor_id: number | null
}

interface DutyEntriesTable {
  id: Generated<number>
  kind: string
  name: string
  /** As the file would write it, JSON. */
  entry: string
}

interface DutyTakeoversTable {
  id: Generated<number>
  list: string
  person: string
  starts_at: number
  ends_at: number
  said_by: string
}

interface DutyGapsToldTable {
  id: Generated<number>
  list: string
  starts_at: number
  ends_at: number
}

/** Which thing of another tool became which of ours. */
interface ImportedObjectsTable {
  source: string
  object: string
  source_key: string
  object_id: number
  /** Of what it said when it came in. */
  digest: string
}

interface ImportedHistoryTable {
  monitor_id: number
  /** When the day (UTC) begins, ms. */
  day: number
  /** Summaries in base64. */
  body: string
}

interface PlacesTable {
  id: Generated<number>
  name: string
  lat: number
  lon: number
}

export interface Tables {
  places: PlacesTable
  duty_entries: DutyEntriesTable
  duty_takeovers: DutyTakeoversTable
  duty_gaps_told: DutyGapsToldTable
  imported_objects: ImportedObjectsTable
  imported_history: ImportedHistoryTable
  shift_lines: ShiftLinesTable
  bans: BansTable
  follow_offsets: FollowOffsetsTable
  paths: PathsTable
  rules: RulesTable
  decisions: DecisionsTable
  silences: SilencesTable
  maintenance: MaintenanceTable
  maintenance_plans: MaintenancePlansTable
  idempotency_keys: IdempotencyKeysTable
  monitors: MonitorsTable
  saved_filters: SavedFiltersTable
  favourites: FavouritesTable
  channels: ChannelsTable
  states: StatesTable
  transitions: TransitionsTable
  events: EventsTable
  alerts: AlertsTable
  notifications: NotificationsTable
  attempts: AttemptsTable
  delivery_totals: DeliveryTotalsTable
  settings: SettingsTable
  gaps: GapsTable
  users: UsersTable
  sessions: SessionsTable
  tokens: TokensTable
  audit: AuditTable
  schedules: SchedulesTable
}
