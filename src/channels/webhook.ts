import { createHmac } from 'node:crypto'
import { defineChannel } from '#core/channel.ts'
import type { Message } from '#core/message.ts'
import { type Static, Type } from '#lib/schema.ts'
import { checkTemplate, fillTemplate } from './body-template.ts'
import { deliver, type HttpAnswer, type Reading, succeeds } from './http.ts'
import { checkHeaders, headerSecrets, headersOption, lowerCase } from './http-headers.ts'
import { transient } from './outcome.ts'

const options = Type.Object(
  {
    url: Type.String({
      title: 'URL',
      description: 'Where the message is sent.',
      pattern: '^https?://',
      maxLength: 2000,
    }),
    method: Type.Optional(
      Type.Enum(['POST', 'PUT', 'PATCH', 'GET'], {
        title: 'Method',
        description: 'POST by default. GET sends no body.',
        default: 'POST',
      }),
    ),
    headers: headersOption,
    body: Type.Optional(
      Type.String({
        title: 'Body',
        description:
          'Text with fields of the message as {{ subject }} or {{ labels.site }}. Without it, the whole message as JSON.',
        maxLength: 100_000,
        'x-widget': 'textarea',
      }),
    ),
    expect: Type.Optional(
      Type.String({
        title: 'Expected answer',
        description:
          'Text that the answer contains when the message was taken, for services that answer 200 to everything: "errcode":0. Without it the status decides.',
        minLength: 1,
        maxLength: 1000,
      }),
    ),
    secret: Type.Optional(
      Type.String({
        title: 'Signing secret',
        description: 'Signs each request: X-Vigia-Signature is sha256= and the HMAC-SHA256 of "timestamp.body" in hex.',
        minLength: 1,
        maxLength: 1000,
        'x-secret': true,
      }),
    ),
  },
  { additionalProperties: false },
)
type Options = Static<typeof options>

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
    : transient('bad_answer', `Status ${answer.status}, but the answer does not contain what is expected.`)

const requestOf = (message: Message, options: Options, now: number) => {
  const headers = { 'content-type': defaultType(options), ...lowerCase(options.headers ?? {}) }
  const timestamp = String(Math.floor(now / 1000))
  const { method = 'POST' } = options
  const body =
    options.body === undefined ? JSON.stringify(message) : fillTemplate(options.body, message, headers['content-type'])
  const sent = method === 'GET' ? '' : body
  const signed =
    options.secret === undefined
      ? {}
      : { 'x-vigia-timestamp': timestamp, 'x-vigia-signature': signature(options.secret, timestamp, sent) }
  return {
    method,
    headers: { ...headers, 'idempotency-key': message.id, ...signed },
    ...(method !== 'GET' && { body: sent }),
  }
}

/** Any HTTP address: the message as JSON, or a text of one's own. */
export const webhook = defineChannel({
  name: 'webhook',
  title: 'Webhook',
  options,
  audience: 'machines',
  concurrency: 4,
  // The path often holds a token, so only the place is shown.
  describe: ({ url }) => {
    const parsed = URL.parse(url)
    return parsed === null ? 'webhook' : `${parsed.origin}/…`
  },
  check: (options) => {
    if (URL.parse(options.url) === null) return 'url: not a URL; write it as https://host/path'
    return checkHeaders(options.headers) ?? (options.body === undefined ? undefined : checkTemplate(options.body))
  },
  send: ({ message }, options, context) =>
    deliver(
      {
        url: options.url,
        ...requestOf(message, options, Date.now()),
        secrets: [...headerSecrets(options.headers), ...(options.secret === undefined ? [] : [options.secret])],
        followRedirects: true,
      },
      context,
      (answer) => unexpected(answer, options),
    ),
})
