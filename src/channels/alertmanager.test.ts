import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Message } from '#core/message/message.ts'
import { labelFingerprint } from '#lib/text/label-fingerprint.ts'
import { webhookBody } from './alertmanager.ts'

const down: Message = {
  id: '0198-abc',
  reason: 'first',
  severity: 'HIGH',
  subject: 'web',
  title: 'DOWN web · 03:12',
  message: 'DOWN web · 03:12',
  monitor: 'web',
  target: 'https://example.com',
  state: 'down',
  previous_state: 'up',
  since: '2026-03-01T03:12:04.000Z',
  cause: 'connection refused',
  labels: { site: 'POP-3' },
  rule: null,
  alert: 7,
  url: 'https://vigia.example/alerts/7',
  runbook: 'https://wiki.example/web',
}

describe("a message in Alertmanager's shape", () => {
  it('tells a monitor that is down', () => {
    const labels = { site: 'POP-3', alertname: 'MonitorState', instance: 'web', monitor: 'web', severity: 'error' }
    const annotations = {
      summary: 'DOWN web · 03:12',
      description: 'connection refused',
      target: 'https://example.com',
      runbook_url: 'https://wiki.example/web',
    }
    const body = webhookBody(down, 'pager')
    const [alert] = body.alerts
    assert.deepEqual(body, {
      version: '4',
      groupKey: '{}:{alertname="MonitorState"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'pager',
      groupLabels: { alertname: 'MonitorState' },
      commonLabels: labels,
      commonAnnotations: annotations,
      externalURL: 'https://vigia.example',
      alerts: [
        {
          status: 'firing',
          labels,
          annotations,
          startsAt: '2026-03-01T03:12:04.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'https://vigia.example/alerts/7',
          fingerprint: alert!.fingerprint,
        },
      ],
    })
  })

  it('tells its end under the same fingerprint, whatever became of its severity', () => {
    const up: Message = { ...down, reason: 'resolved', state: 'up', severity: 'CRITICAL', duration_ms: 60_000 }
    const [before, after] = [webhookBody(down, 'x'), webhookBody(up, 'x')]
    assert.deepEqual([after.status, after.alerts[0]!.status], ['resolved', 'resolved'])
    assert.equal(after.alerts[0]!.endsAt, '2026-03-01T03:13:04.000Z')
    assert.equal(after.alerts[0]!.fingerprint, before.alerts[0]!.fingerprint)
    assert.equal(after.groupKey, before.groupKey)
  })

  it('ended when it ended, whatever of it nobody saw', () => {
    const up: Message = { ...down, reason: 'resolved', state: 'up', duration_ms: 60_000, unwatched_ms: 30_000 }
    assert.equal(webhookBody(up, 'x').alerts[0]!.endsAt, '2026-03-01T03:13:34.000Z')
  })

  it('hands on what Prometheus sent as it came', () => {
    const labels = { alertname: 'HighLoad', instance: 'node-1', severity: 'page' }
    const fingerprint = labelFingerprint(labels)
    const event = {
      type: 'prometheus_alert',
      labels,
      annotations: { summary: 'load is 12' },
      fingerprint,
      generator_url: 'http://prometheus/graph',
    }
    const body = webhookBody({ ...down, monitor: null, subject: 'node-1', rule: 'all', labels, event }, 'x')
    const { startsAt: _, endsAt: __, ...alert } = body.alerts[0]!
    assert.deepEqual(alert, {
      status: 'firing',
      labels,
      annotations: { summary: 'load is 12' },
      generatorURL: 'http://prometheus/graph',
      fingerprint,
    })
  })

  it('tells each line of a digest, and firing while one is', () => {
    const item = { severity: 'LOW', since: down.since, cause: null, held: 1 } as const
    const items: Message['items'] = [
      { ...item, subject: 'a', state: 'up' },
      { ...item, subject: 'b', state: 'down' },
      { ...item, subject: 'c', state: 'down', paused: true },
      { ...item, subject: 'd', state: 'ended' },
    ]
    const body = webhookBody({ ...down, reason: 'digest', items }, 'x')
    assert.deepEqual(
      body.alerts.map(({ status, labels }) => [labels.instance, status]),
      [
        ['a', 'resolved'],
        ['b', 'firing'],
        ['c', 'resolved'],
        ['d', 'resolved'],
      ],
    )
    assert.deepEqual([body.status, body.commonLabels], ['firing', { alertname: 'MonitorState', severity: 'info' }])
  })
})
