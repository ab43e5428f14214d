import type { FastifyReply } from 'fastify'
import type { SaveProblem } from '#core/saved.ts'

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

/** 409 is new: nothing belonged to a file. A taken name was 400, and a type that cannot send had words of its own. */
const STATUS: Readonly<Record<SaveProblem['code'], number>> = {
  invalid_input: 400,
  name_taken: 400,
  not_found: 404,
  owned_by_file: 409,
  in_use: 409,
}

/** Answers with what is wrong with something that was to be saved. */
export const refuse = (reply: FastifyReply, { code, path, message }: SaveProblem, wording: Wording): FastifyReply => {
  const place = wording.pathOf(path)
  const placed = path === '' || message.startsWith(`${path}:`) ? message : `${place}: ${message}`
  const known = { not_found: wording.missing, name_taken: wording.taken } as Partial<Record<typeof code, string>>
  return failure(reply, STATUS[code], known[code] ?? placed)
}
