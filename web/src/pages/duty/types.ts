/** What the API says of who is on duty; see `api/v1/duty.ts`. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holiday'] as const
export type Day = (typeof DAYS)[number]

interface OnDuty {
  readonly person: string
  readonly why: 'week' | 'holiday' | 'by_hand'
}

export interface Segment {
  readonly from: string
  readonly to: string
  readonly on: readonly OnDuty[]
}

export interface Shift {
  readonly days?: readonly Day[]
  readonly from: string
  readonly to: string
  readonly people: readonly string[]
  readonly turns_since?: string
}

export interface ListEntry {
  readonly name: string
  readonly match: Readonly<Record<string, string>>
  readonly time_zone?: string
  readonly shifts: readonly Shift[]
  readonly holidays: readonly { readonly date: string; readonly name?: string }[]
  readonly fallback: readonly string[]
  readonly gaps_are_meant: boolean
}

export interface DutyList extends ListEntry {
  readonly zone: string
  readonly origin: string | null
  readonly now: Segment
  readonly next: Segment | null
  readonly gaps: readonly Segment[]
  /** Where each day of the table begins, and where the last one ends. */
  readonly days: readonly string[]
  readonly week: readonly Segment[]
  readonly takeovers: readonly {
    readonly id: number
    readonly person: string
    readonly from: string
    readonly until: string
    readonly by: string
  }[]
}

export interface Person {
  readonly name: string
  readonly channels: readonly string[]
  readonly aliases: readonly string[]
  readonly origin: string | null
}

export interface Duty {
  readonly people: readonly Person[]
  readonly lists: readonly DutyList[]
}
