import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'

const strict = { additionalProperties: false } as const

const off = Type.Literal(false)
const atLeast = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'Connections, default 100' }),
)

/** Where the problems of a port begin; `false` switches one off. */
const limits = {
  syn_flood: Type.Optional(
    Type.Union([
      off,
      Type.Object(
        {
          at_least: atLeast,
          times_usual: Type.Optional(
            Type.Number({ minimum: 1, maximum: 1000, description: 'Times the usual number of this port, default 5' }),
          ),
        },
        strict,
      ),
    ]),
  ),
  close_wait_leak: Type.Optional(Type.Union([off, Type.Object({ at_least: atLeast }, strict)])),
  time_wait_exhaustion: Type.Optional(
    Type.Union([
      off,
      Type.Object(
        {
          share: Type.Optional(
            Type.String({ pattern: '^[1-9]\\d?%$', description: 'Of the local ports, default 80%' }),
          ),
        },
        strict,
      ),
    ]),
  ),
  listener_gone: Type.Optional(Type.Boolean()),
  accept_queue_overflow: Type.Optional(Type.Boolean()),
  confirm: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'Samples in a row that a problem must last, default 3' }),
  ),
}
const limitsSchema = Type.Object(limits, { ...strict, description: 'Where problems of a port begin' })
export type LimitsEntry = Static<typeof limitsSchema>

export const portsSchema = Type.Object(
  {
    // Which of them is no port is told by its place.
    watch: Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.Unknown(), { maxItems: 65_535 })], {
      description: 'Ports whose connections are counted, or listening: every port on which something listens',
    }),
    every: Type.Optional(
      Type.String({
        description: 'Time between two counts, default 5s',
        pattern: DURATION_PATTERN,
        format: 'duration',
      }),
    ),
    remote: Type.Optional(Type.Boolean({ description: 'Also count connections from here to these ports elsewhere' })),
    limits: Type.Optional(limitsSchema),
    per_port: Type.Optional(
      Type.Record(Type.String({ pattern: '^[1-9]\\d{0,4}$' }), limitsSchema, { description: 'Other limits of a port' }),
    ),
  },
  { ...strict, description: 'Connections of local ports' },
)
export type PortsEntry = Static<typeof portsSchema>

export const metricsSchema = Type.Object(
  {
    public: Type.Optional(Type.Boolean({ description: '/metrics without a token' })),
    public_probe: Type.Optional(Type.Boolean({ description: '/probe without a token' })),
    monitor_histograms: Type.Optional(Type.Boolean({ description: 'A latency histogram per monitor' })),
    labels: Type.Optional(
      Type.Array(Type.String({ pattern: '^(?!__)[A-Za-z_][A-Za-z0-9_]{0,99}$' }), {
        maxItems: 20,
        description: 'Labels of monitors that their series carry',
      }),
    ),
    legacy: Type.Optional(
      Type.Boolean({ description: 'The older names conexiones_*: true also at /metrics, false nowhere' }),
    ),
    modules: Type.Optional(Type.String({ minLength: 1, description: 'A blackbox.yml: modules of /probe' })),
  },
  strict,
)
export type MetricsEntry = Static<typeof metricsSchema>
