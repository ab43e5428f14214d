import type { FastifyInstance } from 'fastify'
import { type Alert, isAcknowledged } from '#core/alert/alert.ts'
import type { MonitorQuiet } from '#pipeline/decide/silence-of.ts'
import type { Services } from '../services.ts'
import { acknowledgementView, maintenanceView, silenceView } from './attention-view.ts'

/** What people did, or planned, about a monitor: what stands beside its name wherever it is shown. */
export const markView = (id: number, alert: Alert | undefined, quiet: MonitorQuiet | undefined) => ({
  id,
  alert: alert?.id ?? null,
  acknowledgement: alert ? acknowledgementView(alert) : null,
  silence: silenceView(quiet?.silence),
  maintenance: maintenanceView(quiet?.maintenance),
})

/** The most recent acknowledgement of each monitor that still holds. */
const attended = (alerts: readonly Alert[], now: number): ReadonlyMap<number, Alert> => {
  const held = alerts.filter((alert) => isAcknowledged(alert, now))
  return new Map(held.toSorted((a, b) => a.acknowledgedAt! - b.acknowledgedAt!).map((one) => [one.monitorId!, one]))
}

export const addMonitorMarkRoutes = (app: FastifyInstance, services: Services): void => {
  app.get(
    '/monitors/marks',
    { schema: { summary: 'Who takes care of which monitors, which are silenced, and which are in maintenance' } },
    async () => {
      const byMonitor = attended(await services.storage.alerts.acknowledgedOfMonitors(), services.now())
      const items = services.monitors().flatMap(({ monitor }) => {
        const alert = byMonitor.get(monitor.id)
        const quiet = services.monitorQuiet(monitor)
        return alert || quiet ? [markView(monitor.id, alert, quiet)] : []
      })
      return { items }
    },
  )
}
