import type { Language } from '#core/message.ts'

const formatters = new Map<string, Intl.DateTimeFormat>()

const formatter = (language: Language, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${language} ${timeZone} ${JSON.stringify(options)}`
  let known = formatters.get(key)
  if (!known) {
    known = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'es', { ...options, timeZone })
    formatters.set(key, known)
  }
  return known
}

const HM = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const HMS = { ...HM, second: '2-digit' } as const
const DAY = { day: 'numeric', month: 'short' } as const

const dayOf = (at: number, language: Language, timeZone: string): string =>
  formatter(language, timeZone, DAY).format(at)

/** Local times in one zone, the day added when it is not `now`'s. */
export const createTimes = (language: Language, timeZone: string, now: number) => {
  const today = dayOf(now, language, timeZone)
  const withDay = (at: number, text: string) => {
    const day = dayOf(at, language, timeZone)
    return day === today ? text : `${day} ${text}`
  }
  return {
    /** 03:12 */
    minute: (at: number) => withDay(at, formatter(language, timeZone, HM).format(at)),
    /** 03:12:04 */
    second: (at: number) => withDay(at, formatter(language, timeZone, HMS).format(at)),
    /** Córdoba −03: the place of the zone's name and its offset. */
    zone: (at: number) => {
      const city = timeZone.split('/').at(-1)!.replaceAll('_', ' ')
      const offset = formatter('en', timeZone, { timeZoneName: 'longOffset' })
        .formatToParts(at)
        .find(({ type }) => type === 'timeZoneName')!
        .value.replace(/^GMT/, '')
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
