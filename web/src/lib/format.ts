import { useSyncExternalStore } from 'react'
import { region } from '../i18n/language.ts'
import { readStored, store } from './choice.ts'
import { now } from './clock.ts'
import { createSignal } from './signal.ts'

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone

const fits = (zone: string | null): zone is string => {
  try {
    return zone !== null && zone !== '' && new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

/** The zone in which times are shown: the choice on this browser, else the browser's own. */
export const timeZone = createSignal(fits(readStored('zone')) ? readStored('zone')! : browserZone)

export const chooseTimeZone = (zone: string): boolean => {
  if (zone !== '' && !fits(zone)) return false
  store('zone', zone)
  timeZone.set(zone === '' ? browserZone : zone)
  return true
}

type Time = string | number | null | undefined

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Formatters are dear to make, and a list asks for hundreds. */
const formatter = (kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${region()} ${timeZone.get()} ${kind}`
  let made = formatters.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(region(), { ...options, hourCycle: 'h23', timeZone: timeZone.get() })
    formatters.set(key, made)
  }
  return made
}

export const absolute = (time: Time): string =>
  time === null || time === undefined
    ? ''
    : formatter('full', { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time))

export const clockTime = (time: Time): string =>
  time === null || time === undefined ? '' : formatter('clock', { timeStyle: 'medium' }).format(new Date(time))

export const dayTime = (time: Time): string =>
  time === null || time === undefined
    ? ''
    : formatter('day', { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(new Date(time))

/** A time that is near: of today the hour alone. */
export const soonTime = (time: Time): string => {
  if (time === null || time === undefined) return ''
  const isToday = dayOf(time) === dayOf(now())
  return isToday ? formatter('minute', { hour: 'numeric', minute: '2-digit' }).format(new Date(time)) : dayTime(time)
}

export const dayOf = (time: Time): string =>
  time === null || time === undefined
    ? ''
    : formatter('date', { month: 'short', day: 'numeric', year: 'numeric' }).format(new Date(time))

const UNITS: readonly (readonly [unit: 'day' | 'hour' | 'minute' | 'second', ms: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

const relatives = new Map<string, Intl.RelativeTimeFormat>()

/** "3 minutes ago", in one unit. */
export const relative = (time: Time, now: number): string => {
  if (time === null || time === undefined) return ''
  const away = new Date(time).getTime() - now
  const [unit, ms] = UNITS.find(([, size]) => Math.abs(away) >= size) ?? UNITS[3]!
  let made = relatives.get(region())
  if (!made) {
    made = new Intl.RelativeTimeFormat(region(), { numeric: 'auto', style: 'short' })
    relatives.set(region(), made)
  }
  return made.format(Math.trunc(away / ms), unit)
}

/** "2 d 3 h", "5 m 09 s", "45 s": the two largest units, as messages write them. */
export const duration = (ms: number): string => {
  const parts: string[] = []
  let left = Math.max(0, Math.round(ms / 1000)) * 1000
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size)
    left -= count * size
    const shown = unit === 'second' && parts.length > 0 ? String(count).padStart(2, '0') : count
    if (count > 0 && parts.length < 2) parts.push(`${shown} ${unit[0]}`)
    else if (parts.length > 0) break
  }
  return parts.join(' ') || `${Math.round(ms)} ms`
}

export const milliseconds = (ms: number | null | undefined): string => {
  if (ms === null || ms === undefined) return ''
  if (ms >= 10_000) return `${number(ms / 1000, 1)} s`
  return `${number(ms, ms < 1 ? 2 : ms < 10 ? 1 : 0)} ms`
}

const numbers = new Map<string, Intl.NumberFormat>()

/** 4,504 or 4.504, with at most so many digits behind the point. */
export const number = (value: number, digits = 0): string => {
  const key = `${region()} ${digits}`
  let made = numbers.get(key)
  if (!made) {
    const options = { maximumFractionDigits: digits, useGrouping: 'always' } as Intl.NumberFormatOptions
    made = new Intl.NumberFormat(region(), options)
    numbers.set(key, made)
  }
  return made.format(value)
}

/** 0 to 1 as a share that never rounds up to a whole: 99.99 % is not 100 %. */
export const percent = (share: number | null | undefined): string => {
  if (share === null || share === undefined) return ''
  const digits = share === 1 || share === 0 ? 0 : share > 0.999 ? 3 : share > 0.99 ? 2 : 1
  const factor = 10 ** digits
  const floored = Math.floor(share * 100 * factor) / factor
  return `${number(floored, digits)} %`
}

const TICK_MS = 10_000
let tickNow = now()
const ticks = new Set<() => void>()
setInterval(() => {
  tickNow = now()
  for (const hear of ticks) hear()
}, TICK_MS)

/** The time, renewed each ten seconds for all who show how long ago something was. */
export const useNow = (): number => {
  useSyncExternalStore(
    (hear) => {
      ticks.add(hear)
      return () => ticks.delete(hear)
    },
    () => tickNow,
  )
  // Not that of the tick: the server's clock may have become known since.
  return now()
}
