import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { addAboutRoutes } from './about.ts'
import { addAddressRoutes } from './addresses.ts'
import { addAlertBatchRoutes } from './alert-batch.ts'
import { addAlertRoutes } from './alerts.ts'
import { addBanRoutes } from './bans.ts'
import { addCalendarRoutes } from './calendar.ts'
import { addChannelRoutes } from './channels.ts'
import { addClassifierRoutes } from './classifier.ts'
import { addConfigurationRoutes } from './configuration.ts'
import { addDutyRoutes } from './duty.ts'
import { addEventRoutes } from './events.ts'
import { addFigureRoutes } from './figures.ts'
import { addImportRoutes } from './imports.ts'
import { addLiveRoutes } from './live.ts'
import { addMapRoutes } from './map.ts'
import { addMonitorBatchRoutes } from './monitor-batch.ts'
import { addMonitorCheckRoutes } from './monitor-check.ts'
import { addMonitorMarkRoutes } from './monitor-marks.ts'
import { addMonitorStripRoutes } from './monitor-strips.ts'
import { addMonitorRoutes } from './monitors.ts'
import { addNotificationRoutes } from './notifications.ts'
import { addPhraseRoutes } from './phrases.ts'
import { addPlanRoutes } from './plans.ts'
import { addPortRoutes } from './ports.ts'
import { addPushUrlRoutes } from './push-url.ts'
import { addQuietRoutes } from './quiets.ts'
import { addRuleRoutes } from './rules.ts'
import { addScheduleRoutes } from './schedules.ts'
import { addSearchRoutes } from './search.ts'
import { addSettingsRoutes } from './settings.ts'
import { addShiftRoutes } from './shift.ts'
import { addSightRoutes } from './sight.ts'
import { addSourceRoutes } from './sources.ts'
import { addTableRoutes } from './tables.ts'
import { addTestRoutes } from './tests.ts'
import { addTypeRoutes } from './types.ts'
import { addUseRoutes } from './uses.ts'
import { addWebPushRoutes } from './web-push.ts'

/** One file per word. */
const ROUTES = [
  addEventRoutes,
  addRuleRoutes,
  addAlertRoutes,
  addAlertBatchRoutes,
  addBanRoutes,
  addClassifierRoutes,
  addAddressRoutes,
  addChannelRoutes,
  addMonitorRoutes,
  addMonitorBatchRoutes,
  addMonitorCheckRoutes,
  addMonitorMarkRoutes,
  addMonitorStripRoutes,
  addPushUrlRoutes,
  addNotificationRoutes,
  addFigureRoutes,
  addPhraseRoutes,
  addPlanRoutes,
  addCalendarRoutes,
  addPortRoutes,
  addQuietRoutes,
  addScheduleRoutes,
  addSearchRoutes,
  addSettingsRoutes,
  addImportRoutes,
  addConfigurationRoutes,
  addTableRoutes,
  addShiftRoutes,
  addDutyRoutes,
  addMapRoutes,
  addWebPushRoutes,
  addSightRoutes,
  addSourceRoutes,
  addTestRoutes,
  addTypeRoutes,
  addUseRoutes,
  addLiveRoutes,
  addAboutRoutes,
]

/** The native API under /api/v1. */
export const addNativeApi = (app: FastifyInstance, services: Services): void => {
  void app.register(
    async (api) => {
      // Text is no JSON: it is refused as what it is, not as JSON that is wrong.
      api.removeContentTypeParser('text/plain')
      for (const add of ROUTES) add(api, services)
    },
    { prefix: '/api/v1' },
  )
}
