import type { Severity } from '../event/severity.ts'

/** What is told of a maintenance window. Times are ISO 8601 UTC. */
interface MaintenanceFacts {
  readonly name: string
  readonly starts_at: string
  readonly ends_at: string
  readonly note: string
  readonly by: string
  /** Monitors that it covers. */
  readonly count: number
  readonly subscribers: number
  /** The first of them. */
  readonly names: readonly string[]
  /** Of them, those that are down now. */
  readonly down: readonly string[]
}

/** What is told of a shift that is handed over. Times are ISO 8601 UTC. */
interface HandoverFacts {
  /** Who hands it over. */
  readonly name: string
  readonly starts_at: string
  readonly ends_at: string
  readonly note: string
  readonly opened: number
  readonly closed: number
  readonly open: number
  /** The first of what is still open. */
  readonly open_names: readonly string[]
  readonly lines: readonly string[]
  /** What stays in sight until it is done. */
  readonly pinned: readonly string[]
}

/** What is told of times in which nobody is on duty. Times are ISO 8601 UTC. */
interface DutyGapFacts {
  /** The list. */
  readonly name: string
  /** The first of those that are near. */
  readonly gaps: readonly { readonly starts_at: string; readonly ends_at: string }[]
  /** How many there are within two weeks. */
  readonly count: number
  /** Who hears of what happens meanwhile: names of channels. */
  readonly fallback: readonly string[]
}

/** What people asked to be told and that is no alert: each code with what its sentences name. */
interface NoticeFacts {
  readonly shift_handover: HandoverFacts
  readonly duty_gap: DutyGapFacts
  readonly maintenance_ahead: MaintenanceFacts
  readonly maintenance_begin: MaintenanceFacts
  readonly maintenance_end: MaintenanceFacts
  readonly maintenance_cancelled: MaintenanceFacts
}
export type NoticeCode = keyof NoticeFacts

/** A notice as it is kept and sent: its code with its facts. */
export type Notice = { readonly [Code in NoticeCode]: { readonly code: Code } & NoticeFacts[Code] }[NoticeCode]

/** Where the page shows more of it, and how severe it is. */
const KINDS: Readonly<Record<NoticeCode, { readonly path: string; readonly severity: Severity }>> = {
  maintenance_ahead: { path: 'calendar', severity: 'LOW' },
  shift_handover: { path: 'shift', severity: 'LOW' },
  duty_gap: { path: 'duty', severity: 'MEDIUM' },
  maintenance_begin: { path: 'calendar', severity: 'LOW' },
  maintenance_end: { path: 'calendar', severity: 'LOW' },
  maintenance_cancelled: { path: 'calendar', severity: 'LOW' },
}

/** The page that a notice leads to, as a path of the server. */
export const noticePath = ({ code }: Notice): string => KINDS[code].path

/** How grave a notice is. */
export const noticeSeverity = ({ code }: Notice): Severity => KINDS[code].severity
