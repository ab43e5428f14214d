import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import type { JsonObject } from '#lib/json.ts'
import { isPassing } from '#storage/storage-error.ts'

/**
 * Answers with an error as `application/problem+json` (RFC 9457). `code` is stable, for programs; `detail` is a sentence
 * for people. `extra` stands beside them.
 */
export const problem = (
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  extra: JsonObject = {},
): FastifyReply =>
  reply
    .status(status)
    .type('application/problem+json')
    // As text, so that no schema of the route's own answers is applied to it.
    .send(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? '', status, code, detail, ...extra }))

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_input',
  413: 'too_large',
  415: 'unsupported_media_type',
}

/** Every error that no route answers itself becomes a problem; what is our fault is told to the log alone. */
export const addProblems = (app: FastifyInstance, onBug: (error: unknown) => void): void => {
  app.setNotFoundHandler((request, reply) =>
    problem(reply, 404, 'not_found', `There is nothing at ${request.url.split('?', 1)[0]}.`),
  )
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) {
      const path = error.validation && `${error.validationContext ?? ''}${error.validation[0]?.instancePath ?? ''}`
      return problem(reply, status, CODES[status] ?? 'refused', error.message, path ? { path } : {})
    }
    if (isPassing(error))
      return problem(reply, 503, 'unavailable', 'The store does not answer at present. Try again in a moment.')
    onBug(error)
    return problem(reply, 500, 'internal_error', 'Something went wrong here; the log of the server says what.')
  })
}
