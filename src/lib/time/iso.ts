/** A time, ms UTC, in ISO 8601; null stays null. */
export const iso = <T extends number | null>(at: T): T extends null ? null : string =>
  (at === null ? null : new Date(at).toISOString()) as T extends null ? null : string
