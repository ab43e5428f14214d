import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'

/** What of this server is in use: the page offers the rest where it belongs, and no entry of its own. */
export const addUseRoutes = (app: FastifyInstance, { storage }: Services): void => {
  app.get('/uses', { schema: { summary: 'Which parts of the server are in use' } }, async () => ({
    calendar: (await storage.maintenance.any()) || (await storage.maintenancePlans.list()).length > 0,
    shift: await storage.shiftLines.any(),
  }))
}
