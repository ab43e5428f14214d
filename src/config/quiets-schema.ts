import { MATCHER_OPERATORS } from '#core/rule/matcher.ts'
import { type Static, Type } from '#lib/schema.ts'
import { duration, name, timeZone } from './schema-fields.ts'

/** Every operator that silences made by hand know. */
const operatorAndValue = Type.Object(
  {
    operator: Type.Enum([...MATCHER_OPERATORS]),
    value: Type.Union([Type.String(), Type.Number(), Type.Array(Type.Union([Type.String(), Type.Number()]))]),
  },
  { additionalProperties: false },
)

/** What a silence or a window is about. */
const match = Type.Record(
  Type.String({ minLength: 1 }),
  Type.Union([
    Type.String(),
    Type.Number(),
    Type.Boolean(),
    Type.Array(Type.Union([Type.String(), Type.Number()])),
    operatorAndValue,
    Type.Array(operatorAndValue, { minItems: 1 }),
  ]),
  {
    description:
      'Label or field: a value, a list of values, ~ and a regular expression, or { operator, value }, one or several',
  },
)
const time = (description: string) =>
  Type.Optional(Type.String({ description: `${description}, as 2026-12-01T08:00 in the server's zone`, minLength: 10 }))

/** Mutes what it matches until its end. */
export const silence = Type.Object(
  {
    match,
    from: time('Begin; default: now'),
    until: Type.String({ minLength: 10 }),
    reason: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

/** Who is told before and after. */
const tell = Type.Object(
  {
    channels: Type.Array(Type.String(), { minItems: 1, maxItems: 50, description: 'Names of channels' }),
    begin: Type.Optional(Type.Boolean({ description: 'When it begins; default: true' })),
    end: Type.Optional(Type.Boolean({ description: 'When it ends; default: true' })),
    ahead: Type.Optional(duration({ description: 'So long before it begins' })),
  },
  { additionalProperties: false },
)

/** Planned work: once, or again and again. */
export const maintenance = Type.Object(
  {
    name: name({ description: 'Unique name' }),
    match,
    from: time('Begin of a window that comes once'),
    until: time('Its end'),
    cron: Type.Optional(
      Type.String({ description: 'Begin of a window that comes again, five fields', maxLength: 100 }),
    ),
    duration: Type.Optional(duration({ description: 'Its length' })),
    time_zone: Type.Optional(timeZone),
    behind: Type.Optional(Type.Boolean({ description: 'It covers all that is reached through what it matches, too' })),
    note: Type.Optional(Type.String({ description: 'What is done', maxLength: 2000 })),
    tell: Type.Optional(tell),
  },
  { additionalProperties: false },
)

export type MatchEntry = Static<typeof match>
export type TellEntry = Static<typeof tell>
