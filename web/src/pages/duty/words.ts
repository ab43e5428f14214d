import { region } from '../../i18n/language.ts'

const formatters = new Map<string, Intl.DateTimeFormat>()

const format = (at: string, zone: string, kind: string, options: Intl.DateTimeFormatOptions): string => {
  const key = `${region()} ${zone} ${kind}`
  let made = formatters.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(region(), { ...options, hourCycle: 'h23', timeZone: zone })
    formatters.set(key, made)
  }
  return made.format(new Date(at))
}

/** `22:00`, by the clock of a list's zone. */
export const clockOf = (at: string, zone: string): string =>
  format(at, zone, 'clock', { hour: '2-digit', minute: '2-digit' })

/** `Tue 1 Dec`. */
export const dayOf = (at: string, zone: string): string =>
  format(at, zone, 'day', { weekday: 'short', day: 'numeric', month: 'short' })

/** `Tue 1 Dec, 22:00`. */
export const momentOf = (at: string, zone: string): string => `${dayOf(at, zone)}, ${clockOf(at, zone)}`

/** A moment as spreadsheets know it, by the clock of a list's zone: `2026-11-30 22:00`. */
export const stampIn = (at: string, zone: string): string =>
  new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short', timeZone: zone }).format(new Date(at))

/** A date of the calendar so many days later: `2026-12-08`. */
export const daysLater = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Names of the days from Monday on, in the reader's language. */
export const dayNames = (): readonly string[] =>
  Array.from({ length: 7 }, (_, index) =>
    format(new Date(Date.UTC(2026, 10, 30 + index)).toISOString(), 'UTC', 'name', { weekday: 'short' }),
  )
