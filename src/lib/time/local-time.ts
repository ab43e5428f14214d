import { momentsOf, ownZone, plainTime } from './zone.ts'

const MINUTE_MS = 60_000
/** `22:00`, as people say a time of day without its date. */
export const TIME_OF_DAY_PATTERN = '^([01]\\d|2[0-3]):[0-5]\\d$'

const FORM = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[,.](\d{1,3}))?$/

/**
 * Reads times that a log writes without their zone: `2026-11-20 23:56:37,264` as ms UTC, undefined when it is no time.
 * Without a zone: this machine's. Where clocks are put back, an hour comes twice: the first one is meant, unless the time
 * before already lay in the second; where they are put forward, a time that never was is read as if they had not been.
 */
export const createLocalTime = (zone: string = ownZone()) => {
  let last = Number.NEGATIVE_INFINITY
  let minute = ''
  let minuteAt = 0

  const minuteOf = (wall: Temporal.PlainDateTime): number => {
    const { earlier, later, exists } = momentsOf(wall, zone)
    return exists && earlier + MINUTE_MS > last ? earlier : later
  }

  return (text: string): number | undefined => {
    const [, year, month, day, hour, minutes, second, fraction = '0'] = FORM.exec(text) ?? []
    if (year === undefined) return undefined
    // A log writes many lines in a minute: only the first of them asks the zone.
    if (text.slice(0, 16) !== minute) {
      const wall = plainTime(Number(year), Number(month), Number(day), Number(hour), Number(minutes))
      if (!wall) return undefined
      minuteAt = minuteOf(wall)
      minute = text.slice(0, 16)
    }
    last = minuteAt + Number(second) * 1000 + Number(fraction.padEnd(3, '0'))
    return last
  }
}
