/** When a job is due: every so often, or at times of the calendar in a zone. */
export type ScheduleTiming =
  | { readonly everyMs: number }
  /** Five fields; absent zone: the server's. */
  | { readonly cron: string; readonly timeZone?: string }
