import type { Language } from '#core/message/message.ts'
import { lazily } from '#lib/run/lazily.ts'
import { cityOf } from './city.ts'

const HM = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** How a moment is written, and the stretch of time (ms) in which that stays the same. */
const FORMS = {
  day: { options: { day: 'numeric', month: 'short' }, sameFor: 60_000 },
  minute: { options: HM, sameFor: 60_000 },
  second: { options: { ...HM, second: '2-digit' }, sameFor: 1000 },
  offset: { options: { timeZoneName: 'longOffset' }, sameFor: 60_000 },
} as const satisfies Record<string, { options: Intl.DateTimeFormatOptions; sameFor: number }>
type Form = keyof typeof FORMS

const writers = new Map<string, (at: number) => string>()

/** Messages tell of the same moments again and again, and writing one is slow: the last text is remembered. */
const createWriter = (region: string, timeZone: string, form: Form): ((at: number) => string) => {
  const { options, sameFor } = FORMS[form]
  const format = new Intl.DateTimeFormat(region, { ...options, timeZone })
  let [since, text] = [Number.NaN, '']
  return (at) => {
    const start = Math.floor(at / sameFor)
    if (start !== since) [since, text] = [start, format.format(at)]
    return text
  }
}

/** How dates are written where nobody chose a region. */
const DATES: Readonly<Record<Language, string>> = { en: 'en-GB', es: 'es' }

/** A region holds for texts in its language. */
const fitting = (region: string | undefined, language: Language): string | undefined =>
  region?.startsWith(language) ? region : undefined

const writer = (region: string, timeZone: string, form: Form): ((at: number) => string) => {
  const key = `${form} ${region} ${timeZone}`
  let known = writers.get(key)
  if (!known) {
    known = createWriter(region, timeZone, form)
    writers.set(key, known)
  }
  return known
}

/** Local times in one zone, the day added when it is not `now`'s. */
export const createTimes = (language: Language, timeZone: string, now: number, chosen?: string) => {
  const region = fitting(chosen, language) ?? DATES[language]
  const day = writer(region, timeZone, 'day')
  const minute = writer(region, timeZone, 'minute')
  const second = writer(region, timeZone, 'second')
  const today = day(now)
  const withDay = (at: number, text: string) => {
    const itsDay = day(at)
    return itsDay === today ? text : `${itsDay} ${text}`
  }
  return {
    /** 03:12 */
    minute: (at: number) => withDay(at, minute(at)),
    /** 03:12:04 */
    second: (at: number) => withDay(at, second(at)),
    /** Córdoba −03: the place of the zone's name and its offset. */
    zone: (at: number) => {
      const city = cityOf(timeZone, language)
      const offset = /GMT(.*)$/.exec(writer('en', timeZone, 'offset')(at))![1]!
      const short = offset === '' ? '+00' : offset.replace(/:00$/, '').replace('-', '−')
      return { city, offset: short }
    },
  }
}
export type Times = ReturnType<typeof createTimes>

/** Made when a number is written first: the tables of all languages are read for it. */
const grouped = (region: string) =>
  lazily(
    () =>
      new Intl.NumberFormat(region, { useGrouping: 'always', maximumFractionDigits: 2 } as Intl.NumberFormatOptions),
  )
const numbers = new Map<string, () => Intl.NumberFormat>()
const NUMBERS: Readonly<Record<Language, string>> = { en: 'en', es: 'es-AR' }

/** The region of the message that is being written. */
let writing: string | undefined

/** Writes by the numbers of a region, where one is chosen, for as long as `work` lasts; it waits for nothing. */
export const writtenBy = <Written>(region: string | undefined, work: () => Written): Written => {
  const before = writing
  writing = region
  try {
    return work()
  } finally {
    writing = before
  }
}

/** 4504 as 4,504 or 4.504. */
export const peopleNumber = (value: number, language: Language): string => {
  const region = fitting(writing, language) ?? NUMBERS[language]
  let format = numbers.get(region)
  if (!format) {
    format = grouped(region)
    numbers.set(region, format)
  }
  return format().format(value)
}

/** Text that fits, shortened with an ellipsis at a whole character. */
export const fitText = (text: string, length: number): string => {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`
}

/** Text that fits, with an ellipsis in its middle. */
export const fitMiddle = (text: string, length: number): string => {
  const characters = [...text]
  if (characters.length <= length) return text
  const first = Math.ceil((length - 1) / 2)
  const last = Math.max(0, length - 1 - first)
  return `${characters.slice(0, first).join('').trimEnd()}…${characters
    .slice(characters.length - last)
    .join('')
    .trimStart()}`
}
