import type { DutyList, ListEntry, Shift } from './types.ts'

/** A list as its form holds it. */
export interface ListDraft {
  readonly name: string
  readonly fallback: readonly string[]
  readonly zone: string
  /** `zone=north`, one each. */
  readonly match: readonly string[]
  readonly shifts: readonly Shift[]
  /** A date and a name on each line. */
  readonly holidays: string
  readonly meant: boolean
}

export const NEW_SHIFT: Shift = { from: '08:00', to: '08:00', people: [] }

export const draftOf = (list: DutyList | undefined): ListDraft => ({
  name: list?.name ?? '',
  fallback: list?.fallback ?? [],
  zone: list?.time_zone ?? '',
  match: Object.entries(list?.match ?? {}).map(([name, value]) => `${name}=${value}`),
  shifts: list?.shifts ?? [NEW_SHIFT],
  holidays: (list?.holidays ?? []).map(({ date, name }) => [date, name].filter(Boolean).join(' ')).join('\n'),
  meant: list?.gaps_are_meant ?? false,
})

const holidayOf = (line: string): ListEntry['holidays'][number] => {
  const [date = '', ...rest] = line.split(/\s+/)
  return { date, ...(rest.length > 0 && { name: rest.join(' ') }) }
}

/** What a form says, as the API takes it. */
export const entryOf = (draft: ListDraft): Omit<ListEntry, never> => ({
  name: draft.name.trim(),
  match: Object.fromEntries(
    draft.match.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [name.trim(), value.join('=').trim()]
    }),
  ),
  ...(draft.zone.trim() !== '' && { time_zone: draft.zone.trim() }),
  shifts: draft.shifts,
  holidays: draft.holidays
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(holidayOf),
  fallback: draft.fallback,
  gaps_are_meant: draft.meant,
})
