import type { MaintenanceTelling } from '#core/maintenance/telling.ts'
import { type Problem, refused } from '#core/problem.ts'
import { MATCHER_OPERATORS } from '#core/rule/matcher.ts'
import { done, type Failed, type Result } from '#lib/result.ts'
import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN, durationText, parseDuration } from '#lib/time/duration.ts'
import { zonedTime } from '#lib/time/zoned-time.ts'

/** Matchers as they are sent. */
export const matchersSchema = Type.Array(
  Type.Object(
    {
      name: Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'subject, address, severity, type, rule, monitor or a label',
      }),
      operator: Type.Optional(Type.Enum(MATCHER_OPERATORS as unknown as string[], { default: '=' })),
      value: Type.Union(
        [Type.String({ maxLength: 500 }), Type.Array(Type.String({ maxLength: 500 }), { maxItems: 1000 })],
        { description: 'With =~ and !~, * and ? stand for anything; a list with in; an expression with matches' },
      ),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: 50 },
)

const LONGEST_LEAD_MS = 31 * 86_400_000

const duration = (description: string) => Type.String({ pattern: DURATION_PATTERN, maxLength: 20, description })

const tellSchema = Type.Object(
  {
    channels: Type.Array(Type.Union([Type.String({ maxLength: 200 }), Type.Integer()]), {
      maxItems: 50,
      description: 'Names or ids of channels',
    }),
    begin: Type.Optional(Type.Boolean({ default: true, description: 'When it begins' })),
    end: Type.Optional(Type.Boolean({ default: true, description: 'When it ends' })),
    ahead: Type.Optional(
      Type.Union([duration('So long before it begins, as 1d'), Type.Null()], { description: 'null: not ahead' }),
    ),
  },
  { additionalProperties: false, description: 'Who is told before and after' },
)

/** What both kinds of maintenance windows say of themselves. */
export const windowFields = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  matchers: matchersSchema,
  behind: Type.Optional(
    Type.Boolean({ default: false, description: 'It covers all that is reached through what it matches, too' }),
  ),
  note: Type.Optional(Type.String({ maxLength: 2000, default: '' })),
  tell: Type.Optional(Type.Union([tellSchema, Type.Null()])),
}

type Tell = Static<typeof tellSchema>
interface Named {
  readonly id: number
  readonly name: string
}

/** Whom a window is told to, in the core's units; the channel that is none is named. */
export const tellingOf = (
  tell: Tell | null | undefined,
  channels: readonly Named[],
): Result<MaintenanceTelling | undefined, Problem> => {
  if (!tell || tell.channels.length === 0) return done(undefined)
  const ids = tell.channels.map((one) => channels.find(({ id, name }) => one === id || one === name)?.id)
  const missing = ids.indexOf(undefined)
  if (missing >= 0) {
    const name = String(tell.channels[missing])
    return refused('invalid_input', `tell.channels.${missing}`, `there is no channel ${name}`, {
      code: 'no_channel',
      facts: { name },
    })
  }
  const { begin = true, end = true, ahead } = tell
  const leadMs = ahead == null ? undefined : parseDuration(ahead as string)!
  if (leadMs !== undefined && !(leadMs > 0 && leadMs <= LONGEST_LEAD_MS))
    return refused('invalid_input', 'tell.ahead', 'must be more than 0 and at most 31d', {
      code: 'bad_length',
      facts: {},
    })
  return done({ channelIds: [...new Set(ids as number[])], begin, end, ...(leadMs !== undefined && { leadMs }) })
}

/** The same as the API shows it; a channel that is gone is left out. */
export const tellView = (tell: MaintenanceTelling | undefined, channels: readonly Named[]) =>
  tell === undefined
    ? null
    : {
        channels: tell.channelIds.flatMap((id) => channels.find((one) => one.id === id)?.name ?? []),
        begin: tell.begin,
        end: tell.end,
        ahead: tell.leadMs === undefined ? null : durationText(tell.leadMs),
      }

/**
 * A time that was sent, ms: with its own offset, or by the clock of a zone. Refuses one that no clock shows; what is no time
 * at all is NaN.
 */
export const momentOf = (text: string, path: string, timeZone: string): number | Failed<Problem> => {
  const at = zonedTime(text, timeZone)
  if (typeof at === 'number') return at
  if (at === 'not_a_time' && !/^\d{4}-\d\d-\d\d/.test(text)) return Number.NaN
  const why = {
    not_a_time: 'is shown by no calendar: write a day that there is, as 2026-12-01T02:00',
    skipped: 'does not exist: the clocks go forward over it, write an hour later',
    twice: 'comes twice: the clocks go back over it, add an offset such as -03:00',
  }[at]
  return refused('invalid_input', path, `${text} ${why}`, { code: 'no_such_time', facts: { value: text } })
}
