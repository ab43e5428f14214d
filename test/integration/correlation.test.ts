import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, startTestServer, type TestServer } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

describe('several signals about one address', () => {
  let api: TestServer
  let sink: HttpSink

  before(async () => {
    sink = await createHttpSink()
    api = await startTestServer({ wanted: { channels: [fileChannel('hook', sink.url)], monitors: [] } })
    await api.post('rules', { name: 'signals', type: 'zeek_detection', channels: ['hook'], cooldown: '0' })
    await api.post('rules', { name: 'bans', type: 'fail2ban_ban', channels: ['hook'], cooldown: '0' })
    await api.post('rules', { name: 'stories', type: 'correlation', channels: ['hook'], cooldown: '0' })
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  it('are one alert with a timeline, whoever saw them, and its members say nothing while it is open', async () => {
    const ip = '203.0.113.9'
    const scan = { type: 'zeek_detection', detection_type: 'port_scan', ip, severity: 'HIGH', reason: 'a scan' }
    await api.event(scan)
    const ban = await api.event({ type: 'fail2ban_ban', ip, jail: 'sshd', severity: 'HIGH', reason: 'a ban' })
    const beacon = await api.event({ type: 'zeek_detection', detection_type: 'beaconing', ip, severity: 'CRITICAL' })
    const other = await api.event({ ...scan, ip: '203.0.113.10' })
    await api.delivered()
    const sent = sink.requests.map(({ body }) => JSON.parse(body))
    assert.deepEqual(
      sent.map(({ subject, event }) => [subject, event.type]),
      [
        [ip, 'zeek_detection'],
        [ip, 'correlation'],
        ['203.0.113.10', 'zeek_detection'],
      ],
    )
    assert.deepEqual(
      sent[1].event.timeline.map(({ reason }: { reason: string }) => reason),
      ['a scan', 'a ban'],
    )
    const [gathering] = (await api.get('alerts?status=firing')).items.filter(
      ({ data }: { data: { event_type: string } }) => data.event_type === 'correlation',
    )
    for (const member of [ban, beacon]) {
      const { rules } = await api.explain(member)
      const held = rules.find(({ decisions }: { decisions: unknown[] }) => decisions.length > 0)
      assert.equal(held.decisions[0].outcome, 'correlated')
      assert.match(held.why, new RegExp(`alert ${gathering.id} gathers what is said of this subject`))
    }
    assert.equal((await api.explain(other)).notifications.length, 1)

    await api.post(`alerts/${gathering.id}/resolve`, {})
    const later = await api.event({ type: 'zeek_detection', detection_type: 'dga', ip, severity: 'HIGH' })
    assert.equal((await api.explain(later)).notifications.length, 1)
  })
})
