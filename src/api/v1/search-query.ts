import { SEVERITIES, type Severity } from '#core/event/severity.ts'
import { type Problem, refused } from '#core/problem.ts'
import { readSought } from '#core/search/sought.ts'
import { Type } from '#lib/schema.ts'
import type { Services } from '../services.ts'
import { momentOf } from './maintenance-form.ts'

/** How lists of what happened are searched. */
export const searchQuery = {
  q: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Words that all stand in it, case and accents aside; a day, such as 2026-11-30, is one of its time',
    }),
  ),
  severity: Type.Optional(Type.Enum(SEVERITIES as unknown as string[])),
  from: Type.Optional(Type.String({ maxLength: 100, description: 'ISO 8601; when it happened, or later' })),
  to: Type.Optional(Type.String({ maxLength: 100, description: 'ISO 8601; before this' })),
}

export interface SearchQuery {
  readonly q?: string
  readonly severity?: Severity
  readonly from?: string
  readonly to?: string
}

export interface Search {
  readonly words: readonly string[]
  readonly severities?: readonly Severity[] | undefined
  /** Ms. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** What is wrong with it; nothing else holds then. */
  readonly problem?: Problem
}

/** Whether anything is looked for at all. */
export const isSearch = ({ q = '', severity, from, to }: SearchQuery): boolean =>
  q.trim() !== '' || severity !== undefined || from !== undefined || to !== undefined

const noTime = (path: string, value: string): Problem =>
  refused('invalid_input', path, `${value} is no time: write it as 2026-12-01T02:00`, {
    code: 'no_such_time',
    facts: { value },
  }).problem

/** What was asked for; times without an offset go by the server's zone. */
export const readSearch = (
  { q = '', severity, from, to }: SearchQuery,
  { now, timeZone }: Pick<Services, 'now' | 'timeZone'>,
): Search => {
  const sought = readSought(q, now(), timeZone())
  const times: { from?: number; to?: number } = {}
  for (const [name, text] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (text === undefined) continue
    const moment = momentOf(text, name, timeZone())
    if (typeof moment !== 'number') return { words: [], problem: moment.problem }
    if (Number.isNaN(moment)) return { words: [], problem: noTime(name, text) }
    times[name] = moment
  }
  return { ...sought, ...times, severities: severity && [severity] }
}
