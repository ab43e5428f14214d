import type { FastifyInstance } from 'fastify'
import { isPassing } from '#storage/storage-error.ts'
import type { Services } from '../services.ts'
import { createAlertBook } from './alert-book.ts'
import { addAlerts, receiversOf } from './alerts.ts'
import { addRefusals } from './answers.ts'
import { addSilences } from './silences.ts'

const EXPIRE_EVERY_MS = 1000
/** A configuration that Alertmanager's tools can read: who is told, and when, is in the rules of this server. */
const CONFIG = 'route:\n  receiver: vigia\nreceivers:\n- name: vigia\n'

/**
 * Alertmanager's API, version 2, as far as Prometheus and amtool use it: alerts that Prometheus sends become events of
 * type `prometheus_alert`; silences are those of this server.
 */
export const addAlertmanager = (
  app: FastifyInstance,
  services: Services,
  version: string,
  onBug: (error: unknown) => void,
): void => {
  const { storage, now, timers, ingest } = services
  const book = createAlertBook({ now, ingest, events: async (filter) => (await storage.events.page(filter)).items })
  const startedAt = new Date(now()).toISOString()
  let expiring: Promise<void> | undefined
  const expire = () => {
    expiring ??= book
      .expire()
      // What cannot be stored now has ended a second later too.
      .catch((error) => (isPassing(error) ? undefined : onBug(error)))
      .finally(() => {
        expiring = undefined
      })
  }

  void app.register(
    async (api) => {
      addRefusals(api, onBug)
      addAlerts(api, services, book)
      addSilences(api, services)
      api.get('/receivers', async () => receiversOf(services.channels()))
      api.get('/status', async () => ({
        cluster: { name: '', status: 'disabled', peers: [] },
        config: { original: CONFIG },
        uptime: startedAt,
        versionInfo: { version, branch: '', revision: '', buildDate: '', buildUser: '', goVersion: '' },
      }))
      const timer = timers.every(EXPIRE_EVERY_MS, expire)
      api.addHook('onClose', async () => {
        timers.clear(timer)
        await expiring
      })
    },
    { prefix: '/api/v2' },
  )
}
