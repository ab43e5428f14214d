import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { isPassing } from '#storage/storage-error.ts'
import { whyUnavailable } from '../unavailable.ts'

/** What is wrong with a request, as Alertmanager would answer it. */
export interface Refusal {
  readonly status: 400 | 404 | 413 | 422 | 503
  readonly message: string
  /** Alertmanager's code of what does not have the right shape; absent: it read the request and refuses it. */
  readonly code?: number
}

/** A shape that its parser would not read. */
export const unreadable = (message: string): Refusal => ({ status: 400, code: 400, message })

/** Two forms, as there: a text of its own for what was read, an object for what could not be. */
export const refuseAs = (reply: FastifyReply, { status, code, message }: Refusal): FastifyReply =>
  reply
    .status(status)
    .type('application/json')
    .send(JSON.stringify(code === undefined ? message : { code, message }))

const MESSAGES: Readonly<Record<string, readonly [status: number, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'the body is larger than 10 MB: send fewer alerts at once'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported media type, only [application/json] are allowed'],
}

/** Refusals of this scope in Alertmanager's form. */
export const addRefusals = (app: FastifyInstance, onBug: (error: unknown) => void): void => {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const known = MESSAGES[error.code]
    const status = known?.[0] ?? error.statusCode ?? 500
    const send = (code: number, message: string) =>
      reply.status(code).type('application/json').send(JSON.stringify({ code, message }))
    if (known || status < 500) return send(status, known?.[1] ?? error.message)
    if (isPassing(error)) return send(503, `${whyUnavailable(error)}; send it again`)
    onBug(error)
    return send(500, 'something went wrong here; the log of the server says what')
  })
}
