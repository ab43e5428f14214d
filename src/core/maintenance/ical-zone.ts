import { zonedMoment } from '#lib/time/zone.ts'

const two = (value: number): string => String(value).padStart(2, '0')

/** A moment by the clock of a zone: `20261201T020000`. */
export const localStamp = (at: number, timeZone: string): string => {
  const { year, month, day, hour, minute, second } = zonedMoment(at, timeZone)
  return `${String(year).padStart(4, '0')}${two(month)}${two(day)}T${two(hour)}${two(minute)}${two(second)}`
}

/** The same in UTC: `20261201T050000Z`. */
export const utcStamp = (at: number): string => `${localStamp(at, 'UTC')}Z`

const offsetText = (nanoseconds: number): string => {
  const seconds = Math.round(Math.abs(nanoseconds) / 1e9)
  const rest = seconds % 60 === 0 ? '' : two(seconds % 60)
  return `${nanoseconds < 0 ? '-' : '+'}${two(Math.floor(seconds / 3600))}${two(Math.floor(seconds / 60) % 60)}${rest}`
}

const observance = (kind: 'STANDARD' | 'DAYLIGHT', start: string, from: number, to: number): string[] => [
  `BEGIN:${kind}`,
  `DTSTART:${start}`,
  `TZOFFSETFROM:${offsetText(from)}`,
  `TZOFFSETTO:${offsetText(to)}`,
  `END:${kind}`,
]

/** Changes of clocks told at most. */
const MOST_CHANGES = 40

/** Changes of a zone's clock within a stretch of time, ms: what it shows from each on, the first ones at most. */
export const clockChanges = (timeZone: string, from: number, to: number): Temporal.ZonedDateTime[] => {
  const changes: Temporal.ZonedDateTime[] = []
  for (let now = zonedMoment(from, timeZone); changes.length < MOST_CHANGES; now = changes.at(-1)!) {
    const next = now.getTimeZoneTransition('next')
    if (!next || next.epochMilliseconds >= to) break
    changes.push(next)
  }
  return changes
}

/** A zone's clock over a stretch of time, ms, as a VTIMEZONE: each change of it one observance (RFC 5545, 3.6.5). */
export const zoneLines = (timeZone: string, from: number, to: number): string[] => {
  const { offsetNanoseconds: first } = zonedMoment(from, timeZone)
  const lines = observance('STANDARD', '19700101T000000', first, first)
  for (const next of clockChanges(timeZone, from, to)) {
    const before = next.subtract({ seconds: 1 })
    // The clock that is put forward stands ahead of the sun: that is what "daylight" means here.
    const kind = next.offsetNanoseconds > before.offsetNanoseconds ? 'DAYLIGHT' : 'STANDARD'
    const onset = next.toInstant().toZonedDateTimeISO('UTC').add({ nanoseconds: before.offsetNanoseconds })
    const start = localStamp(onset.epochMilliseconds, 'UTC')
    lines.push(...observance(kind, start, before.offsetNanoseconds, next.offsetNanoseconds))
  }
  return ['BEGIN:VTIMEZONE', `TZID:${timeZone}`, ...lines, 'END:VTIMEZONE']
}
