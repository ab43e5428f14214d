const LONGEST_MS = 86_400_000

const bounded = (ms: number): number | undefined =>
  Number.isFinite(ms) ? Math.min(Math.max(0, Math.ceil(ms)), LONGEST_MS) : undefined

/**
 * The wait of a `Retry-After` header (RFC 9110, 10.2.3) in ms: seconds, also with a fraction as chat services send
 * them, or a date. At most a day; undefined when it says nothing.
 */
export const retryAfterMs = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined
  const text = header.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return bounded(Number(text) * 1000)
  return /^[A-Za-z]{3}/.test(text) ? bounded(Date.parse(text) - now) : undefined
}

/** The same for a number of seconds in an answer's JSON. */
export const secondsToMs = (seconds: unknown): number | undefined =>
  typeof seconds === 'number' ? bounded(seconds * 1000) : undefined
