import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from './problem.ts'
import type { SaveProblem } from './services.ts'

/** Who asks, by name, for what is kept of a change. */
export const actorName = (request: FastifyRequest): string =>
  (request as { actor?: { readonly name: string } }).actor?.name ?? 'local'

const STATUS: Readonly<Record<SaveProblem['code'], number>> = {
  invalid: 400,
  name_taken: 409,
  not_found: 404,
  owned_by_file: 409,
}

/** Answers with what is wrong with something that was to be saved. */
export const refuse = (reply: FastifyReply, { code, path, message }: SaveProblem): FastifyReply =>
  problem(
    reply,
    STATUS[code],
    code,
    path === '' ? message : `${path}: ${message}`,
    path === '' ? undefined : [{ path, message }],
  )
