import type { FastifyReply } from 'fastify'
import type { Problem } from '#core/problem.ts'
import { problem } from './problem.ts'

/** The HTTP status that each says. */
export const PROBLEM_STATUS: Readonly<Record<Problem['code'], number>> = {
  invalid_input: 400,
  name_taken: 409,
  not_found: 404,
  owned_by_file: 409,
  in_use: 409,
  too_large: 413,
  no_room: 507,
  changed_meanwhile: 409,
  key_missing: 409,
  still_failing: 409,
  not_failed: 409,
  invalid_name: 400,
  invalid_password: 400,
  last_administrator: 409,
}

/** The place and what is wrong there; many a message begins with the place already. */
const sentence = (path: string, message: string): string => {
  const [head = ''] = message.split(': ', 1)
  const named = path === head || path.endsWith(`.${head}`)
  return `${path}: ${named ? message.slice(head.length + 2) : message}`
}

/** Answers with what is wrong with something that was to be saved. */
export const refuse = (reply: FastifyReply, { code, path, message, further = [], ...told }: Problem): FastifyReply =>
  problem(
    reply,
    PROBLEM_STATUS[code],
    code,
    path === '' ? message : sentence(path, message),
    path === '' && further.length === 0
      ? undefined
      : [...(path === '' ? [] : [{ path, message, ...told }]), ...further],
    path === '' ? told : undefined,
  )
