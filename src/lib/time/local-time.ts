const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** `22:00`, as people say a time of day without its date. */
export const TIME_OF_DAY_PATTERN = '^([01]\\d|2[0-3]):[0-5]\\d$'

const FORM = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[,.](\d{1,3}))?$/

/** True for a time zone that this system knows, such as `America/Argentina/Cordoba`. */
export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const offsetIn = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  /** How far the zone's clocks are ahead of UTC at a moment, ms. */
  return (at: number): number => {
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
  }
}

/**
 * Reads times that a log writes without their zone: `2026-11-20 23:56:37,264` as ms UTC, undefined when it is no time.
 * Without a zone: this machine's. Where clocks are put back, an hour comes twice: the first one is meant, unless the time
 * before already lay in the second; where they are put forward, a time that never was is read as if they had not been.
 */
export const createLocalTime = (zone?: string) => {
  const offset = offsetIn(zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone)
  let last = Number.NEGATIVE_INFINITY
  let minute = ''
  let minuteAt = 0

  const minuteOf = (asUtc: number): number => {
    const candidates = [offset(asUtc - DAY_MS), offset(asUtc + DAY_MS)].map((ahead) => asUtc - ahead)
    const real = candidates.filter((at) => at + offset(at) === asUtc).sort((a, b) => a - b)
    return real.find((at) => at + MINUTE_MS > last) ?? real.at(-1) ?? candidates[0]!
  }

  return (text: string): number | undefined => {
    const [, year, month, day, hour, minutes, second, fraction = '0'] = FORM.exec(text) ?? []
    if (year === undefined) return undefined
    if (text.slice(0, 16) !== minute) {
      const asUtc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minutes))
      // What does not exist, such as the 31st of April, would come back as another date.
      if (new Date(asUtc).toISOString().slice(0, 16) !== `${text.slice(0, 10)}T${text.slice(11, 16)}`) return undefined
      minuteAt = minuteOf(asUtc)
      minute = text.slice(0, 16)
    }
    last = minuteAt + Number(second) * 1000 + Number(fraction.padEnd(3, '0'))
    return last
  }
}
