import { Type } from '#lib/schema.ts'
import { watching } from './monitor-schema.ts'
import { duration, name } from './schema-fields.ts'

/** Tables that are read again and again. A program is named in the file alone: who may change a page runs nothing here. */
export const tableSchema = Type.Object(
  {
    name: name({ description: 'By which later readings know what came in' }),
    url: Type.Optional(
      Type.String({ description: 'Address of a CSV or a list', pattern: '^https?://', maxLength: 4096 }),
    ),
    command: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), {
        description: 'A program that prints it, with its arguments; no shell',
        minItems: 1,
        maxItems: 50,
      }),
    ),
    every: Type.Optional(duration({ description: 'How often it is read, default 10m' })),
    headers: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.String({ maxLength: 4096 }), {
        description: 'Sent along with the request',
      }),
    ),
    columns: Type.Optional(
      Type.Record(
        Type.Enum(['address', 'name', 'description', 'location', 'port', 'parent']),
        Type.String({ maxLength: 200 }),
        {
          description: 'Which column holds what, by title or number; the rest is guessed',
        },
      ),
    ),
    gone: Type.Optional(
      Type.Enum(['pause', 'remove'], { description: 'What becomes of a monitor whose row is gone, default pause' }),
    ),
    interval: watching.interval,
    timeout: watching.timeout,
    failures: watching.failures,
    labels: Type.Optional(Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.String({ maxLength: 1000 }))),
    channels: Type.Optional(Type.Array(name({ description: 'Channel' }), { maxItems: 50 })),
  },
  { additionalProperties: false },
)
