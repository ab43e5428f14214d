import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'

/** One thing that is wrong with a request, and where. */
export interface Fault {
  /** Dotted path in the body, or the parameter's name. */
  readonly path: string
  readonly message: string
}

/**
 * Answers with an error as `application/problem+json` (RFC 9457). `code` is stable, for programs; `detail` is a sentence
 * for people; `errors` name the places.
 */
export const problem = (
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  errors?: readonly Fault[],
): FastifyReply =>
  reply
    .status(status)
    .type('application/problem+json')
    // As text, so that no schema of the route's own answers is applied to it.
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: STATUS_CODES[status] ?? '',
        status,
        code,
        detail,
        ...(errors && { errors }),
      }),
    )

/** What a thing that does not exist answers. */
export const notFound = (reply: FastifyReply, what: string): FastifyReply =>
  problem(reply, 404, 'not_found', `There is no such ${what}.`)
