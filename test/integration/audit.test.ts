import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Json, startTestServer, type TestServer } from '../fixtures/server.ts'

describe('the audit log of what people change', () => {
  let api: TestServer
  before(async () => {
    api = await startTestServer()
  })
  after(() => api.stop())

  /** The newest lines, oldest first, without those of the tokens that the tests use. */
  const lines = async (): Promise<Json[]> =>
    (await api.get('audit?limit=1000')).items.filter(({ object }: Json) => object !== 'token').toReversed()

  it('has one line for each change, with who, what and which', async () => {
    const options = { url: 'http://localhost:1/', secret: 's3cret-of-audit' }
    const channel = (await api.post('channels', { name: 'hook', type: 'webhook', options, enabled: false })).id
    await api.patch(`channels/${channel}`, { description: 'd' })
    await api.post(`channels/${channel}/test`, {}).catch(() => undefined)
    const rule = (await api.post('rules', { name: 'watch', type: 'watch', resolve_after: null })).id
    await api.patch(`rules/${rule}`, { severity: 'LOW' })
    const monitor = (await api.post('monitors', { name: 'm', target: 'tcp://127.0.0.1:1', paused: true })).id
    await api.patch(`monitors/${monitor}`, { interval: '1h' })
    await api.post(`monitors/${monitor}/pause`, { paused: false })
    await api.event({ type: 'watch' })
    const alert = (await api.get('alerts')).items[0].id
    await api.post(`alerts/${alert}/acknowledge`, { note: 'mine' })
    await api.remove(`alerts/${alert}/acknowledge`)
    await api.post(`alerts/${alert}/resolve`)
    const quiet = { matchers: [{ name: 'subject', value: 'x' }], ends_at: '2999-01-01' }
    const silence = (await api.post('silences', quiet)).id
    await api.remove(`silences/${silence}`)
    const window = (await api.post('maintenance', { ...quiet, name: 'w' })).id
    await api.remove(`maintenance/${window}`)
    await api.patch('settings', { keep_events_days: 30 })
    await api.patch('schedules/keep-events', { every: '2h' })
    await api.post('schedules/keep-events/run')
    for (const path of [`monitors/${monitor}`, `rules/${rule}`, `channels/${channel}`]) await api.remove(path)

    const all = await lines()
    assert.deepEqual(
      all.map(({ action, object, object_id: id }) => `${action} ${object} ${id}`),
      [
        `create channel ${channel}`,
        `update channel ${channel}`,
        `test channel ${channel}`,
        `create rule ${rule}`,
        `update rule ${rule}`,
        `create monitor ${monitor}`,
        `update monitor ${monitor}`,
        `pause monitor ${monitor}`,
        `acknowledge alert ${alert}`,
        `unacknowledge alert ${alert}`,
        `resolve alert ${alert}`,
        `create silence ${silence}`,
        `delete silence ${silence}`,
        `create maintenance ${window}`,
        `delete maintenance ${window}`,
        'update setting null',
        'update schedule null',
        'run schedule null',
        `delete monitor ${monitor}`,
        `delete rule ${rule}`,
        `delete channel ${channel}`,
      ],
    )
    for (const { actor, address, at } of all) {
      assert.deepEqual([actor, address], ['token:administrator', '127.0.0.1'])
      assert.ok(Math.abs(Date.parse(at) - api.now()) < 60_000)
    }
    const detailsOf = (line: string) => all.find(({ action, object }) => `${action} ${object}` === line).details
    assert.deepEqual(detailsOf('pause monitor'), { paused: false })
    assert.deepEqual(detailsOf('update schedule'), { name: 'keep-events', every: '2h' })
    assert.equal(detailsOf('create channel').options, '(changed)')
    assert.ok(!JSON.stringify(all).includes('s3cret'))
  })

  it('has none for what was refused, only looked at, or is no change of what people set up', async () => {
    const before = (await lines()).length
    await api.request('POST', 'rules', { name: 'x' })
    await api.request('DELETE', 'rules/4711')
    await api.request('POST', 'rules', { name: 'x', type: 'x' }, { authorization: `Bearer ${api.tokens.viewer}` })
    await api.event({ type: 'x' })
    await api.post('rules/preview', { templates: {}, event: { type: 'x' } })
    await api.post('rules/backtest', { rule: { name: 'x', type: 'x' } })
    for (const list of ['rules', 'channels', 'alerts', 'settings']) await api.get(list)
    assert.equal((await lines()).length, before)
  })

  it('is for administrators', async () => {
    const operator = { authorization: `Bearer ${api.tokens.operator}` }
    assert.equal((await api.request('GET', 'audit', undefined, operator)).status, 403)
  })
})
