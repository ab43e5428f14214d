import type { Matcher, Operator, Plan, Tell, Window } from './types.ts'
import { localText } from './zone-time.ts'

export interface MatchRow {
  readonly name: string
  readonly operator: Operator
  readonly value: string
}

/** A window as the form holds it. */
export interface Draft {
  readonly name: string
  readonly note: string
  readonly by: 'monitor' | 'label' | 'match'
  readonly monitors: readonly string[]
  readonly label: string
  readonly values: readonly string[]
  readonly rows: readonly MatchRow[]
  readonly behind: boolean
  readonly repeats: boolean
  readonly from: string
  readonly until: string
  readonly every: 'weekly' | 'monthly' | 'cron'
  readonly weekdays: readonly string[]
  readonly monthDay: string
  readonly at: string
  readonly cron: string
  readonly length: string
  readonly zone: string
  readonly channels: readonly string[]
  readonly ahead: string
  readonly begin: boolean
  readonly end: boolean
}

const HOUR_MS = 3_600_000

/** A new one: tonight's hours by the clock of the zone. */
export const newDraft = (zone: string, now: number, monitor?: string): Draft => {
  const next = Math.ceil(now / HOUR_MS) * HOUR_MS
  return {
    name: '',
    note: '',
    by: 'monitor',
    monitors: monitor === undefined ? [] : [monitor],
    label: '',
    values: [],
    rows: [{ name: '', operator: '=', value: '' }],
    behind: false,
    repeats: false,
    from: localText(next, zone),
    until: localText(next + 2 * HOUR_MS, zone),
    every: 'weekly',
    weekdays: ['2'],
    monthDay: '1',
    at: '02:00',
    cron: '0 2 * * 2',
    length: '4h',
    zone,
    channels: [],
    ahead: '',
    begin: true,
    end: true,
  }
}

const WEEKLY = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7](?:,[0-7])*)$/
const MONTHLY = /^(\d{1,2}) (\d{1,2}) (\d{1,2}) \* \*$/
const clock = (hour: string, minute: string) => `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`

/** A time table as the form's fields, where they can say it. */
export const timesOfCron = (cron: string): Pick<Draft, 'every' | 'weekdays' | 'monthDay' | 'at' | 'cron'> => {
  const weekly = WEEKLY.exec(cron)
  const rest = { weekdays: [], monthDay: '1', at: '02:00', cron }
  if (weekly) {
    const [, minute = '', hour = '', days = '*'] = weekly
    const weekdays = days === '*' ? [] : days.split(',').map((day) => String(Number(day) % 7))
    return { ...rest, every: 'weekly', weekdays, at: clock(hour, minute) }
  }
  const monthly = MONTHLY.exec(cron)
  if (!monthly) return { ...rest, every: 'cron' }
  const [, minute = '', hour = '', monthDay = '1'] = monthly
  return { ...rest, every: 'monthly', monthDay, at: clock(hour, minute) }
}

/** The time table that the form's fields say. */
export const cronOf = ({ every, weekdays, monthDay, at, cron }: Draft): string => {
  if (every === 'cron') return cron.trim()
  const [hour = '', minute = ''] = at.split(':')
  const time = `${Number(minute)} ${Number(hour)}`
  if (every === 'monthly') return `${time} ${Number(monthDay)} * *`
  return `${time} * * ${weekdays.length === 0 ? '*' : weekdays.toSorted().join(',')}`
}

const listOf = (value: string): string[] =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)

const rowOf = ({ name, operator = '=', value }: Matcher): MatchRow => ({
  name,
  operator,
  value: typeof value === 'string' ? value : value.join(', '),
})

export const matchersOfRows = (rows: readonly MatchRow[]): Matcher[] =>
  rows
    .filter(({ name }) => name.trim() !== '')
    .map(({ name, operator, value }) => ({
      name: name.trim(),
      operator,
      value: operator === 'in' ? listOf(value) : value,
    }))

/** What a draft is about, as the API takes it. */
export const matchersOf = ({ by, monitors, label, values, rows }: Draft): Matcher[] => {
  if (by === 'monitor') return monitors.length === 0 ? [] : [{ name: 'monitor', operator: 'in', value: monitors }]
  if (by === 'match') return matchersOfRows(rows)
  return label === '' || values.length === 0 ? [] : [{ name: label, operator: 'in', value: values }]
}

/** Facts of an alert that a label of the same name would not mean. */
const FIELDS = new Set(['subject', 'severity', 'type', 'rule', 'monitor'])

const whatOf = (matchers: readonly Matcher[]): Pick<Draft, 'by' | 'monitors' | 'label' | 'values' | 'rows'> => {
  const [only] = matchers
  const values = only === undefined ? [] : typeof only.value === 'string' ? [only.value] : only.value
  const operator = only?.operator ?? '='
  const plain = matchers.length === 1 && (operator === '=' || operator === 'in')
  const rows = matchers.map(rowOf)
  if (plain && only!.name === 'monitor') return { by: 'monitor', monitors: values, label: '', values: [], rows }
  if (plain && !FIELDS.has(only!.name)) return { by: 'label', monitors: [], label: only!.name, values, rows }
  return { by: 'match', monitors: [], label: '', values: [], rows }
}

const tellOf = (tell: Tell | null): Pick<Draft, 'channels' | 'ahead' | 'begin' | 'end'> => ({
  channels: tell?.channels ?? [],
  ahead: tell?.ahead ?? '',
  begin: tell?.begin ?? true,
  end: tell?.end ?? true,
})

export const draftOfWindow = (window: Window, zone: string, now: number): Draft => ({
  ...newDraft(zone, now),
  ...whatOf(window.matchers),
  ...tellOf(window.tell),
  name: window.name,
  note: window.note,
  behind: window.behind,
  from: localText(window.starts_at, zone),
  until: localText(window.ends_at, zone),
})

export const draftOfPlan = (plan: Plan, now: number): Draft => ({
  ...newDraft(plan.time_zone, now),
  ...whatOf(plan.matchers),
  ...tellOf(plan.tell),
  ...timesOfCron(plan.cron ?? ''),
  name: plan.name,
  note: plan.note,
  behind: plan.behind,
  repeats: true,
  length: plan.duration,
})

/** What is sent to save a draft. */
export const bodyOf = (draft: Draft) => ({
  name: draft.name.trim(),
  note: draft.note,
  matchers: matchersOf(draft),
  behind: draft.behind,
  tell:
    draft.channels.length === 0
      ? null
      : { channels: draft.channels, begin: draft.begin, end: draft.end, ahead: draft.ahead || null },
  time_zone: draft.zone,
  ...(draft.repeats
    ? { cron: cronOf(draft), duration: draft.length.trim() }
    : { starts_at: draft.from, ends_at: draft.until }),
})
