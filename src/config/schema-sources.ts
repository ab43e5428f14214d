import { Type } from '#lib/schema.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'
import { portsSchema } from './observing-schema.ts'

const path = (description: string) => Type.String({ description, minLength: 1, maxLength: 4096 })
const words = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 20 }),
])
const name = Type.Optional(Type.String({ description: 'Tells sources of a kind apart', pattern: '^[\\w.-]{1,50}$' }))
const timeZone = Type.Optional(
  Type.String({ description: "Zone of the times in its logs, default: the server's", minLength: 1 }),
)

const backfill = Type.Optional(Type.Boolean({ description: 'Read rotated logs as well when it was never followed' }))

const fail2ban = Type.Object(
  {
    name,
    log: Type.Optional(path('Its log, default /var/log/fail2ban.log')),
    database: Type.Optional(path('Its database, read when the client does not answer')),
    client: Type.Optional({
      ...words,
      description:
        'Command of its client, default fail2ban-client; another program may stand before it; or unix:/run/vigia-bans.sock, a helper that may run it',
    } as typeof words),
    time_zone: timeZone,
    backfill,
  },
  { additionalProperties: false },
)

const expected = (description: string) => Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description }))

const zeek = Type.Object(
  {
    name,
    logs: Type.Optional({
      ...words,
      description: 'Folder, file or pattern, or a list; default: the usual folders',
    } as typeof words),
    ignore: expected('Addresses or networks whose traffic no detector judges: other monitoring, a scanner of your own'),
    local_networks: expected('Networks beside the private ones that are yours, for every detector'),
    allow: expected('Names, and all below, that no detector judges'),
    options: Type.Optional(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), {
        description: 'Options of detectors, by the name of the detector',
      }),
    ),
    backfill,
  },
  { additionalProperties: false },
)

/** One object or a list of them. */
const oneOrMany = <T extends typeof fail2ban | typeof zeek>(item: T) =>
  Type.Union([item, Type.Array(item, { maxItems: 20 })])

/** Where events come from beside monitors and the API. */
export const sourcesSchema = Type.Object(
  {
    fail2ban: Type.Optional(oneOrMany(fail2ban)),
    zeek: Type.Optional(oneOrMany(zeek)),
    ports: Type.Optional(portsSchema),
  },
  { additionalProperties: false },
)

export const securitySchema = Type.Object(
  {
    never_ban: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Addresses and networks that are never banned, beside our own and loopback',
        maxItems: 1000,
      }),
    ),
    longest_ban: Type.Optional(
      Type.String({ description: 'Longest ban by hand, default 30d', pattern: DURATION_PATTERN }),
    ),
    country_file: Type.Optional(path('Database of countries (.mmdb)')),
    owner_file: Type.Optional(path('Database of owners of networks (.mmdb)')),
  },
  { additionalProperties: false },
)
