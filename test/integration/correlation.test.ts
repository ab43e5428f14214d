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
    await api.post('rules', { name: 'stories', type: 'correlation', channels: ['hook'], cooldown: '0' })
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  it('are one alert: its members are recorded and say nothing while it is open', async () => {
    const ip = '203.0.113.9'
    const story = await api.event({ type: 'correlation', ip, severity: 'HIGH', kinds: ['port_scan', 'fail2ban_ban'] })
    const member = await api.event({ type: 'zeek_detection', detection_type: 'beaconing', ip, severity: 'HIGH' })
    const other = await api.event({ type: 'zeek_detection', detection_type: 'beaconing', ip: '203.0.113.10' })
    await api.delivered()
    assert.deepEqual(
      sink.requests.map(({ body }) => JSON.parse(body).subject),
      [ip, '203.0.113.10'],
    )
    const [gathering] = (await api.get('alerts?status=firing')).items.filter(
      ({ data }: { data: { event_type: string } }) => data.event_type === 'correlation',
    )
    const { rules } = await api.explain(member)
    assert.equal(rules.at(-1).decisions[0].outcome, 'correlated')
    assert.match(rules.at(-1).why, new RegExp(`alert ${gathering.id} gathers what is said of this subject`))
    for (const id of [story, other]) assert.equal((await api.explain(id)).notifications.length, 1)

    await api.post(`alerts/${gathering.id}/resolve`, {})
    const later = await api.event({ type: 'zeek_detection', detection_type: 'dga', ip, severity: 'HIGH' })
    assert.equal((await api.explain(later)).notifications.length, 1)
  })
})
