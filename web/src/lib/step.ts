const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30s` and the like, as the API writes the step of a series, in ms. */
export const stepMs = (text: string): number => {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? []
  return Number(count) * (UNITS[unit ?? ''] ?? 1000) || 1000
}
