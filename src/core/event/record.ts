/**
 * What a source read from somebody's log, before anything is concluded from it. Each source names its own shapes
 * (`core/event/zeek-record.ts`); detectors say by `kinds` which they want.
 */
export interface LogRecord {
  /** Whose log: `zeek`, `fail2ban`. */
  readonly source: string
  /** Which log, or which kind of line: `conn`, `dns`, `ban`. */
  readonly kind: string
  /** When it happened by the log's own clock, ms since the epoch. */
  readonly timeMs: number
  /** When it was over, ms, where that differs: a connection is logged at its end. Logs are in this order. */
  readonly endMs?: number
}

/** The time by which records are put in order, ms: that of being written, as far as the record tells. */
export const writtenAt = ({ timeMs, endMs }: LogRecord): number => endMs ?? timeMs
