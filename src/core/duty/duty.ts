/** Days as shifts name them; `holiday` is any date that the list calls one, whichever weekday it is. */
export const DUTY_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holiday'] as const
export type DutyDay = (typeof DUTY_DAYS)[number]

/** Somebody who is on duty at times. */
export interface DutyPerson {
  readonly name: string
  /** Names of the channels that reach them, all of which are used. */
  readonly channels: readonly string[]
  /** Their accounts in chats, by number or name: a press of one of them is this person's. */
  readonly aliases: readonly string[]
  /** `file:line` where a file names them. */
  readonly origin?: string
}

/** Part of a week in which the same people are on duty. */
export interface DutyShift {
  /** It begins on these; absent: every day, holidays too. */
  readonly days?: readonly DutyDay[]
  /** `HH:MM` by the zone's clock; an end that is not later is on the next day. */
  readonly from: string
  readonly to: string
  readonly people: readonly string[]
  /** A date of the week, from Monday on, that is the first one's: they take weeks in turn. Absent: all of them at once. */
  readonly turnsSince?: string
}

/** Who is on duty when, of one place or kind of work. */
export interface DutyList {
  readonly name: string
  /** Labels that an alert must have for this list to be asked; empty: any. */
  readonly match: Readonly<Record<string, string>>
  /** Absent: the server's. */
  readonly timeZone?: string
  readonly shifts: readonly DutyShift[]
  readonly holidays: readonly { readonly date: string; readonly name?: string }[]
  /** Names of the channels that hear what nobody on duty does. */
  readonly fallback: readonly string[]
  /** That nobody is on duty for a while is meant, and not told ahead. */
  readonly gapsAreMeant?: boolean
  readonly origin?: string
}

/** Somebody said "I am on": until its end they are on duty in place of whom the week names. Times in ms. */
export interface DutyTakeover {
  readonly id: number
  readonly list: string
  readonly person: string
  readonly startsAt: number
  readonly endsAt: number
  readonly by: string
}

/** All that is known of who is on duty. */
export interface DutyRota {
  readonly people: readonly DutyPerson[]
  readonly lists: readonly DutyList[]
  readonly takeovers: readonly DutyTakeover[]
}

export const NO_ROTA: DutyRota = { people: [], lists: [], takeovers: [] }
