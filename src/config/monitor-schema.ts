import { type FieldWords, type Static, Type } from '#lib/schema.ts'
import { duration, name, severity, threshold } from './schema-fields.ts'

/** How a monitor is watched: what `defaults` may say for all of them. */
export const watching = {
  interval: Type.Optional(
    duration({ description: 'Time between checks', 'x-es': { description: 'Tiempo entre comprobaciones' } }),
  ),
  timeout: Type.Optional(
    duration({
      title: 'Time-out',
      description: 'Wait for an answer; each type has its default',
      'x-es': { title: 'Tiempo de espera', description: 'Espera de una respuesta; cada tipo tiene su valor' },
    }),
  ),
  failures: Type.Optional(
    threshold({
      title: 'Failures until down',
      description: 'Failures in a row until down, or "3 of 5"',
      'x-es': {
        title: 'Fallas hasta darlo por caído',
        description: 'Fallas seguidas hasta darlo por caído, o "3 of 5"',
      },
    }),
  ),
  successes: Type.Optional(
    threshold({
      title: 'Successes until up',
      description: 'Successes in a row until up again, or "2 of 3"',
      'x-es': {
        title: 'Éxitos hasta darlo por operativo',
        description: 'Éxitos seguidos hasta darlo por operativo, o "2 of 3"',
      },
    }),
  ),
  retry_interval: Type.Optional(
    duration({
      description: 'Time between checks after a first failure',
      'x-es': { description: 'Tiempo entre comprobaciones tras una primera falla' },
    }),
  ),
  recovery_interval: Type.Optional(
    duration({
      description: 'Time between checks while down',
      'x-es': { description: 'Tiempo entre comprobaciones mientras está caído' },
    }),
  ),
  reset_failures: Type.Optional(
    Type.Union([Type.Literal('never'), Type.Literal('hourly')], {
      description: 'hourly forgets failures when the hour begins',
      'x-es': { description: 'hourly olvida las fallas al comenzar la hora' },
    }),
  ),
  severity: Type.Optional(
    severity({ description: 'Severity when down', 'x-es': { description: 'Severidad cuando está caído' } }),
  ),
  degraded_severity: Type.Optional(
    severity({ description: 'Severity when degraded', 'x-es': { description: 'Severidad cuando está degradado' } }),
  ),
  reminder: Type.Optional(
    Type.Union([Type.Literal(0), duration(), Type.Array(duration(), { minItems: 1, maxItems: 20 })], {
      title: 'Reminders',
      description: 'Waits between reminders while it lasts; the last goes on; 0 for none',
      'x-es': {
        title: 'Recordatorios',
        description: 'Esperas entre recordatorios mientras dura; la última se repite; 0 para ninguno',
      },
    }),
  ),
  notify_recovery: Type.Optional(
    Type.Boolean({ description: 'Announce recoveries', 'x-es': { description: 'Avisar de las recuperaciones' } }),
  ),
  flapping: Type.Optional(
    Type.Boolean({
      title: 'One notice while flapping',
      description: 'If not, every change is announced, however often it changes',
      'x-es': {
        title: 'Un solo aviso mientras está intermitente',
        description: 'Si no, se avisa cada cambio, por seguido que cambie',
      },
    }),
  ),
  channels: Type.Optional(
    Type.Array(name({ description: 'Channel', 'x-es': { description: 'Canal' } }), {
      title: 'Channels',
      description: 'Who is notified',
      'x-es': { title: 'Canales', description: 'A quién se avisa' },
      maxItems: 50,
    }),
  ),
}

export const preset = Type.Optional(
  Type.Union([Type.Literal('alert_servidores'), Type.Literal('connection_tester'), Type.Literal('down_detector')], {
    description: 'Documented values of an older tool',
    'x-es': { description: 'Valores documentados de una herramienta anterior' },
  }),
)

const bound = (comparison: string, unit: string, words: FieldWords) =>
  Type.Optional(Type.String({ ...words, pattern: `^${comparison} ?\\d+(\\.\\d+)?${unit}$` }))

/** A text where a table says it. */
const degrees = (words: FieldWords) =>
  Type.Optional(
    Type.Union([Type.Number(), Type.String({ minLength: 1, maxLength: 200 })], {
      ...words,
    }),
  )

const about = {
  type: Type.Optional(Type.String({ description: 'Check type', 'x-es': { description: 'Tipo de comprobación' } })),
  options: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Options of the type',
      'x-es': { description: 'Opciones del tipo' },
    }),
  ),
  target: Type.Optional(
    Type.String({
      description: 'Short form of type and options: https://example.com',
      'x-es': { description: 'Forma corta del tipo y sus opciones: https://example.com' },
      minLength: 1,
      maxLength: 8192,
    }),
  ),
  ...watching,
  preset,
  degraded: Type.Optional(
    Type.Object(
      {
        latency: bound('>=', '(ms|s)', {
          title: 'Latency',
          description: 'Of one answer, for example ">= 200ms"',
          'x-es': { title: 'Latencia', description: 'De una respuesta, por ejemplo ">= 200ms"' },
        }),
        loss: bound('>=', '%', {
          title: 'Loss',
          description: 'For example ">= 5%"; with over, of the whole window',
          'x-es': { title: 'Pérdida', description: 'Por ejemplo ">= 5%"; con over, de toda la ventana' },
        }),
        rtt_p95: bound('>=', '(ms|s)', {
          title: '95th percentile',
          description: '95 of 100 packets come back faster, in the window; for example ">= 80ms"',
          'x-es': {
            title: 'Percentil 95',
            description: '95 de 100 paquetes vuelven más rápido, en la ventana; por ejemplo ">= 80ms"',
          },
        }),
        jitter: bound('>=', '(ms|s)', {
          title: 'Jitter',
          description: 'Mean difference of packets in a row, in the window; for example ">= 30ms"',
          'x-es': {
            title: 'Jitter',
            description: 'Diferencia media de paquetes seguidos, en la ventana; por ejemplo ">= 30ms"',
          },
        }),
        over: Type.Optional(
          duration({
            title: 'Window',
            description: 'Length of the window, default 5m',
            'x-es': { title: 'Ventana', description: 'Largo de la ventana, 5m si no se indica' },
          }),
        ),
        clear: Type.Optional(
          Type.Object(
            {
              loss: bound('<', '%', {
                title: 'Loss',
                description: 'For example "< 2%"',
                'x-es': { title: 'Pérdida', description: 'Por ejemplo "< 2%"' },
              }),
              rtt_p95: bound('<', '(ms|s)', {
                title: '95th percentile',
                description: 'For example "< 60ms"',
                'x-es': { title: 'Percentil 95', description: 'Por ejemplo "< 60ms"' },
              }),
              jitter: bound('<', '(ms|s)', {
                title: 'Jitter',
                description: 'For example "< 20ms"',
                'x-es': { title: 'Jitter', description: 'Por ejemplo "< 20ms"' },
              }),
            },
            {
              additionalProperties: false,
              'x-rare': true,
              title: 'Until it counts as up again',
              description: 'It ends below this; default: four fifths',
              'x-es': {
                title: 'Hasta darlo otra vez por operativo',
                description: 'Termina por debajo de esto; si falta: cuatro quintos',
              },
            },
          ),
        ),
      },
      {
        additionalProperties: false,
        title: 'Degraded',
        description: 'Above this an answer counts as degraded',
        'x-es': { title: 'Degradado', description: 'Por encima de esto una respuesta cuenta como degradada' },
      },
    ),
  ),
  labels: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$' }),
      Type.Union([Type.String({ maxLength: 1000 }), Type.Number(), Type.Boolean()]),
      { description: 'Labels', 'x-es': { description: 'Etiquetas' } },
    ),
  ),
  description: Type.Optional(
    Type.String({
      title: 'Description',
      description: 'What it is',
      'x-es': { title: 'Descripción', description: 'Qué es' },
      maxLength: 2000,
    }),
  ),
  location: Type.Optional(
    Type.String({
      title: 'Place',
      description: 'Where it stands',
      'x-es': { title: 'Lugar', description: 'Dónde está' },
      maxLength: 500,
    }),
  ),
  lat: degrees({
    title: 'Latitude',
    description: 'Degrees, for the map: -31.42',
    'x-es': { title: 'Latitud', description: 'En grados, para el mapa: -31.42' },
  }),
  lon: degrees({
    title: 'Longitude',
    description: 'Degrees, for the map: -64.18',
    'x-es': { title: 'Longitud', description: 'En grados, para el mapa: -64.18' },
  }),
  runbook: Type.Optional(
    Type.String({
      title: 'Guide',
      description: 'Link to what to do',
      'x-es': { title: 'Guía', description: 'Enlace a qué hacer' },
      maxLength: 2000,
      'x-widget': 'line',
    }),
  ),
  parents: Type.Optional(
    Type.Array(Type.Union([Type.String({ maxLength: 200 }), Type.Array(Type.String({ maxLength: 200 }))]), {
      title: 'Depends on',
      description: 'It counts as cut off when all of these are down, or all of one group of a list of lists',
      'x-es': {
        title: 'Depende de',
        description:
          'Cuenta como incomunicado cuando todos estos están caídos, o todos los de un grupo de una lista de listas',
      },
      maxItems: 50,
    }),
  ),
  paused: Type.Optional(
    Type.Boolean({ description: 'Paused: not checked', 'x-es': { description: 'En pausa: no se comprueba' } }),
  ),
}

/** One monitor, without what only a file can say. */
export const monitorEntrySchema = Type.Object(
  {
    name: name({
      title: 'Name',
      description: 'No other monitor has it',
      'x-es': { title: 'Nombre', description: 'Ningún otro monitor lo tiene' },
    }),
    ...about,
  },
  { additionalProperties: false },
)

/** One monitor of a file, or a table of them. */
export const monitor = Type.Object(
  {
    name: Type.Optional(name({ description: 'Unique name; with from, a pattern such as "{name}"' })),
    ...about,
    use: Type.Optional(name({ description: 'Profile whose values hold where this says nothing' })),
    from: Type.Optional(
      Type.String({
        description: 'Table (CSV) that makes one monitor a row; {column} stands for its values',
        minLength: 1,
      }),
    ),
    was: Type.Optional(
      name({
        description: 'Earlier name, to keep the history',
        'x-es': { description: 'Nombre anterior, para conservar la historia' },
      }),
    ),
  },
  { additionalProperties: false },
)

/** What monitors with `use` have in common. */
export const profile = Type.Object(about, { additionalProperties: false })

export type WrittenEntry = Static<typeof monitor>
export type MonitorEntry = WrittenEntry & { readonly name: string }
export type ProfileEntry = Static<typeof profile>
export type Watching = Pick<MonitorEntry, keyof typeof watching | 'preset'>
