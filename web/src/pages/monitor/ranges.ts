export const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Stretches of time that a page offers, by name. */
export const SPANS = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
  year: 365 * DAY_MS,
} as const

export type Span = keyof typeof SPANS
export const isSpan = (name: string): name is Span => name in SPANS
