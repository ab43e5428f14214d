import { because, type Cause } from '#core/cause/cause.ts'
import { isTimeZone } from '#lib/time/zone.ts'
import type { WindowEntry } from '../import-plan.ts'
import { shortened } from '../text/lines.ts'
import { isOn, type KumaMonitor } from './kuma-monitor.ts'

/** A row of its `maintenance`; older versions have no cron, and newer ones may lack the fields that it was made of. */
export type KumaMaintenance = KumaMonitor

const text = (row: KumaMaintenance, name: string): string | undefined =>
  typeof row[name] === 'string' && row[name] !== '' ? (row[name] as string) : undefined

const listOf = (row: KumaMaintenance, name: string): readonly unknown[] => {
  try {
    const list: unknown = JSON.parse(text(row, name) ?? '[]')
    return Array.isArray(list) ? list : []
  } catch {
    return []
  }
}

const minutesOf = (time: string | undefined): number | undefined => {
  const found = /^(\d\d?):(\d\d)/.exec(time ?? '')
  return found ? Number(found[1]) * 60 + Number(found[2]) : undefined
}

/** Days of a month as cron has them; it knows no last day but one. */
const monthDays = (row: KumaMaintenance): string | undefined => {
  const days = listOf(row, 'days_of_month')
  if (days.length === 0 || !days.every((day) => Number.isInteger(Number(day)))) return undefined
  return days
    .map(Number)
    .toSorted((a, b) => a - b)
    .join(',')
}

/** When a window begins again, as cron; undefined where none can say it. */
const cronOf = (row: KumaMaintenance): string | undefined => {
  const strategy = text(row, 'strategy')
  if (strategy === 'recurring-interval' && Number(row.interval_day ?? 1) > 1) return undefined
  const written = text(row, 'cron')
  if (written !== undefined) return written.trim().split(/\s+/).length === 5 ? written : undefined
  const from = minutesOf(text(row, 'start_time'))
  if (from === undefined) return undefined
  const at = `${from % 60} ${Math.floor(from / 60)}`
  if (strategy === 'recurring-interval') return `${at} * * *`
  if (strategy === 'recurring-weekday') {
    const days = listOf(row, 'weekdays').map((day) => Number(day) % 7)
    return days.length > 0 ? `${at} * * ${days.toSorted((a, b) => a - b).join(',')}` : undefined
  }
  const days = strategy === 'recurring-day-of-month' ? monthDays(row) : undefined
  return days === undefined ? undefined : `${at} ${days} * *`
}

const secondsOf = (row: KumaMaintenance): number => {
  const written = Number(row.duration ?? 0)
  if (written > 0) return written
  const [from, to] = [minutesOf(text(row, 'start_time')), minutesOf(text(row, 'end_time'))]
  if (from === undefined || to === undefined) return 0
  return ((to - from + 1440) % 1440) * 60
}

const zoneOf = (row: KumaMaintenance, server: string): string => {
  const zone = text(row, 'timezone')
  if (zone === undefined) return 'UTC'
  return zone !== 'SAME_AS_SERVER' && isTimeZone(zone) ? zone : server
}

/** `2026-12-01 08:00:00` as a time here. */
const timeOf = (written: string | undefined): string | undefined => {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)/.exec(written ?? '')
  return found ? `${found[1]}T${found[2]}` : undefined
}

/** What a window is about: its end has passed, it is one here, or there is none such. */
export type KumaWindow = { readonly entry: WindowEntry } | { readonly left: Cause } | { readonly over: true }

export const kumaWindow = (
  row: KumaMaintenance,
  name: string,
  monitors: readonly string[],
  serverZone: string,
  now: number,
): KumaWindow => {
  const strategy = text(row, 'strategy') ?? 'single'
  if (!isOn(row.active ?? 1)) return { left: because('import_was_off') }
  if (strategy === 'manual') return { left: because('import_setting_left', { setting: 'manual maintenance' }) }
  const zone = zoneOf(row, serverZone)
  const note = shortened(text(row, 'description') ?? '', 2000)
  const what = { name, match: { monitor: [...monitors] }, time_zone: zone, ...(note && { note }) }
  if (strategy === 'single') {
    const [from, until] = [timeOf(text(row, 'start_date')), timeOf(text(row, 'end_date'))]
    if (from === undefined || until === undefined)
      return { left: because('import_time_unread', { text: String(row.start_date) }) }
    // Half a day covers whatever zone it was written in.
    if (Date.parse(`${until}Z`) < now - 43_200_000) return { over: true }
    return { entry: { ...what, from, until } }
  }
  const cron = cronOf(row)
  const seconds = secondsOf(row)
  if (cron === undefined || seconds === 0) {
    const setting = [strategy, text(row, 'cron') ?? text(row, 'start_time')].filter(Boolean).join(' ')
    return { left: because('import_setting_left', { setting }) }
  }
  return { entry: { ...what, cron, duration: `${seconds}s` } }
}
