import type { TFunction } from 'i18next'
import { alertPage } from '../../i18n/texts/alert-page.ts'
import { absolute, duration, milliseconds, number, percent } from '../../lib/format.ts'
import { plain } from '../../lib/plain.ts'

type Field = keyof (typeof alertPage)['en']['fields']

const isKnown = (name: string): name is Field => Object.hasOwn(alertPage.en.fields, name)

const STATES = new Set(['up', 'degraded', 'down', 'unknown', 'flapping'])
const OF_STATE = new Set(['state', 'previous_state', 'state_now'])
const MEASURED = new Set(['rtt_p95', 'jitter', 'latencyMs'])
const TIMES = new Set(['first_seen', 'last_seen'])

/** A value as people read it: by what the field means, where that is known. */
const textOf = (name: string, value: unknown, t: TFunction): string => {
  if (OF_STATE.has(name) && typeof value === 'string' && STATES.has(value)) return t(`words.${value as 'up'}`)
  if (typeof value === 'boolean') return t(value ? 'words.yes' : 'words.no')
  if (TIMES.has(name) && typeof value === 'string' && Number.isFinite(Date.parse(value))) return absolute(value)
  if (typeof value !== 'number') return plain(value)
  if (name === 'loss') return percent(value)
  if (name === 'over_ms') return duration(value)
  if (MEASURED.has(name)) return milliseconds(value)
  return Number.isInteger(value) ? number(value) : number(value, 3)
}

/** A field of an alert as a person reads it: its name in their language where it is known, its value as what it means. */
export const readField = (name: string, value: unknown, t: TFunction): readonly [name: string, value: string] => [
  isKnown(name) ? t(`alertPage.fields.${name}`) : name,
  textOf(name, value, t),
]
