import { SEVERITIES, type Severity } from '#core/severity.ts'
import { DURATION_PATTERN } from '#lib/duration.ts'
import { type Static, Type } from '#lib/schema.ts'

/** The shape of the file. Options of a monitor or channel are checked by the schema of their type. */

const duration = (description: string) => Type.String({ description, pattern: DURATION_PATTERN, format: 'duration' })
const name = (description: string) => Type.String({ description, minLength: 1, maxLength: 200 })
const severity = (description: string) =>
  Type.Unsafe<Severity>(
    Type.Union(
      SEVERITIES.map((one) => Type.Literal(one)),
      { description },
    ),
  )
const threshold = (description: string) =>
  Type.Union([Type.Integer({ minimum: 1, maximum: 30 }), Type.String({ pattern: '^[1-9]\\d? of [1-9]\\d?$' })], {
    description,
  })
const languageField = Type.Union([Type.Literal('en'), Type.Literal('es')], {
  description: 'Language of messages: en or es',
})
const timeZone = Type.String({
  description: 'Time zone of messages by IANA name, for example America/Lima',
  minLength: 1,
})

const watching = {
  interval: Type.Optional(duration('Time between probes')),
  timeout: Type.Optional(duration('Wait for an answer; each type has its default')),
  failures: Type.Optional(threshold('Failures in a row until down, or "3 of 5"')),
  successes: Type.Optional(threshold('Successes in a row until up again, or "2 of 3"')),
  retry_interval: Type.Optional(duration('Time between probes after a first failure')),
  recovery_interval: Type.Optional(duration('Time between probes while down')),
  reset_failures: Type.Optional(
    Type.Union([Type.Literal('never'), Type.Literal('hourly')], {
      description: 'hourly forgets failures when the hour begins',
    }),
  ),
  severity: Type.Optional(severity('Severity of down')),
  degraded_severity: Type.Optional(severity('Severity of degraded')),
  reminder: Type.Optional(
    Type.Union([Type.Literal(0), duration(''), Type.Array(duration(''), { minItems: 1, maxItems: 20 })], {
      description: 'Waits between reminders while it lasts; the last goes on; 0 for none',
    }),
  ),
  notify_recovery: Type.Optional(Type.Boolean({ description: 'Tell of recoveries' })),
  channels: Type.Optional(Type.Array(name('Channel'), { description: 'Channels that hear of it', maxItems: 50 })),
}

const preset = Type.Optional(
  Type.Union([Type.Literal('alert_servidores'), Type.Literal('connection_tester'), Type.Literal('down_detector')], {
    description: 'Documented values of an older tool',
  }),
)

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
    trusted_proxies: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Addresses or networks of proxies whose X-Forwarded-… headers count',
        maxItems: 50,
      }),
    ),
  },
  { additionalProperties: false },
)

const channel = Type.Object(
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
    urgent: Type.Optional(severity('This severity and above pass the rate limit')),
  },
  { additionalProperties: false },
)

const monitor = Type.Object(
  {
    name: name('Unique name'),
    type: Type.Optional(Type.String({ description: 'Probe type' })),
    options: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Options of the type' })),
    target: Type.Optional(
      Type.String({
        description: 'Short form of type and options: https://example.com',
        minLength: 1,
        maxLength: 8192,
      }),
    ),
    ...watching,
    preset,
    degraded: Type.Optional(
      Type.Object(
        {
          latency: Type.Optional(
            Type.String({ description: 'For example ">= 200ms"', pattern: '^>= ?\\d+(\\.\\d+)?(ms|s)$' }),
          ),
          loss: Type.Optional(Type.String({ description: 'For example ">= 20%"', pattern: '^>= ?\\d+(\\.\\d+)?%$' })),
        },
        { additionalProperties: false, description: 'Above this an answer counts as degraded' },
      ),
    ),
    labels: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$' }),
        Type.Union([Type.String({ maxLength: 1000 }), Type.Number(), Type.Boolean()]),
        { description: 'Labels' },
      ),
    ),
    description: Type.Optional(Type.String({ description: 'What it is', maxLength: 2000 })),
    location: Type.Optional(Type.String({ description: 'Where it stands', maxLength: 500 })),
    runbook: Type.Optional(Type.String({ description: 'Link to what to do', maxLength: 2000 })),
    paused: Type.Optional(Type.Boolean({ description: 'True does not probe' })),
    was: Type.Optional(name('Earlier name, to keep the history')),
  },
  { additionalProperties: false },
)

export const fileSchema = Type.Object(
  {
    server: Type.Optional(server),
    heartbeat: Type.Optional(
      Type.Object(
        {
          url: Type.String({ description: 'Address that is called while all is well', pattern: '^https?://' }),
          every: Type.Optional(duration('How often, default 1m')),
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
    monitors: Type.Optional(Type.Array(monitor)),
  },
  { additionalProperties: false },
)
export type FileContent = Static<typeof fileSchema>
export type MonitorEntry = NonNullable<FileContent['monitors']>[number]
export type ChannelEntry = NonNullable<FileContent['channels']>[number]
export type Watching = Pick<MonitorEntry, keyof typeof watching | 'preset'>
