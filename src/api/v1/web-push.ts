import type { FastifyInstance } from 'fastify'
import { problem } from '../problem.ts'
import type { Services } from '../services.ts'

/** What a browser needs to subscribe to notifications of this server. */
export const addWebPushRoutes = (app: FastifyInstance, { pushKey }: Services): void => {
  app.get(
    '/web-push/key',
    { schema: { summary: 'The public key with which a browser subscribes to notifications of this server' } },
    (_, reply) => {
      const key = pushKey()
      if (key === undefined) return problem(reply, 409, 'key_missing', 'The key that signs is missing.')
      return reply.send({ key })
    },
  )
}
