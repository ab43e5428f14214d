/** One thing that was looked at, in words: what is so, and what to do where it could be better. */
export interface Finding {
  readonly check: string
  readonly level: 'ok' | 'warning' | 'problem'
  readonly found: string
  readonly advice?: string
}
