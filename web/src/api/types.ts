import type { alertView } from '../../../src/api/v1/alerts.ts'
import type { channelView } from '../../../src/api/v1/channels.ts'
import type { backtestView, explainView } from '../../../src/api/v1/explain-view.ts'
import type { markView } from '../../../src/api/v1/monitor-marks.ts'
import type { monitorBrief, monitorView } from '../../../src/api/v1/monitor-view.ts'
import type { notificationView } from '../../../src/api/v1/notifications.ts'
import type { pointView, portView } from '../../../src/api/v1/ports.ts'
import type { ruleView } from '../../../src/api/v1/rule-view.ts'
import type { reportView } from '../../../src/api/v1/tests.ts'
import type { Severity as EventSeverity } from '../../../src/core/event/severity.ts'
import type { State as MonitorState } from '../../../src/core/monitor/monitor.ts'
import type { ServerSettings as Settings } from '../../../src/core/server-settings.ts'
import type { Role as AccountRole } from '../../../src/core/who/role.ts'
import type { EngineStats as Engine } from '../../../src/engine/messages.ts'
import type { Titled } from '../../../src/lib/schema.ts'
import type { HistoryPoint } from '../../../src/storage/history/points.ts'

// What the server answers, by the server's own types: an answer that changes there is a type error here.

export type { Titled }
export type State = MonitorState
export type Severity = EventSeverity
export type Role = AccountRole
export type ServerSettings = Settings
export type Monitor = ReturnType<typeof monitorBrief>
export type MonitorDetail = ReturnType<typeof monitorView>
/** What people did, or planned, about a monitor. */
export type Mark = ReturnType<typeof markView>
export type Alert = ReturnType<typeof alertView>
export type Channel = ReturnType<typeof channelView>
export type Rule = ReturnType<typeof ruleView>
export type Notification = ReturnType<typeof notificationView>
export type Explanation = ReturnType<typeof explainView>
export type TestReport = ReturnType<typeof reportView>
export type Backtest = ReturnType<typeof backtestView>
export type Point = HistoryPoint
export type EngineStats = Engine
export type Port = ReturnType<typeof portView>
export type PortMoment = ReturnType<typeof pointView>

export interface Page<T> {
  readonly items: readonly T[]
  readonly next_cursor: number | string | null
}

/** Whether the server sees the network. */
export interface Sight {
  readonly blind: { readonly since: string } | null
  readonly resolver: { readonly since: string; readonly servers: string } | null
  readonly unknown: number
}

/** Open alerts: those that somebody must look at, and the others. */
export interface AlertCounts {
  readonly open: number
  readonly acknowledged: number
  readonly maintenance: number
  readonly cut_off: number
}

/** An event with its own further fields beside these. */
export interface Event {
  readonly id: number
  readonly type: string
  readonly source: string
  readonly severity: Severity
  readonly subject: string
  readonly at: string
  readonly received_at: string
  readonly [field: string]: unknown
}

/** The last day of a monitor: a letter per half hour (`u g d -`), and median latencies in ms. */
export interface Strip {
  readonly id: number
  readonly latency_ms: number | null
  readonly uptime: number | null
  readonly states: string
  readonly latencies: readonly (number | null)[]
}

export interface Me {
  readonly kind: 'user' | 'token'
  readonly id: number
  readonly name: string
  readonly role: Role
  readonly language?: 'en' | 'es' | null
  readonly totp?: boolean
}

/** What has words of the server's own, with their Spanish beside them. */
export interface Worded {
  readonly title?: string
  readonly description?: string
  readonly 'x-es'?: { readonly title?: string; readonly description?: string }
}

/** JSON Schema as the types of probes and channels carry it. */
export interface Schema extends Worded {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly 'x-secret'?: boolean
  readonly 'x-widget'?: string
  readonly 'x-order'?: number
  /** Few need it. */
  readonly 'x-rare'?: boolean
}

interface TypeInfo extends Titled {
  readonly name: string
  readonly options: Schema
}

export interface Types {
  readonly probes: readonly TypeInfo[]
  readonly channels: readonly TypeInfo[]
  /** How a channel of any type sends. */
  readonly channel: Schema
  readonly monitor: Schema
  /** What a monitor does that says nothing of it. */
  readonly monitor_defaults: Readonly<Record<string, unknown>>
}
