import type { FastifyReply } from 'fastify'
import type { SaveProblem } from '#core/saved.ts'
import { problem } from './problem.ts'

const STATUS: Readonly<Record<SaveProblem['code'], number>> = {
  invalid_input: 400,
  name_taken: 409,
  not_found: 404,
  owned_by_file: 409,
  in_use: 409,
}

/** Answers with what is wrong with something that was to be saved. */
export const refuse = (reply: FastifyReply, { code, path, message }: SaveProblem): FastifyReply =>
  problem(
    reply,
    STATUS[code],
    code,
    // Some messages name their place themselves.
    path === '' || message.startsWith(path) ? message : `${path}: ${message}`,
    path === '' ? undefined : [{ path, message }],
  )
