import type { FastifyInstance } from 'fastify'
import { mapGround } from '#operations/map.ts'
import type { Services } from '../services.ts'

/** Events that the page on security shows. */
const OF_SECURITY = ['zeek_detection', 'fail2ban_ban', 'ml_prediction', 'crowdsec_decision', 'correlation'] as const

/** What of this server is in use: the page offers the rest where it belongs, and no entry of its own. */
export const addUseRoutes = (app: FastifyInstance, { storage, ports, sources, duty, monitors }: Services): void => {
  app.get('/uses', { schema: { summary: 'Which parts of the server are in use' } }, async () => ({
    calendar: (await storage.maintenance.any()) || (await storage.maintenancePlans.list()).length > 0,
    shift: (await storage.shiftLines.any()) || duty.rota().lists.length > 0,
    duty: duty.rota().lists.length > 0,
    map:
      (await storage.places.any()) ||
      (await mapGround(storage)) !== undefined ||
      monitors().some(({ monitor }) => monitor.lat !== undefined),
    /** Ports of this machine are counted. */
    connections: ports?.latest() !== undefined,
    /** Logs of security tools are followed, or somebody has sent what they find. */
    security: sources().sources.length > 0 || (await storage.events.any(OF_SECURITY)),
  }))
}
