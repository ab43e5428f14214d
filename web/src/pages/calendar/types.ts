/** What the API says of windows; see `api/v1/calendar.ts`, `plans.ts` and `quiets.ts`. */
export const OPERATORS = ['=', '!=', '=~', '!~', 'in', 'matches', 'matches_not'] as const
export type Operator = (typeof OPERATORS)[number]

export interface Matcher {
  readonly name: string
  readonly operator?: Operator
  readonly value: string | readonly string[]
}

export interface Tell {
  readonly channels: readonly string[]
  readonly begin: boolean
  readonly end: boolean
  readonly ahead: string | null
}

export interface CalendarEntry {
  readonly id: number | null
  readonly plan_id: number | null
  readonly recurring: boolean
  readonly origin: string | null
  readonly name: string
  readonly matchers: readonly Matcher[]
  readonly behind: boolean
  readonly note: string
  readonly starts_at: string
  readonly ends_at: string
  readonly status: 'planned' | 'active' | 'over'
  readonly created_by: string
  readonly monitors: number | null
}

export interface CalendarDay {
  readonly date: string
  readonly starts_at: string
  readonly ends_at: string
}

export interface CalendarAnswer {
  readonly time_zone: string
  readonly days: readonly CalendarDay[]
  readonly items: readonly CalendarEntry[]
  readonly cut: boolean
}

export interface Window {
  readonly id: number
  readonly name: string
  readonly matchers: readonly Matcher[]
  readonly behind: boolean
  readonly note: string
  readonly tell: Tell | null
  readonly starts_at: string
  readonly ends_at: string
}

export interface Plan {
  readonly id: number
  readonly name: string
  readonly matchers: readonly Matcher[]
  readonly behind: boolean
  readonly note: string
  readonly tell: Tell | null
  readonly cron: string | null
  readonly starts_at: string | null
  readonly duration: string
  readonly time_zone: string
  readonly created_by: string
  readonly origin: string | null
}

interface Named {
  readonly count: number
  readonly items: readonly { readonly id: number; readonly name: string }[]
}

export interface PreviewAnswer {
  readonly matched: Named
  readonly behind: Named
  readonly subscribers: number
  readonly next: readonly { readonly starts_at: string; readonly ends_at: string }[]
}

export interface SilencePreview {
  readonly monitors: Named
  readonly alerts: {
    readonly count: number
    readonly items: readonly { readonly id: number; readonly subject: string }[]
  }
}
