import { because } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import { defineChannel, type SendContext } from '#core/channel.ts'
import type { Rendered } from '#core/message/message.ts'
import { says } from '#core/said.ts'
import { vapidAuthorization } from '#lib/net/vapid.ts'
import { type Static, Type } from '#lib/schema.ts'
import { deliver, type HttpAnswer, type Reading } from '../http/http.ts'
import { permanent } from '../text/outcome.ts'
import { encryptPush, isPushKey, LONGEST_PUSH } from './encrypt.ts'

const options = Type.Object(
  {
    endpoint: Type.String({
      title: 'Address of the subscription',
      description: 'What the browser was given by its push service.',
      'x-es': {
        title: 'Dirección de la suscripción',
        description: 'La que el servicio de avisos le dio al navegador.',
      },
      pattern: '^https?://',
      maxLength: 2000,
      'x-secret': true,
      'x-widget': 'push-subscription',
    }),
    p256dh: Type.String({
      title: 'Key of the browser',
      description: 'Messages are encrypted with it, for this browser alone.',
      'x-es': {
        title: 'Clave del navegador',
        description: 'Con ella se cifran los mensajes, solo para este navegador.',
      },
      pattern: '^[A-Za-z0-9_-]{87}=?$',
    }),
    auth: Type.String({
      title: 'Secret of the browser',
      description: 'What the browser gave beside its key.',
      'x-es': { title: 'Secreto del navegador', description: 'Lo que el navegador dio junto con su clave.' },
      pattern: '^[A-Za-z0-9_-]{22}(==)?$',
      'x-secret': true,
    }),
  },
  { additionalProperties: false },
)
type Options = Static<typeof options>

const DAY_S = 86_400
const LONGEST_BODY = 1500

const fit = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** What the worker of the page shows; see `web/public/push-worker.js`. It is cut where a message would be too long. */
export const pushPayload = ({ message, subject, chat, language }: Rendered): Buffer => {
  const about = message.alert === null ? message.id : `alert-${message.alert}`
  const shared = { url: message.url, tag: about, severity: message.severity, language }
  const payload = (most: number) =>
    Buffer.from(JSON.stringify({ title: fit(subject, 120), body: fit(chat.detail, most), ...shared }))
  const whole = payload(LONGEST_BODY)
  return whole.length <= LONGEST_PUSH ? whole : payload(300)
}

/** A push service that knows the subscription no more will not know it again. */
const read = ({ status }: HttpAnswer): Reading | undefined => {
  if (status === 404 || status === 410)
    return permanent('not_found', because('push_gone'), helps('subscribe_the_browser_again'))
  return status === 401 || status === 403
    ? permanent('authentication_failed', because('push_not_its_key'), helps('subscribe_the_browser_again'))
    : undefined
}

const send = (rendered: Rendered, { endpoint, p256dh, auth }: Options, context: SendContext) => {
  const keys = context.vapid?.()
  if (!keys)
    return Promise.resolve({ ok: false, ...permanent('key_missing', because('web_push_key_missing')) } as const)
  const { message } = rendered
  const body = encryptPush(pushPayload(rendered), {
    publicKey: Buffer.from(p256dh, 'base64url'),
    auth: Buffer.from(auth, 'base64url'),
  })
  const request = {
    url: endpoint,
    method: 'POST',
    headers: {
      authorization: vapidAuthorization(new URL(endpoint), keys.subject, keys, context.now()),
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      ttl: String(DAY_S),
      urgency: message.severity === 'HIGH' || message.severity === 'CRITICAL' ? 'high' : 'normal',
      // What of the same alert waits at the service is replaced.
      ...(message.alert !== null && { topic: `alert-${message.alert}` }),
    },
    body,
    secrets: [endpoint, new URL(endpoint).pathname.slice(1), auth],
  }
  return deliver(request, context, read)
}

/** Notifications of a browser, by its push service (RFC 8030, 8291, 8292): one channel is one browser. */
export const webPush = defineChannel({
  name: 'web_push',
  title: 'Browser notification',
  'x-es': { title: 'Notificación del navegador' },
  options,
  audience: 'people',
  concurrency: 4,
  hosts: ({ endpoint }) => [URL.parse(endpoint)?.hostname ?? ''],
  describe: ({ endpoint }) => URL.parse(endpoint)?.host ?? '…',
  check: ({ endpoint, p256dh }) =>
    URL.parse(endpoint) === null || !isPushKey(Buffer.from(p256dh, 'base64url'))
      ? says('p256dh: this is no key of a browser', 'p256dh: esto no es la clave de un navegador')
      : undefined,
  send,
})
