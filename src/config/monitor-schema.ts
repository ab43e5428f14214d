import { type Static, Type } from '#lib/schema.ts'
import { duration, name, severity, threshold } from './schema-fields.ts'

/** How a monitor is watched: what `defaults` may say for all of them. */
export const watching = {
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

export const preset = Type.Optional(
  Type.Union([Type.Literal('alert_servidores'), Type.Literal('connection_tester'), Type.Literal('down_detector')], {
    description: 'Documented values of an older tool',
  }),
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

/** One monitor of a file, or a table of them. */
export const monitor = Type.Object(
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

/** What monitors with `use` have in common. */
export const profile = Type.Object(about, { additionalProperties: false })

export type WrittenEntry = Static<typeof monitor>
export type MonitorEntry = WrittenEntry & { readonly name: string }
export type ProfileEntry = Static<typeof profile>
export type Watching = Pick<MonitorEntry, keyof typeof watching | 'preset'>
