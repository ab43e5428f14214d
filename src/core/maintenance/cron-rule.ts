const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
}
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const BYDAY = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

interface Range {
  readonly least: number
  readonly most: number
  readonly names?: readonly string[]
}

const numberOf = (text: string, { least, most, names }: Range): number | undefined => {
  const named = names?.indexOf(text.toLowerCase()) ?? -1
  const value = named >= 0 ? named + least : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

/** The values of one field, in order; undefined for what is more than lists, ranges and steps of numbers. */
const valuesOf = (field: string, range: Range): number[] | undefined => {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const [, from = '', to, step = '1'] = /^([^-/]+)(?:-([^/]+))?(?:\/(\d+))?$/.exec(part) ?? []
    const all = from === '*'
    const first = all ? range.least : numberOf(from, range)
    const last = all ? range.most : to === undefined ? (part.includes('/') ? range.most : first) : numberOf(to, range)
    if (first === undefined || last === undefined || first > last || Number(step) < 1) return undefined
    for (let value = first; value <= last; value += Number(step)) found.add(value)
  }
  return [...found].toSorted((one, other) => one - other)
}

const isAny = (field: string): boolean => field === '*'

/** Times of the day, and days, that a time table of cron names: where a rule of iCalendar can say the same. */
export interface CronRule {
  /** `FREQ=WEEKLY;BYDAY=TU` */
  readonly rule: string
  readonly hours: readonly number[]
  readonly minutes: readonly number[]
}

/**
 * A time table as a recurrence rule (RFC 5545, 3.3.10); undefined where that cannot say it: more than once an hour at several
 * minutes, days of the month or of the week whichever comes, last days.
 */
export const ruleOfCron = (cron: string): CronRule | undefined => {
  const fields = (WORDS[cron.trim().toLowerCase()] ?? cron).trim().split(/\s+/)
  if (fields.length !== 5) return undefined
  const [minute, hour, day, month, week] = fields as [string, string, string, string, string]
  const minutes = valuesOf(minute, { least: 0, most: 59 })
  const hours = valuesOf(hour, { least: 0, most: 23 })
  const days = valuesOf(day, { least: 1, most: 31 })
  const months = valuesOf(month, { least: 1, most: 12, names: MONTHS })
  const weekdays = valuesOf(week, { least: 0, most: 7, names: WEEKDAYS })
  if (!minutes || !hours || !days || !months || !weekdays) return undefined
  if (!isAny(day) && !isAny(week)) return undefined
  if (minutes.length * hours.length > 24) return undefined
  const parts = [
    ...(isAny(month) ? [] : [`BYMONTH=${months}`]),
    ...(isAny(day) ? [] : [`BYMONTHDAY=${days}`]),
    ...(isAny(week) ? [] : [`BYDAY=${[...new Set(weekdays.map((one) => BYDAY[one % 7]))]}`]),
    ...(hours.length > 1 ? [`BYHOUR=${hours}`] : []),
    ...(minutes.length > 1 ? [`BYMINUTE=${minutes}`] : []),
  ]
  const frequency = isAny(week) ? (isAny(day) ? 'DAILY' : 'MONTHLY') : 'WEEKLY'
  return { rule: [`FREQ=${frequency}`, ...parts].join(';'), hours, minutes }
}
