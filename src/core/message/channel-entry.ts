import { type FieldWords, type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN, durationMs, durationText } from '#lib/time/duration.ts'
import { TIME_OF_DAY_PATTERN } from '#lib/time/local-time.ts'
import { SEVERITIES, type Severity } from '../event/severity.ts'
import { type ChannelChange, type ChannelSpec, definedFields } from './channel-spec.ts'
import type { Language } from './message.ts'
import { TEXT_SETS, type TextSetName } from './text-set.ts'

/** How a channel sends, as the file, the API and the form of the page say it. Options belong to its type. */

const GROUP_WAIT = '20s'
const GROUP_INTERVAL = '5m'
const FALLBACK_AFTER = '3m'

const severity = (words: FieldWords) =>
  Type.Unsafe<Severity>(
    Type.Union(
      SEVERITIES.map((one) => Type.Literal(one)),
      { ...words },
    ),
  )
const duration = (words: FieldWords, standard?: string) =>
  Type.String({
    ...words,
    pattern: DURATION_PATTERN,
    format: 'duration',
    ...(standard === undefined ? { examples: ['1h'] } : { default: standard }),
  })
const timeOfDay = (words: FieldWords, example: string) =>
  Type.String({ ...words, pattern: TIME_OF_DAY_PATTERN, examples: [example] })

export const deliveryFields = {
  language: Type.Optional(
    Type.Unsafe<Language>(
      Type.Union([Type.Literal('en'), Type.Literal('es')], {
        title: 'Language of its messages',
        description: "en or es; default: the server's",
        'x-es': { title: 'Idioma de sus mensajes', description: 'en o es; si falta: el del servidor' },
      }),
    ),
  ),
  time_zone: Type.Optional(
    Type.String({
      title: 'Time zone of its messages',
      description: "IANA name such as America/Lima; default: the server's",
      'x-es': {
        title: 'Zona horaria de sus mensajes',
        description: 'Nombre IANA como America/Lima; si falta: la del servidor',
      },
      minLength: 1,
      maxLength: 100,
    }),
  ),
  texts: Type.Optional(
    Type.Unsafe<TextSetName>(
      Type.Union(
        TEXT_SETS.map((one) => Type.Literal(one)),
        {
          title: 'Words of an older tool',
          description: 'Subject and text of outages as that tool sent them, to the byte; default: ours',
          'x-es': {
            title: 'Textos de una herramienta anterior',
            description: 'Asunto y texto de los cortes tal como los enviaba esa herramienta; si falta: los propios',
          },
        },
      ),
    ),
  ),
  rate_limit: Type.Optional(
    Type.Object(
      {
        count: Type.Integer({ title: 'Messages', 'x-es': { title: 'Mensajes' }, minimum: 1, maximum: 10_000 }),
        per: duration({
          title: 'In this time',
          description: 'For example 1h',
          'x-es': { title: 'En este tiempo', description: 'Por ejemplo 1h' },
        }),
      },
      {
        additionalProperties: false,
        title: 'At most so many messages',
        description: 'The first goes at once; what exceeds the limit arrives as one digest',
        'x-es': {
          title: 'Como máximo esta cantidad de mensajes',
          description: 'El primero sale enseguida; lo que excede el límite llega en un resumen',
        },
      },
    ),
  ),
  urgent: Type.Optional(
    severity({
      title: 'Urgent',
      description: 'This severity and above pass rate limit, grouping and quiet hours',
      'x-es': { title: 'Urgente', description: 'Desde esta severidad no hay límite, agrupación ni horas de silencio' },
    }),
  ),
  group: Type.Optional(
    Type.Object(
      {
        by: Type.Optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
            title: 'Labels',
            description: 'One message for each value of these labels; without labels everything is one group',
            'x-es': {
              title: 'Etiquetas',
              description: 'Un mensaje por cada valor de estas etiquetas; sin etiquetas todo es un solo grupo',
            },
            maxItems: 10,
          }),
        ),
        wait: Type.Optional(
          duration(
            {
              title: 'Wait',
              description: 'How long a first message waits for others',
              'x-es': { title: 'Espera', description: 'Cuánto espera un primer mensaje a otros' },
            },
            GROUP_WAIT,
          ),
        ),
        interval: Type.Optional(
          duration(
            {
              title: 'Gap',
              description: 'Smallest gap between messages of a group',
              'x-es': { title: 'Separación', description: 'Tiempo mínimo entre los mensajes de un grupo' },
            },
            GROUP_INTERVAL,
          ),
        ),
      },
      {
        additionalProperties: false,
        title: 'Grouping',
        description: 'Messages of one group are told together',
        'x-es': { title: 'Agrupación', description: 'Los mensajes de un grupo llegan juntos' },
      },
    ),
  ),
  quiet: Type.Optional(
    Type.Object(
      {
        from: timeOfDay({ title: 'Begin', 'x-es': { title: 'Inicio' } }, '22:00'),
        to: timeOfDay({ title: 'End', 'x-es': { title: 'Fin' } }, '07:00'),
        below: Type.Optional(
          severity({
            title: 'Below',
            description: 'What is less severe waits for the end; default: everything waits',
            'x-es': {
              title: 'Por debajo de',
              description: 'Lo menos severo espera hasta el fin; si falta: todo espera',
            },
          }),
        ),
      },
      {
        additionalProperties: false,
        title: 'Quiet hours',
        description: 'Hours in which less severe messages wait, by the time zone of the channel',
        'x-es': {
          title: 'Horas de silencio',
          description: 'Horas en que los mensajes menos severos esperan, según la zona horaria del canal',
        },
      },
    ),
  ),
  fallback: Type.Optional(
    Type.Object(
      {
        to: Type.String({
          title: 'Channel',
          description: 'It sends instead',
          'x-es': { title: 'Canal', description: 'Envía en su lugar' },
          minLength: 1,
          maxLength: 200,
        }),
        after: Type.Optional(
          duration(
            {
              title: 'After',
              description: 'Undelivered for so long',
              'x-es': { title: 'Después de', description: 'Sin entregar durante este tiempo' },
            },
            FALLBACK_AFTER,
          ),
        ),
      },
      {
        additionalProperties: false,
        title: 'Fallback',
        description: 'Another channel that sends what this one could not',
        'x-es': { title: 'Canal de respaldo', description: 'Otro canal que envía lo que este no pudo' },
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
  const { language, time_zone, texts, rate_limit, urgent, group, quiet, fallback } = form
  return {
    ...(language !== undefined && { language: language ?? undefined }),
    ...(time_zone !== undefined && { timeZone: time_zone ?? undefined }),
    ...(texts !== undefined && { texts: texts ?? undefined }),
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
export const deliveryView = ({
  language,
  timeZone,
  texts,
  rateLimit,
  urgent,
  group,
  quiet,
  fallback,
}: ChannelSpec) => ({
  language: language ?? null,
  time_zone: timeZone ?? null,
  texts: texts ?? null,
  rate_limit: rateLimit ? { count: rateLimit.count, per: durationText(rateLimit.perMs) } : null,
  urgent: urgent ?? null,
  group: group ? { by: group.by, wait: durationText(group.waitMs), interval: durationText(group.intervalMs) } : null,
  quiet: quiet ?? null,
  fallback: fallback ? { to: fallback.to, after: durationText(fallback.afterMs) } : null,
})
