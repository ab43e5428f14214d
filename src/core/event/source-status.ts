import type { SilentLog } from './silent-log.ts'

/** One log that is followed, since the server started. */
export interface FollowedLog {
  readonly path: string
  readonly lines: number
  readonly bytes: number
  /** Bytes of the live file that were not read when it was last looked at. */
  readonly behindBytes: number
  /** Lines that could not be read, by reason. */
  readonly leftOut: Readonly<Record<string, number>>
}

/** A security tool whose logs are followed. */
export interface SourceStatus {
  readonly kind: 'zeek' | 'fail2ban'
  readonly name: string
  readonly logs: readonly FollowedLog[]
  /** The latest time that its logs tell, ms; null before the first, or where lines tell none. */
  readonly lastRecordAt: number | null
  /** Lines whose time is more than a day off, left out. */
  readonly stray?: number
  /** Lines that said again what another line said of the same connection. */
  readonly repeated?: number
  /** Paths and logs that give nothing, and why. */
  readonly silent: readonly SilentLog[]
  /** What each detector raised, remembers, and had to forget before its time. */
  readonly detectors: Readonly<
    Record<string, { readonly events: number; readonly tracked: number; readonly forgotten: number }>
  >
}

/** Where detections come from, and what is known of addresses. */
export interface SourcesStatus {
  readonly sources: readonly SourceStatus[]
  /** Whether a database tells the country and the owner of an address: without it those fields are absent. */
  readonly addressFacts: { readonly country: boolean; readonly owner: boolean }
}
