import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN, durationMs, durationText } from '#lib/time/duration.ts'
import { TIME_OF_DAY_PATTERN } from '#lib/time/local-time.ts'
import { SEVERITIES, type Severity } from '../event/severity.ts'
import { type ChannelChange, type ChannelSpec, definedFields } from './channel-spec.ts'
import type { Language } from './message.ts'

/** How a channel sends, as the file, the API and the form of the page say it. Options belong to its type. */

const GROUP_WAIT = '20s'
const GROUP_INTERVAL = '5m'
const FALLBACK_AFTER = '3m'

const severity = (title: string, description: string) =>
  Type.Unsafe<Severity>(
    Type.Union(
      SEVERITIES.map((one) => Type.Literal(one)),
      { title, description },
    ),
  )
const duration = (title: string, description: string, standard?: string) =>
  Type.String({
    title,
    description,
    pattern: DURATION_PATTERN,
    format: 'duration',
    ...(standard === undefined ? { examples: ['1h'] } : { default: standard }),
  })
const timeOfDay = (title: string, example: string) =>
  Type.String({ title, pattern: TIME_OF_DAY_PATTERN, examples: [example] })

export const deliveryFields = {
  language: Type.Optional(
    Type.Unsafe<Language>(
      Type.Union([Type.Literal('en'), Type.Literal('es')], {
        title: 'Language of its messages',
        description: "en or es; default: the server's",
      }),
    ),
  ),
  time_zone: Type.Optional(
    Type.String({
      title: 'Time zone of its messages',
      description: "IANA name such as America/Lima; default: the server's",
      minLength: 1,
      maxLength: 100,
    }),
  ),
  rate_limit: Type.Optional(
    Type.Object(
      {
        count: Type.Integer({ title: 'Messages', minimum: 1, maximum: 10_000 }),
        per: duration('In this time', 'For example 1h'),
      },
      {
        additionalProperties: false,
        title: 'At most so many messages',
        description: 'The first goes at once; what exceeds the limit arrives as one digest',
      },
    ),
  ),
  urgent: Type.Optional(severity('Urgent', 'This severity and above pass rate limit, grouping and quiet hours')),
  group: Type.Optional(
    Type.Object(
      {
        by: Type.Optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
            title: 'Labels',
            description: 'One message for each value of these labels; without labels everything is one group',
            maxItems: 10,
          }),
        ),
        wait: Type.Optional(duration('Wait', 'How long a first message waits for others', GROUP_WAIT)),
        interval: Type.Optional(duration('Gap', 'Smallest gap between messages of a group', GROUP_INTERVAL)),
      },
      { additionalProperties: false, title: 'Grouping', description: 'Messages of one group are told together' },
    ),
  ),
  quiet: Type.Optional(
    Type.Object(
      {
        from: timeOfDay('Begin', '22:00'),
        to: timeOfDay('End', '07:00'),
        below: Type.Optional(severity('Below', 'What is less severe waits for the end; default: everything waits')),
      },
      {
        additionalProperties: false,
        title: 'Quiet hours',
        description: 'Hours in which less severe messages wait, by the time zone of the channel',
      },
    ),
  ),
  fallback: Type.Optional(
    Type.Object(
      {
        to: Type.String({ title: 'Channel', description: 'It sends instead', minLength: 1, maxLength: 200 }),
        after: Type.Optional(duration('After', 'Undelivered for so long', FALLBACK_AFTER)),
      },
      {
        additionalProperties: false,
        title: 'Fallback',
        description: 'Another channel that sends what this one could not',
      },
    ),
  ),
}

export const deliverySchema = Type.Object(deliveryFields, { additionalProperties: false })
type DeliveryEntry = Static<typeof deliverySchema>

/** An entry that changes a channel: what is absent stays, null takes away. */
export type DeliveryForm = { readonly [Field in keyof DeliveryEntry]?: DeliveryEntry[Field] | null | undefined }

/** What an entry says, in the core's units. */
export const deliveryChangeOf = (form: DeliveryForm): ChannelChange => {
  const { language, time_zone, rate_limit, urgent, group, quiet, fallback } = form
  return {
    ...(language !== undefined && { language: language ?? undefined }),
    ...(time_zone !== undefined && { timeZone: time_zone ?? undefined }),
    ...(rate_limit !== undefined && {
      rateLimit: rate_limit ? { count: rate_limit.count, perMs: durationMs(rate_limit.per) } : undefined,
    }),
    ...(urgent !== undefined && { urgent: urgent ?? undefined }),
    ...(group !== undefined && {
      group: group
        ? {
            by: group.by ?? [],
            waitMs: durationMs(group.wait ?? GROUP_WAIT),
            intervalMs: durationMs(group.interval ?? GROUP_INTERVAL),
          }
        : undefined,
    }),
    ...(quiet !== undefined && { quiet: quiet ?? undefined }),
    ...(fallback !== undefined && {
      fallback: fallback ? { to: fallback.to, afterMs: durationMs(fallback.after ?? FALLBACK_AFTER) } : undefined,
    }),
  }
}

/** The same for a channel that is new: only what is set. */
export const deliveryOf = (form: DeliveryForm) => definedFields(deliveryChangeOf(form))

/** What an entry would say of a channel, everything written out; null for what is not set. */
export const deliveryView = ({ language, timeZone, rateLimit, urgent, group, quiet, fallback }: ChannelSpec) => ({
  language: language ?? null,
  time_zone: timeZone ?? null,
  rate_limit: rateLimit ? { count: rateLimit.count, per: durationText(rateLimit.perMs) } : null,
  urgent: urgent ?? null,
  group: group ? { by: group.by, wait: durationText(group.waitMs), interval: durationText(group.intervalMs) } : null,
  quiet: quiet ?? null,
  fallback: fallback ? { to: fallback.to, after: durationText(fallback.afterMs) } : null,
})
