import type { FastifyReply } from 'fastify'
import type { BanProblemCode } from '#core/ban/ban-request.ts'
import type { ProblemCode } from '#core/problem.ts'
import type { Told } from '#core/said.ts'
import { http } from '#lib/net/node-http.ts'
import { inBothLanguages } from '#templates/said.ts'

/** One thing that is wrong with a request, and where. */
export interface Fault extends Told {
  /** Dotted path in the body, or the parameter's name. */
  readonly path: string
  readonly message: string
}

/** Why a request is refused; programs, and the page in its languages, go by it. */
export type ApiProblemCode =
  | ProblemCode
  | BanProblemCode
  | 'bad_address'
  | 'bad_json'
  | 'bad_request'
  | 'cross_site'
  | 'forbidden'
  | 'internal_error'
  | 'key_reused'
  | 'not_passive'
  | 'passive'
  | 'too_long'
  | 'too_many_attempts'
  | 'totp_exists'
  | 'totp_not_begun'
  | 'unauthorized'
  | 'unavailable'
  | 'unsupported_encoding'
  | 'unsupported_media_type'
  | 'wrong_code'
  | 'wrong_password'

/**
 * Answers with an error as `application/problem+json` (RFC 9457). `code` is stable, for programs; `detail` is a sentence
 * for people; `errors` name the places. `told` is of the whole: what `code` alone does not say.
 */
export const problem = (
  reply: FastifyReply,
  status: number,
  code: ApiProblemCode,
  detail: string,
  errors?: readonly Fault[],
  told: Told = {},
): FastifyReply =>
  reply
    .status(status)
    .type('application/problem+json')
    // As text, so that no schema of the route's own answers is applied to it.
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: http.STATUS_CODES[status] ?? '',
        status,
        code,
        detail,
        ...(errors && { errors: errors.map(inBothLanguages) }),
        ...inBothLanguages(told),
      }),
    )

/** What a thing that does not exist answers. */
export const notFound = (reply: FastifyReply, what: string): FastifyReply =>
  problem(reply, 404, 'not_found', `There is no such ${what}.`)
