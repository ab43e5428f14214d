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
    // What changes nothing leaves no line.
    await api.remove(`alerts/${alert}/acknowledge`)
    await api.post('monitors/batch', { items: [{ name: 'none', target: 5 }] })
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
    assert.deepEqual(detailsOf('pause monitor'), { name: 'm', type: 'tcp', paused: false })
    assert.deepEqual(detailsOf('update schedule'), { name: 'keep-events', every: '2h' })
    assert.equal(detailsOf('create channel').options, '(changed)')
    assert.ok(!JSON.stringify(all).includes('s3cret'))
  })

  it('names what it is about, also when it is gone, and where it leads, without a secret', async () => {
    const newest = async () => {
      const [{ action, object, details }] = (await api.get('audit?limit=1')).items
      return [`${action} ${object}`, details]
    }
    const secret = { authorization: 'Bearer s3cret-of-names' }
    const site = {
      name: 'site',
      type: 'http',
      paused: true,
      options: { url: 'https://u:s3cret-pass@a.example/x?t=s3cret-query', headers: secret },
    }
    const { id: monitor } = await api.post('monitors', site)
    const made = await newest()
    assert.deepEqual([made[0], made[1].name, made[1].target], ['create monitor', 'site', 'https://a.example/x?…'])
    await api.patch(`monitors/${monitor}`, { name: 'moved', options: { url: 'https://b.example/' } })
    assert.deepEqual(await newest(), [
      'update monitor',
      {
        name: 'moved',
        type: 'http',
        options: '(changed)',
        target: 'https://b.example',
        target_before: 'https://a.example/x?…',
        name_before: 'site',
      },
    ])
    await api.remove(`monitors/${monitor}`)
    assert.deepEqual(await newest(), ['delete monitor', { name: 'moved', type: 'http', target: 'https://b.example' }])
    await api.post('monitors/batch', { items: [{ ...site, name: 'one of many' }, 7] })
    assert.deepEqual(await newest(), ['create monitor', { dry_run: false, count: 2, names: ['one of many', null] }])

    const mail = (host: string) => ({
      to: ['noc@isp.example'],
      smtp: { host, port: 2525, user: 'u', password: 's3cret-mail' },
    })
    const { id: channel } = await api.post('channels', {
      name: 'mail',
      type: 'email',
      options: mail('a.example'),
      enabled: false,
    })
    await api.patch(`channels/${channel}`, { options: mail('b.example') })
    const [, moved] = await newest()
    assert.deepEqual(
      [moved.target, moved.target_before],
      ['noc@isp.example by b.example:2525', 'noc@isp.example by a.example:2525'],
    )
    await api.remove(`channels/${channel}?force=true`)
    assert.deepEqual(await newest(), [
      'delete channel',
      { name: 'mail', type: 'email', force: true, target: 'noc@isp.example by b.example:2525' },
    ])

    const { id: rule } = await api.post('rules', { name: 'named', type: 'ids' })
    await api.remove(`rules/${rule}`)
    assert.deepEqual(await newest(), ['delete rule', { name: 'named', type: 'ids' }])
    const quiet = { matchers: [{ name: 'site', value: 'POP-9' }], ends_at: '2999-01-01' }
    const { id: silence } = await api.post('silences', { ...quiet, comment: 'crew on site' })
    await api.remove(`silences/${silence}`)
    assert.deepEqual(await newest(), ['delete silence', { matches: 'site = POP-9', comment: 'crew on site' }])
    const { id: window } = await api.post('maintenance', { ...quiet, name: 'fibre' })
    await api.remove(`maintenance/${window}`)
    assert.deepEqual(await newest(), ['delete maintenance', { name: 'fibre', matches: 'site = POP-9' }])
    const plan = { name: 'tuesdays', matchers: quiet.matchers, cron: '0 2 * * 2', duration: '4h' }
    const { id: planned } = await api.post('maintenance/plans', plan)
    await api.remove(`maintenance/plans/${planned}`)
    assert.deepEqual(await newest(), ['delete maintenance plan', { name: 'tuesdays', matches: 'site = POP-9' }])
    await api.request('DELETE', `/alerts/api/rules/${(await api.post('rules', { name: 'older', type: 'ids' })).id}`)
    assert.deepEqual(await newest(), ['delete rule', { name: 'older', type: 'ids' }])
    const { id: token } = await api.post('tokens', { name: 'named token', role: 'viewer' })
    await api.remove(`tokens/${token}`)
    assert.deepEqual(await newest(), ['revoke token', { name: 'named token' }])
    assert.ok(!JSON.stringify((await api.get('audit?limit=1000')).items).includes('s3cret'))
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
