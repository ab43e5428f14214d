import { DURATION_PATTERN } from '#lib/duration.ts'
import { type Static, Type } from '#lib/schema.ts'
import { duration, languageField, name, severity, timeZone } from './schema-fields.ts'

/** One channel: its type's options, and what holds for every type. */
export const channel = Type.Object(
  {
    name: name('Unique name'),
    type: Type.String({ description: 'Channel type' }),
    options: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Options of the type' })),
    enabled: Type.Optional(Type.Boolean({ description: 'False mutes the channel' })),
    language: Type.Optional(languageField),
    time_zone: Type.Optional(timeZone),
    rate_limit: Type.Optional(
      Type.String({
        description: 'At most so many messages in a time, for example 30 per 1h',
        pattern: `^[1-9]\\d* per ${DURATION_PATTERN.slice(1, -1)}$`,
      }),
    ),
    urgent: Type.Optional(severity('This severity and above pass rate limit, grouping and quiet hours')),
    group: Type.Optional(
      Type.Object(
        {
          by: Type.Optional(Type.Array(name('Label'), { maxItems: 10, description: 'One message for each value' })),
          wait: Type.Optional(duration('How long a first message waits for others, default 20s')),
          interval: Type.Optional(duration('Smallest gap between messages of a group, default 5m')),
        },
        { additionalProperties: false },
      ),
    ),
    quiet: Type.Optional(
      Type.Object(
        {
          from: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['"00:00"'] }),
          to: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['"07:00"'] }),
          below: Type.Optional(severity('What is less severe waits for the end, default: everything waits')),
        },
        { additionalProperties: false, description: 'Hours in which less severe messages wait' },
      ),
    ),
    fallback: Type.Optional(
      Type.Object(
        {
          to: name('Channel that sends instead'),
          after: Type.Optional(duration('Undelivered for so long, default 3m')),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

export type ChannelEntry = Static<typeof channel>
