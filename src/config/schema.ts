import { dutySchema } from '#core/duty/duty-entry.ts'
import { OUTPUT_FILES } from '#core/outputs.ts'
import { newRuleSchema } from '#core/rule/rule-entry.ts'
import { serverSettingsSchema } from '#core/server-settings.ts'
import { type Static, Type } from '#lib/schema.ts'
import { channel } from './channel-schema.ts'
import { monitor, preset, profile, watching } from './monitor-schema.ts'
import { metricsSchema } from './observing-schema.ts'
import { maintenance, silence } from './quiets-schema.ts'
import { duration, languageField, name, regionField, severity, timeZone } from './schema-fields.ts'
import { securitySchema, sourcesSchema } from './schema-sources.ts'
import { tableSchema } from './schema-tables.ts'

/** The shape of the file. Options of a monitor or channel are checked by the schema of their type. */

const server = Type.Object(
  {
    host: Type.Optional(Type.String({ description: 'Address to listen on', minLength: 1 })),
    port: Type.Optional(Type.Integer({ description: 'Port to listen on', minimum: 0, maximum: 65_535 })),
    url: Type.Optional(
      Type.String({
        description: 'Address of the page for people, the base of links in messages',
        pattern: '^https?://',
      }),
    ),
    language: Type.Optional(languageField),
    time_zone: Type.Optional(timeZone),
    region: Type.Optional(regionField),
    trusted_proxies: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Addresses or networks of proxies whose X-Forwarded-… headers count',
        maxItems: 50,
      }),
    ),
  },
  { additionalProperties: false },
)

const witnesses = Type.Object(
  {
    targets: Type.Array(Type.String({ minLength: 1 }), {
      description: 'What answers while our own connection works: HOST, tcp://HOST:PORT, …',
      minItems: 1,
      maxItems: 20,
    }),
    blind_if: Type.Optional(
      Type.Union([Type.Literal('all'), Type.Integer({ minimum: 1, maximum: 20 })], {
        description: 'So many must fail: all, or a number',
      }),
    ),
    hold: Type.Optional(duration({ description: 'Failures count again so long after sight returned, default 30s' })),
    channels: Type.Optional(Type.Array(name({ description: 'Channel' }), { maxItems: 50 })),
  },
  { additionalProperties: false },
)

const escalation = Type.Object(
  {
    after: duration({ description: 'Not acknowledged for so long' }),
    severity: Type.Optional(severity({ description: 'From this severity on' })),
    channels: Type.Array(name({ description: 'Channel' }), {
      minItems: 1,
      maxItems: 50,
    }),
  },
  { additionalProperties: false },
)

const outputs = Type.Object(
  {
    folder: Type.String({
      description: 'Folder that they are written to, as an absolute path',
      pattern: '^(/|[A-Za-z]:)',
      maxLength: 4096,
    }),
    files: Type.Optional(
      Type.Array(Type.Enum([...OUTPUT_FILES]), {
        description: 'Which of them, default all',
        minItems: 1,
        uniqueItems: true,
      }),
    ),
  },
  { additionalProperties: false, description: 'Files of older tools, for scripts that read them' },
)

/** What people set for the whole server, but for what `server` says. */
const { language: _, time_zone: __, region: ___, url: ____, ...ownSettings } = serverSettingsSchema.properties
const settings = Type.Object(
  Object.fromEntries(Object.entries(ownSettings).map(([name, schema]) => [name, Type.Optional(schema as never)])),
  { additionalProperties: false, description: 'How long things are kept, and which addresses are allowed' },
)

export const fileSchema = Type.Object(
  {
    server: Type.Optional(server),
    heartbeat: Type.Optional(
      Type.Object(
        {
          url: Type.String({ description: 'Address that is called while all is well', pattern: '^https?://' }),
          every: Type.Optional(duration({ description: 'How often, default 1m' })),
        },
        { additionalProperties: false },
      ),
    ),
    defaults: Type.Optional(
      Type.Object(
        { ...watching, preset },
        { additionalProperties: false, description: 'Values for monitors that name none' },
      ),
    ),
    channels: Type.Optional(Type.Array(channel)),
    profiles: Type.Optional(Type.Record(Type.String({ minLength: 1 }), profile)),
    monitors: Type.Optional(Type.Array(monitor)),
    rules: Type.Optional(Type.Array(newRuleSchema)),
    silences: Type.Optional(Type.Array(silence)),
    maintenance: Type.Optional(Type.Array(maintenance)),
    witnesses: Type.Optional(witnesses),
    metrics: Type.Optional(metricsSchema),
    sources: Type.Optional(sourcesSchema),
    security: Type.Optional(securitySchema),
    escalation: Type.Optional(Type.Array(escalation, { maxItems: 10 })),
    duty: Type.Optional(dutySchema),
    outputs: Type.Optional(outputs),
    settings: Type.Optional(settings),
    tables: Type.Optional(Type.Array(tableSchema, { maxItems: 100 })),
  },
  { additionalProperties: false },
)
export type FileContent = Static<typeof fileSchema>
