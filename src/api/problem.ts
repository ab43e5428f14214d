import type { FastifyReply } from 'fastify'

/** One thing that is wrong with a request, and where. */
export interface Fault {
  /** Dotted path in the body, or the parameter's name. */
  readonly path: string
  readonly message: string
}

/**
 * Answers with a problem document (RFC 9457). `code` is stable and for programs, `detail` is for people.
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
    .type('application/problem+json; charset=utf-8')
    .send({ type: 'about:blank', status, code, detail, ...(errors && { errors }) })

/** What a thing that does not exist answers. */
export const notFound = (reply: FastifyReply, what: string): FastifyReply =>
  problem(reply, 404, 'not_found', `there is no such ${what}`)
