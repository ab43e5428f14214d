import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildMetrics } from './metrics.ts'
import { settingsForRestart } from './settings-for-restart.ts'

describe('settings that need a restart', () => {
  const config = (server: object = {}, metrics: Parameters<typeof buildMetrics>[0] = {}) => ({
    server: { language: 'en' as const, timeZone: 'UTC', ...server },
    metrics: buildMetrics(metrics),
  })

  it('are named as in the file', () => {
    const started = config({ port: 5000 }, { labels: ['site'] })
    const now = config({ port: 5001, trustedProxies: ['127.0.0.1'], timeZone: 'America/Lima' }, { public: true })
    assert.deepEqual(settingsForRestart(started, now), [
      'server.port',
      'server.time_zone',
      'server.trusted_proxies',
      'metrics.public',
      'metrics.labels',
    ])
  })

  it('are none where the file says the same again, or only what is taken over at once', () => {
    assert.deepEqual(settingsForRestart(config({}, {}), config({}, { modules: 'blackbox.yml' })), [])
  })
})
