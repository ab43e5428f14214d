import { deliveryFields } from '#core/message/channel-entry.ts'
import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'
import { name } from './schema-fields.ts'

/** One channel: its type's options, and what holds for every type. */
export const channel = Type.Object(
  {
    name: name({ description: 'Unique name' }),
    type: Type.String({ description: 'Channel type' }),
    description: Type.Optional(Type.String({ description: 'What it is for', maxLength: 2000 })),
    options: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Options of the type' })),
    was: Type.Optional(name({ description: 'Earlier name, to go on being the same' })),
    enabled: Type.Optional(Type.Boolean({ description: 'False mutes the channel' })),
    ...deliveryFields,
    rate_limit: Type.Optional(
      Type.String({
        description: 'At most so many messages in a time, for example 30 per 1h',
        pattern: `^[1-9]\\d* per ${DURATION_PATTERN.slice(1, -1)}$`,
      }),
    ),
  },
  { additionalProperties: false },
)

export type ChannelEntry = Static<typeof channel>
