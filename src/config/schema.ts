import { deliveryFields } from '#core/channel-entry.ts'
import { newRuleSchema } from '#core/rule-entry.ts'
import { SEVERITIES, type Severity } from '#core/severity.ts'
import { DURATION_PATTERN } from '#lib/duration.ts'
import { type Static, Type } from '#lib/schema.ts'
import { metricsSchema } from './observing-schema.ts'
import { securitySchema, sourcesSchema } from './schema-sources.ts'

/** The shape of the file. Options of a monitor or channel are checked by the schema of their type. */

const duration = (description: string, title?: string) =>
  Type.String({ ...(title && { title }), description, pattern: DURATION_PATTERN, format: 'duration' })
const name = (description: string) => Type.String({ description, minLength: 1, maxLength: 200 })
const severity = (description: string) =>
  Type.Unsafe<Severity>(
    Type.Union(
      SEVERITIES.map((one) => Type.Literal(one)),
      { description },
    ),
  )
const threshold = (title: string, description: string) =>
  Type.Union([Type.Integer({ minimum: 1, maximum: 30 }), Type.String({ pattern: '^[1-9]\\d? of [1-9]\\d?$' })], {
    title,
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
  timeout: Type.Optional(duration('Wait for an answer; each type has its default', 'Time-out')),
  failures: Type.Optional(threshold('Failures until down', 'Failures in a row until down, or "3 of 5"')),
  successes: Type.Optional(threshold('Successes until up', 'Successes in a row until up again, or "2 of 3"')),
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
      title: 'Reminders',
      description: 'Waits between reminders while it lasts; the last goes on; 0 for none',
    }),
  ),
  notify_recovery: Type.Optional(Type.Boolean({ description: 'Tell of recoveries' })),
  flapping: Type.Optional(
    Type.Boolean({ title: 'Gather what flaps', description: 'False tells every change, however often it changes' }),
  ),
  channels: Type.Optional(
    Type.Array(name('Channel'), { title: 'Channels', description: 'Channels that hear of it', maxItems: 50 }),
  ),
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

const bound = (title: string, comparison: string, unit: string, description: string) =>
  Type.Optional(Type.String({ title, description, pattern: `^${comparison} ?\\d+(\\.\\d+)?${unit}$` }))

const about = {
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
        latency: bound('Latency', '>=', '(ms|s)', 'Of one answer, for example ">= 200ms"'),
        loss: bound('Loss', '>=', '%', 'For example ">= 5%"; with over, of the whole window'),
        rtt_p95: bound(
          '95th percentile',
          '>=',
          '(ms|s)',
          '95 of 100 packets come back faster, in the window; for example ">= 80ms"',
        ),
        jitter: bound(
          'Jitter',
          '>=',
          '(ms|s)',
          'Mean difference of packets in a row, in the window; for example ">= 30ms"',
        ),
        over: Type.Optional(duration('Length of the window, default 5m', 'Window')),
        clear: Type.Optional(
          Type.Object(
            {
              loss: bound('Loss', '<', '%', 'For example "< 2%"'),
              rtt_p95: bound('95th percentile', '<', '(ms|s)', 'For example "< 60ms"'),
              jitter: bound('Jitter', '<', '(ms|s)', 'For example "< 20ms"'),
            },
            {
              additionalProperties: false,
              title: 'Until it is well again',
              description: 'It ends below this; default: four fifths',
            },
          ),
        ),
      },
      { additionalProperties: false, title: 'Degraded', description: 'Above this an answer counts as degraded' },
    ),
  ),
  labels: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$' }),
      Type.Union([Type.String({ maxLength: 1000 }), Type.Number(), Type.Boolean()]),
      { description: 'Labels' },
    ),
  ),
  description: Type.Optional(Type.String({ title: 'Description', description: 'What it is', maxLength: 2000 })),
  location: Type.Optional(Type.String({ title: 'Location', description: 'Where it stands', maxLength: 500 })),
  runbook: Type.Optional(
    Type.String({ title: 'Runbook', description: 'Link to what to do', maxLength: 2000, 'x-widget': 'line' }),
  ),
  parents: Type.Optional(
    Type.Array(Type.Union([Type.String({ maxLength: 200 }), Type.Array(Type.String({ maxLength: 200 }))]), {
      title: 'Reached through',
      description: 'It counts as cut off when all of these are down, or all of one group of a list of lists',
      maxItems: 50,
    }),
  ),
  paused: Type.Optional(Type.Boolean({ description: 'True does not probe' })),
}

/** One monitor, without what only a file can say. */
export const monitorEntrySchema = Type.Object({ name: name('Unique name'), ...about }, { additionalProperties: false })

const monitor = Type.Object(
  {
    name: Type.Optional(name('Unique name; with from, a pattern such as "{name}"')),
    ...about,
    use: Type.Optional(name('Profile whose values hold where this says nothing')),
    from: Type.Optional(
      Type.String({
        description: 'Table (CSV) that makes one monitor a row; {column} stands for its values',
        minLength: 1,
      }),
    ),
    was: Type.Optional(name('Earlier name, to keep the history')),
  },
  { additionalProperties: false },
)

const profile = Type.Object(about, { additionalProperties: false })

const match = Type.Record(
  Type.String({ minLength: 1 }),
  Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.Union([Type.String(), Type.Number()]))]),
  { description: 'Label or field: a value, a list of values, or ~ and a regular expression' },
)
const time = (description: string) =>
  Type.Optional(Type.String({ description: `${description}, as 2026-12-01T08:00 in the server's zone`, minLength: 10 }))

const silence = Type.Object(
  {
    match,
    from: time('Begin; default: now'),
    until: Type.String({ minLength: 10 }),
    reason: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

const maintenance = Type.Object(
  {
    name: name('Unique name'),
    match,
    from: time('Begin of a window that comes once'),
    until: time('Its end'),
    cron: Type.Optional(
      Type.String({ description: 'Begin of a window that comes again, five fields', maxLength: 100 }),
    ),
    duration: Type.Optional(duration('Its length')),
    time_zone: Type.Optional(timeZone),
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
    hold: Type.Optional(duration('Failures count again so long after sight returned, default 30s')),
    channels: Type.Optional(Type.Array(name('Channel'), { maxItems: 50 })),
  },
  { additionalProperties: false },
)

const escalation = Type.Object(
  {
    after: duration('Not acknowledged for so long'),
    severity: Type.Optional(severity('From this severity on')),
    channels: Type.Array(name('Channel'), { minItems: 1, maxItems: 50 }),
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
  },
  { additionalProperties: false },
)
export type FileContent = Static<typeof fileSchema>
export type MatchEntry = Static<typeof match>
export type WrittenEntry = NonNullable<FileContent['monitors']>[number]
export type MonitorEntry = WrittenEntry & { readonly name: string }
export type ProfileEntry = Static<typeof profile>
export type ChannelEntry = NonNullable<FileContent['channels']>[number]
export type Watching = Pick<MonitorEntry, keyof typeof watching | 'preset'>
