import { createHmac } from 'node:crypto'
import { because } from '#core/cause/cause.ts'
import { defineChannel } from '#core/channel.ts'
import type { Message } from '#core/message/message.ts'
import { type Said, says } from '#core/said.ts'
import { type Static, Type } from '#lib/schema.ts'
import { deliver, type HttpAnswer, type Reading, succeeds } from './http/http.ts'
import { checkHeaders, headerSecrets, lowerCase, NO_URL } from './http/http-headers.ts'
import {
  checkTemplate,
  fillHeader,
  fillTemplate,
  fillUrl,
  fixedParts,
  isTemplate,
  withoutFields,
} from './text/body-template.ts'
import { transient } from './text/outcome.ts'

const options = Type.Object(
  {
    url: Type.String({
      title: 'URL',
      description:
        'Where the message is sent. Path and query may hold fields of the message, as in /sms?text={{ message }}.',
      'x-es': {
        title: 'URL',
        description:
          'Adónde se envía el mensaje. La ruta y los parámetros pueden llevar campos del mensaje, como en /sms?text={{ message }}.',
      },
      pattern: '^https?://',
      'x-login': true,
      maxLength: 2000,
    }),
    method: Type.Optional(
      Type.Enum(['POST', 'PUT', 'PATCH', 'GET'], {
        title: 'Method',
        description: 'POST by default. GET sends no body: its fields stand in the URL.',
        'x-es': {
          title: 'Método',
          description: 'POST si no se indica. GET no envía cuerpo: sus campos van en la URL.',
        },
        default: 'POST',
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String({ 'x-secret': true, maxLength: 8000 }), {
        title: 'Headers',
        description: 'Further headers, for example Authorization. They may hold fields of the message.',
        'x-es': {
          title: 'Encabezados',
          description: 'Otros encabezados, por ejemplo Authorization. Pueden llevar campos del mensaje.',
        },
        maxProperties: 50,
      }),
    ),
    body: Type.Optional(
      Type.String({
        title: 'Body',
        description:
          'Text with fields of the message as {{ subject }} or {{ labels.site }}. Without it, the whole message as JSON.',
        'x-es': {
          title: 'Cuerpo',
          description:
            'Texto con campos del mensaje como {{ subject }} o {{ labels.site }}. Sin él, el mensaje completo como JSON.',
        },
        maxLength: 100_000,
        'x-widget': 'textarea',
      }),
    ),
    expect: Type.Optional(
      Type.String({
        title: 'Expected answer',
        description:
          'Text that the answer contains when the message was taken, for services that answer 200 to everything: "errcode":0. Without it the status decides.',
        'x-es': {
          title: 'Respuesta esperada',
          description:
            'Texto que contiene la respuesta cuando el mensaje fue aceptado, para servicios que responden 200 a todo: "errcode":0. Sin él decide el código de estado.',
        },
        minLength: 1,
        maxLength: 1000,
      }),
    ),
    secret: Type.Optional(
      Type.String({
        title: 'Signing secret',
        description: 'Signs each request: X-Vigia-Signature is sha256= and the HMAC-SHA256 of "timestamp.body" in hex.',
        'x-es': {
          title: 'Secreto de firma',
          description:
            'Firma cada petición: X-Vigia-Signature es sha256= y el HMAC-SHA256 de "timestamp.body" en hexadecimal.',
        },
        minLength: 1,
        maxLength: 1000,
        'x-secret': true,
      }),
    ),
  },
  { additionalProperties: false },
)
type Options = Static<typeof options>

/** Of a header that is a template: what is shorter between two fields is punctuation. */
const SHORTEST_SECRET = 6

/** A body that begins as JSON does, not with a placeholder, is JSON. */
const defaultType = ({ body }: Options): string =>
  body === undefined || /^\s*(\[|\{(?!\{))/.test(body) ? 'application/json' : 'text/plain; charset=utf-8'

/** The signature covers the time too, so that a receiver can refuse a request that somebody recorded and repeats. */
const signature = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`

/** What a service that answers 200 to everything says in its own words. */
const unexpected = (answer: HttpAnswer, { expect }: Options): Reading | undefined =>
  expect === undefined || !succeeds(answer) || answer.body.includes(expect)
    ? undefined
    : transient('bad_answer', because('http_answer_not_expected', { status: answer.status }))

const requestOf = (message: Message, options: Options, now: number) => {
  const own = Object.entries(lowerCase(options.headers)).map(([name, value]) => [name, fillHeader(value, message)])
  const headers: Record<string, string> = { 'content-type': defaultType(options), ...Object.fromEntries(own) }
  const timestamp = String(Math.floor(now / 1000))
  const { method = 'POST' } = options
  const body =
    options.body === undefined ? JSON.stringify(message) : fillTemplate(options.body, message, headers['content-type']!)
  const sent = method === 'GET' ? '' : body
  const signed =
    options.secret === undefined
      ? {}
      : { 'x-vigia-timestamp': timestamp, 'x-vigia-signature': signature(options.secret, timestamp, sent) }
  return {
    url: fillUrl(options.url, message),
    method,
    headers: { ...headers, 'idempotency-key': message.id, ...signed },
    ...(method !== 'GET' && { body: sent }),
  }
}

/** Whatever a message holds, it goes to the same place: fields stand behind it only. */
const checkUrl = (url: string): Said | undefined => {
  const [one, other] = ['a', 'b'].map((value) => URL.parse(withoutFields(url, value)))
  if (!one || !other) return NO_URL
  const sameLogin = one.username === other.username && one.password === other.password
  if (one.origin !== other.origin || !sameLogin)
    return says(
      'url: fields may stand in the path and the query only',
      'url: los campos solo pueden estar en la ruta y los parámetros',
    )
  return checkTemplate(url, 'url')
}

const checkOwnHeaders = (headers: Options['headers'] = {}): Said | undefined =>
  checkHeaders(headers) ??
  Object.entries(headers)
    .map(([name, value]) => checkTemplate(value, `headers: ${JSON.stringify(name)}`))
    .find((fault) => fault !== undefined)

const checkBody = ({ body, method }: Options): Said | undefined => {
  if (body === undefined) return undefined
  if (method === 'GET')
    return says(
      'body: GET sends none; write fields into the URL, as ?text={{ message }}, or take another method',
      'body: GET no envía ninguno; escriba los campos en la URL, como ?text={{ message }}, o use otro método',
    )
  return checkTemplate(body)
}

/** What of a filled header belongs to the message may be shown. */
const secretsOf = ({ headers = {}, secret }: Options): string[] => {
  const fixed = Object.values(headers).flatMap((value) => (isTemplate(value) ? fixedParts(value) : []))
  const parts = fixed.map((part) => part.trim()).filter((part) => part.length >= SHORTEST_SECRET)
  return [
    ...headerSecrets(headers),
    ...headerSecrets(Object.fromEntries(parts.entries())),
    ...(secret === undefined ? [] : [secret]),
  ]
}

/** Any HTTP address: the message as JSON, or a text of one's own. */
export const webhook = defineChannel({
  name: 'webhook',
  title: 'Webhook',
  'x-es': { title: 'Webhook' },
  options,
  audience: 'machines',
  concurrency: 4,
  // The path often holds a token, so only the place is shown.
  describe: ({ url }) => {
    const parsed = URL.parse(url)
    return parsed === null ? 'webhook' : `${parsed.origin}/…`
  },
  check: (options) => checkUrl(options.url) ?? checkOwnHeaders(options.headers) ?? checkBody(options),
  send: ({ message }, options, context) =>
    deliver(
      {
        ...requestOf(message, options, context.now()),
        secrets: secretsOf(options),
        followRedirects: true,
      },
      context,
      (answer) => unexpected(answer, options),
    ),
})
