/** Figures of a stretch of time. */
export interface Stats {
  readonly total_sent: number
  readonly successful: number
  readonly failed: number
  /** Percent. */
  readonly success_rate: number
  readonly by_severity: Readonly<Record<'low' | 'medium' | 'high' | 'critical', number>>
  readonly top_rules: readonly { readonly rule_name: string; readonly count: number }[]
}

/** Messages, each counted once, however many attempts it took. */
export interface MessageCounts {
  readonly tried: number
  readonly delivered: number
}

/** One attempt of a delivery. */
export interface LogEntry {
  readonly id: number
  readonly rule_id: number | null
  readonly rule_name: string | null
  readonly channel_name: string
  readonly severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'
  readonly subject: string | null
  readonly message: string
  /** ISO, UTC without saying so. */
  readonly sent_at: string
  readonly success: boolean
  readonly error_message: string | null
  readonly cause_code?: string
  readonly cause_facts?: object
  readonly send_duration_ms: number
  /** It was a test, which no figure counts. */
  readonly test?: true
}
