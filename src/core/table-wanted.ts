/** A table that is read again and again: whoever stands in it is watched. */
export interface TableWanted {
  readonly name: string
  /** Where it is: an address, or a program that prints it. */
  readonly from: { readonly url: string } | { readonly command: readonly [string, ...string[]] }
  readonly everyMs: number
  readonly headers: Readonly<Record<string, string>>
  /** Which column holds what, by title or number; the rest is guessed. */
  readonly columns: Readonly<Record<string, string>>
  /** What holds for each of its monitors, in the words of the file. */
  readonly each: Readonly<Record<string, unknown>>
  /** The channels by which they are told. */
  readonly channels: readonly string[]
  /** What becomes of a monitor whose row is gone. */
  readonly gone: 'pause' | 'remove'
}

/** Where a table stands. Times in ms. */
export interface TableStatus {
  readonly name: string
  readonly readAt: number | null
  /** When it was in force last. */
  readonly takenAt: number | null
  readonly rows: number
  /** Why the last reading did not come to anything, in both languages. */
  readonly trouble: { readonly code: string; readonly message: string; readonly message_es: string } | null
  /** A reading that lost too much, and waits for a yes. */
  readonly waiting: { readonly lost: number; readonly of: number; readonly since: number } | null
}
