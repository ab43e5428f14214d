import { type Outcome, refused } from '#core/problem.ts'
import { done } from '#lib/result.ts'
import { Type } from '#lib/schema.ts'
import type { Pausing } from '#operations/monitors.ts'

export const pauseFields = {
  paused: Type.Boolean(),
  reason: Type.Optional(Type.String({ maxLength: 2000, description: 'Why' })),
  until: Type.Optional(Type.String({ maxLength: 100, description: 'ISO 8601; absent: until somebody lets it go on' })),
}

export interface PauseBody {
  readonly paused: boolean
  readonly reason?: string
  readonly until?: string
}

/** What was asked for; an end lies ahead. */
export const pausingOf = ({ paused, reason, until }: PauseBody, now: number): Outcome<Pausing> => {
  const end = until === undefined ? undefined : Date.parse(until)
  if (end !== undefined && !(end > now))
    return refused('invalid_input', 'until', 'must be a time in the future', { code: 'bad_end', facts: {} })
  return done({ paused, reason, until: end })
}
