import type { FastifyInstance } from 'fastify'
import type { Cause } from '#core/cause/cause.ts'
import { says, toldBy } from '#core/said.ts'
import { asSentence } from '#templates/said.ts'
import { problem } from './problem.ts'
import { READING_METHODS } from './reading-methods.ts'

/** Signs of life are taken in any case, and who looks after the trouble may come and go. */
const TAKEN = /^\/(push|ping|api\/push|sign-in|sign-out)(\/|$)/

/**
 * While the store stands in memory nobody is told that something is stored: changes and events wait with their senders,
 * as they do while a store refuses.
 */
export const refuseChanges = (app: FastifyInstance, why: Cause): void => {
  const said = says(`${asSentence(why, 'en')} Try again later.`, `${asSentence(why, 'es')} Intente de nuevo más tarde.`)
  app.addHook('onRequest', async (request, reply) => {
    if (READING_METHODS.has(request.method) || TAKEN.test(request.url.split('?', 1)[0]!)) return undefined
    return problem(reply, 503, 'unavailable', said.message, undefined, toldBy(said))
  })
}
