import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Attention } from '#core/alert/attention.ts'
import { isObject } from '#lib/json.ts'
import { createTimes } from '#templates/format.ts'
import {
  ACK_SPANS,
  type AckNews,
  type AckSpan,
  ackPage,
  LONGEST_NAME,
  LONGEST_NOTE,
  unknownAckPage,
} from './ack-page.ts'
import { languageOf } from './language.ts'

export interface AckOptions {
  readonly attention: Attention
  /** The alert that a token was signed for; undefined for any other text. */
  readonly alertOfToken: (token: string) => number | undefined
  readonly now: () => number
  readonly timeZone: () => string
}

const FORM_LIMIT = 16 * 1024
const SILENCE_MS = 3_600_000

/** What was typed, as one line that fits. */
const fieldOf = (fields: unknown, name: string, longest: number): string => {
  const value = isObject(fields) ? fields[name] : undefined
  if (typeof value !== 'string') return ''
  const line = value
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return [...line].slice(0, longest).join('')
}

const send = (reply: FastifyReply, status: number, html: string): FastifyReply =>
  reply
    .status(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-robots-tag', 'noindex')
    .send(html)

/**
 * `/ack/TOKEN`, for whoever was sent it. GET shows the alert and a form and changes nothing, for scanners of mail and
 * previews of chats open every link; POST acknowledges or silences.
 */
export const addAckRoutes = (app: FastifyInstance, { attention, alertOfToken, now, timeZone }: AckOptions): void => {
  type Request = FastifyRequest<{ Params: { token: string } }>

  const reader = (request: Request) => languageOf(request.headers['accept-language'])

  const show = async (
    request: Request,
    reply: FastifyReply,
    id: number | undefined,
    status = 200,
    more: { news?: AckNews; name?: string; note?: string } = {},
  ) => {
    const language = reader(request)
    const words = id === undefined ? undefined : await attention.view(id, language)
    if (!words) return send(reply, 404, unknownAckPage(language))
    return send(reply, status, ackPage({ language, words, ...more }))
  }

  const act = async (request: Request, reply: FastifyReply) => {
    const id = alertOfToken(request.params.token)
    if (id === undefined) return show(request, reply, undefined)
    const { body } = request
    const [name, note] = [fieldOf(body, 'name', LONGEST_NAME), fieldOf(body, 'note', LONGEST_NOTE)]
    if (name === '') return show(request, reply, id, 400, { news: 'name_missing', note })
    const signed = `${name} (by link)`
    const by = { actor: `link:${signed}`, name: signed, address: request.ip }
    if (fieldOf(body, 'do', 20) === 'silence') {
      const { alert, silencedUntil } = await attention.silence(by, id, SILENCE_MS)
      const times = createTimes(reader(request), timeZone(), now())
      const news = silencedUntil === undefined ? {} : { news: { silencedUntil: times.minute(silencedUntil) } }
      return show(request, reply, id, alert?.status === 'firing' ? 200 : 409, { ...news, name, note })
    }
    const asked = fieldOf(body, 'for', 10)
    const span = ACK_SPANS[(Object.hasOwn(ACK_SPANS, asked) ? asked : 'end') as AckSpan]
    const { alert } = await attention.acknowledge(by, id, { note, until: span === null ? null : now() + span })
    return show(request, reply, id, alert?.status === 'firing' ? 200 : 409, { news: 'acknowledged', name, note })
  }

  app.register(async (scope) => {
    const options = { parseAs: 'string', bodyLimit: FORM_LIMIT } as const
    scope.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    // The link itself is the key.
    const route = { config: { public: true } }
    scope.get<{ Params: { token: string } }>('/ack/:token', route, (request, reply) =>
      show(request, reply, alertOfToken(request.params.token)),
    )
    scope.post<{ Params: { token: string } }>('/ack/:token', route, act)
  })
}
