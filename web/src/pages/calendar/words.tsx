import { language } from '../../i18n/language.ts'
import type { Matcher } from './types.ts'

/** Begin and end in one line, by the clock of a zone: the day of the end only where it is another one. */
export const spanText = (from: string, to: string, timeZone: string): string =>
  new Intl.DateTimeFormat(language(), {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatRange(new Date(from), new Date(to))

/** What matchers say, short. */
export const matchersText = (matchers: readonly Matcher[]): string =>
  matchers
    .map(({ name, operator = '=', value }) => {
      const values = typeof value === 'string' ? value : value.join(', ')
      return operator === 'in' || operator === '=' ? `${name}: ${values}` : `${name} ${operator} ${values}`
    })
    .join(' · ')

/** The first names of many. */
export const namesText = (names: readonly string[], count: number): string =>
  names.slice(0, 8).join(', ') + (count > Math.min(8, names.length) ? ` … +${count - Math.min(8, names.length)}` : '')

/** Days of the week as cron counts them, in the reader's language, from Monday. */
export const weekdayNames = (): readonly (readonly [value: string, name: string])[] =>
  ['1', '2', '3', '4', '5', '6', '0'].map((value) => [
    value,
    new Intl.DateTimeFormat(language(), { weekday: 'short', timeZone: 'UTC' }).format(
      new Date(Date.UTC(2026, 10, 29 + Number(value), 12)),
    ),
  ])
