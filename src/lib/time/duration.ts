const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Form of a duration in configuration: `500ms`, `30s`, `5m`, `1h`, `2d`, several together as `1h30m`, or `0`. So many
 * digits and no more, because a time that far ahead is none that a calendar knows.
 */
export const DURATION_PATTERN = '^(0|(\\d{1,9}(\\.\\d{1,9})?(ms|s|m|h)|\\d{1,6}(\\.\\d{1,9})?d)+)$'

const FORM = new RegExp(DURATION_PATTERN)

/** Milliseconds of a duration text (`"1h30m"` is 5,400,000), or undefined when it is not one. */
export const parseDuration = (text: string): number | undefined => {
  const trimmed = text.trim()
  if (!FORM.test(trimmed)) return undefined
  let total = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    total += Number(amount) * UNITS[unit!]!
  return Math.round(total)
}

/** A file of thousands of monitors has few durations. */
const MOST_KNOWN = 200
const known = new Map<string, number>()

/** Milliseconds of a text whose form a schema has checked; 0 for what is no duration all the same. */
export const durationMs = (text: string): number => {
  const before = known.get(text)
  if (before !== undefined) return before
  const ms = parseDuration(text) ?? 0
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(text, ms)
  return ms
}

/** The shortest text that `parseDuration` reads back: 5,400,000 is `1h30m`, 0 is `0`. */
export const durationText = (ms: number): string => {
  if (ms === 0) return '0'
  let rest = Math.round(ms)
  let text = ''
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const count = Math.floor(rest / UNITS[unit]!)
    if (count > 0) text += `${count}${unit}`
    rest -= count * UNITS[unit]!
  }
  return text
}
