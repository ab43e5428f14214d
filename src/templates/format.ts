import type { Language } from '#core/message/message.ts'

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
const createWriter = (language: Language, timeZone: string, form: Form): ((at: number) => string) => {
  const { options, sameFor } = FORMS[form]
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'es', { ...options, timeZone })
  let [since, text] = [Number.NaN, '']
  return (at) => {
    const start = Math.floor(at / sameFor)
    if (start !== since) [since, text] = [start, format.format(at)]
    return text
  }
}

const writer = (language: Language, timeZone: string, form: Form): ((at: number) => string) => {
  const key = `${form} ${language} ${timeZone}`
  let known = writers.get(key)
  if (!known) {
    known = createWriter(language, timeZone, form)
    writers.set(key, known)
  }
  return known
}

/** Local times in one zone, the day added when it is not `now`'s. */
export const createTimes = (language: Language, timeZone: string, now: number) => {
  const day = writer(language, timeZone, 'day')
  const minute = writer(language, timeZone, 'minute')
  const second = writer(language, timeZone, 'second')
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
      const city = timeZone.split('/').at(-1)!.replaceAll('_', ' ')
      const offset = /GMT(.*)$/.exec(writer('en', timeZone, 'offset')(at))![1]!
      const short = offset === '' ? '+00' : offset.replace(/:00$/, '').replace('-', '−')
      return { city, offset: short }
    },
  }
}
export type Times = ReturnType<typeof createTimes>

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const

/**
 * A duration for people with at most `parts` units, largest first: 9,066,000 ms is `2 h 31 m 06 s`. Units are the same
 * in both languages.
 */
export const peopleDuration = (ms: number, parts = 2): string => {
  let rest = Math.max(0, Math.round(ms / 1000))
  const found: string[] = []
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (found.length === 0 && count === 0 && unit !== 's') continue
    if (found.length >= parts) break
    found.push(`${unit === 's' && found.length > 0 ? String(count).padStart(2, '0') : count} ${unit}`)
  }
  // A trailing nought says nothing: 2 h, not 2 h 0 m.
  while (found.length > 1 && /^0+ /.test(found.at(-1)!)) found.pop()
  return found.join(' ')
}

/** 4504 as 4,504 or 4.504. */
export const peopleNumber = (value: number, language: Language): string =>
  new Intl.NumberFormat(language === 'en' ? 'en' : 'es-AR', {
    useGrouping: 'always',
    maximumFractionDigits: 2,
  } as Intl.NumberFormatOptions).format(value)

/** Text that fits, shortened with an ellipsis at a whole character. */
export const fitText = (text: string, length: number): string => {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`
}
