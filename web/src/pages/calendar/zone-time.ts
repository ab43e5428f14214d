const parts = new Map<string, Intl.DateTimeFormat>()

const formatter = (timeZone: string): Intl.DateTimeFormat => {
  let made = parts.get(timeZone)
  if (!made) {
    made = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    parts.set(timeZone, made)
  }
  return made
}

/** A moment as the clock of a zone shows it, as a field for date and time holds it: `2026-12-01T02:00`. */
export const localText = (at: string | number | Date, timeZone: string): string => {
  const found = Object.fromEntries(
    formatter(timeZone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  )
  return `${found.year}-${found.month}-${found.day}T${found.hour}:${found.minute}`
}

/** The clock alone: `02:00`. */
export const clockText = (at: string, timeZone: string): string => localText(at, timeZone).slice(11)
