import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { addAlertRoutes } from './alerts.ts'
import { addChannelRoutes } from './channels.ts'
import { addEventRoutes } from './events.ts'
import { addLiveRoutes } from './live.ts'
import { addMonitorRoutes } from './monitors.ts'
import { addNotificationRoutes } from './notifications.ts'
import { addOpenApi } from './openapi.ts'
import { addQuietRoutes } from './quiets.ts'
import { addRuleRoutes } from './rules.ts'
import { addTypeRoutes } from './types.ts'

/** The native API under /api/v1: one file per word. */
export const addNativeApi = (app: FastifyInstance, services: Services, version: string): void => {
  void app.register(
    async (api) => {
      addOpenApi(api, version)
      for (const add of [
        addEventRoutes,
        addRuleRoutes,
        addAlertRoutes,
        addChannelRoutes,
        addMonitorRoutes,
        addNotificationRoutes,
        addQuietRoutes,
        addTypeRoutes,
        addLiveRoutes,
      ])
        add(api, services)
    },
    { prefix: '/api/v1' },
  )
}
