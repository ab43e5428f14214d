import type { FastifyReply } from 'fastify'
import type { Problem } from '#core/problem.ts'
import { inBothLanguages } from '#templates/said.ts'
import { PROBLEM_STATUS } from '../refuse.ts'

/** A refusal as the older panel words it. */
export const failure = (reply: FastifyReply, status: number, error: string): FastifyReply =>
  reply.status(status).send({ success: false, error })

/** ISO 8601 in UTC without a zone, as the older panel wrote its naive times. */
export const olderTime = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString().slice(0, -1)

/** How the older panel speaks of one kind of thing. */
export interface Wording {
  readonly missing: string
  readonly taken: string
  /** Our path of a field in the words of the older panel. */
  readonly pathOf: (path: string) => string
}

/** 409 is new, for nothing belonged to a file; a taken name was 400. */
const STATUS: typeof PROBLEM_STATUS = { ...PROBLEM_STATUS, name_taken: 400 }

/** A message may begin with the place inside of `path` that it is about: `to: no recipient`. */
const placed = (path: string, message: string, { pathOf }: Wording): string => {
  if (path === '' || message.startsWith(path)) return message
  const [, inner, rest] = (path === 'options' && /^([a-z.]+): (.*)$/s.exec(message)) || [message, undefined, message]
  return `${pathOf(inner === undefined ? path : `${path}.${inner}`)}: ${rest}`
}

/** Answers with what is wrong with something that was to be saved: in Spanish, the panel's language, where it is said in that. */
export const refuse = (
  reply: FastifyReply,
  { code, path, message, ...told }: Problem,
  wording: Wording,
): FastifyReply => {
  const known: Partial<Record<typeof code, string>> = { not_found: wording.missing, name_taken: wording.taken }
  const said = inBothLanguages(told)['x-es']?.message ?? message
  return failure(reply, STATUS[code], known[code] ?? placed(path, said, wording))
}
