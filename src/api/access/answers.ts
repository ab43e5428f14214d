import type { FastifyReply } from 'fastify'
import { iso } from '#lib/time/iso.ts'
import type { PasswordCheck } from '#operations/access/sign-in.ts'
import type { User } from '#storage/users.ts'
import { problem } from '../problem.ts'

/** Says that the password which was asked for again does not fit, or was tried too often. */
export const notConfirmed = (reply: FastifyReply, check: Exclude<PasswordCheck, { ok: true }>): FastifyReply => {
  if (check.reason !== 'locked') return problem(reply, 403, 'wrong_password', 'The present password is not right.')
  const seconds = Math.ceil(check.retryAfterMs / 1000)
  reply.header('retry-after', String(seconds))
  return problem(reply, 429, 'too_many_attempts', `Too many attempts. Try again in ${seconds} s.`)
}

/** An account without its secrets. */
export const userAnswer = ({ id, name, role, language, enabled, totpSecret, createdAt }: User) => ({
  id,
  name,
  role,
  language,
  enabled,
  totp: totpSecret !== null,
  created_at: iso(createdAt),
})
