import { FORBIDDEN_KINDS, type ForbiddenKind } from '#lib/net/forbidden-address.ts'
import { type Static, Type } from '#lib/schema.ts'
import type { Language } from './message/message.ts'
import { REGION_PATTERN } from './region.ts'

const days = (title: string, spanish: string, standard: number) =>
  Type.Integer({
    title,
    description: 'Days',
    'x-es': { title: spanish, description: 'Días' },
    minimum: 1,
    maximum: 36_500,
    default: standard,
  })
const kinds = (description: string, spanish: string) =>
  Type.Unsafe<ForbiddenKind[]>({
    type: 'array',
    items: { enum: [...FORBIDDEN_KINDS] },
    uniqueItems: true,
    default: [],
    description,
    'x-es': { description: spanish },
  })

/** What administrators decide for the whole server; each has a default. */
export const serverSettingsSchema = Type.Object(
  {
    language: Type.Unsafe<Language | null>({
      enum: ['en', 'es', null],
      default: null,
      title: 'Language of messages',
      description: 'en or es, for channels that name none',
      'x-es': { title: 'Idioma de los mensajes', description: 'en o es, para los canales que no digan otro' },
    }),
    time_zone: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      minLength: 1,
      maxLength: 100,
      default: null,
      title: 'Time zone',
      description: 'IANA name, such as America/Lima: times in messages and days in reports; empty: that of the machine',
      'x-es': {
        title: 'Zona horaria',
        description:
          'Nombre IANA, como America/Lima: las horas de los mensajes y los días de los informes; vacía: la del equipo',
      },
    }),
    region: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      pattern: REGION_PATTERN,
      default: null,
      title: 'Region',
      description: 'By which numbers, dates and lists go, such as es-AR or en-US; empty: that of each browser',
      'x-es': {
        title: 'Región',
        description:
          'Según ella van los números, las fechas y las listas, como es-AR o en-US; vacía: la de cada navegador',
      },
    }),
    url: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      pattern: '^https?://',
      maxLength: 500,
      default: null,
      title: 'Address of this page',
      description:
        'What links in messages begin with, such as https://vigia.example.net; empty: messages carry no links',
      'x-es': {
        title: 'Dirección de esta página',
        description:
          'Con qué empiezan los enlaces de los mensajes, como https://vigia.example.net; vacía: los mensajes van sin enlaces',
      },
    }),
    keep_results_days: days('Results of checks', 'Resultados de las comprobaciones', 30),
    keep_minutes_days: days('Results gathered by the minute', 'Resultados agrupados por minuto', 90),
    keep_hours_days: days(
      'Results gathered by the hour, and changes of state',
      'Resultados agrupados por hora, y cambios de estado',
      730,
    ),
    keep_days_days: days('Results gathered by the day', 'Resultados agrupados por día', 36_500),
    keep_events_days: days('Events and what was decided about them', 'Eventos y lo que se decidió sobre ellos', 90),
    keep_events_count: Type.Integer({
      title: 'Events, number',
      description: 'At most so many events: the oldest go first',
      'x-es': {
        title: 'Eventos, cantidad',
        description: 'Como máximo esta cantidad de eventos: los más viejos se van primero',
      },
      minimum: 1000,
      maximum: 1_000_000_000,
      default: 10_000_000,
    }),
    keep_notifications_days: days(
      'Alerts that ended, with their notifications',
      'Alertas que terminaron, con sus notificaciones',
      365,
    ),
    keep_audit_days: days('Who changed what', 'Quién cambió qué', 365),
    allowed_channel_targets: kinds(
      'Addresses that channels made by hand may send to all the same',
      'Direcciones a las que los canales hechos a mano pueden enviar de todos modos',
    ),
    allowed_monitor_targets: kinds(
      'Addresses that monitors made by hand may look at all the same',
      'Direcciones que los monitores hechos a mano pueden comprobar de todos modos',
    ),
  },
  { additionalProperties: false },
)
export type ServerSettings = Static<typeof serverSettingsSchema>

/** The defaults that the schema names. */
export const SERVER_SETTINGS = Object.fromEntries(
  Object.entries(serverSettingsSchema.properties).map(([name, schema]) => [
    name,
    (schema as { default?: unknown }).default,
  ]),
) as ServerSettings
