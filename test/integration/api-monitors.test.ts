import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

describe('monitors over HTTP', () => {
  let sink: HttpSink
  let api: TestServer
  let names = 0
  const wanted = () => ({ channels: [fileChannel('hook', sink.url)], monitors: [fileMonitor('of the file')] })
  before(async () => {
    sink = await createHttpSink()
    api = await startTestServer({ wanted: wanted() })
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  const newName = () => `monitor ${++names}`
  const make = (entry: object = {}): Promise<Json> =>
    api.post('monitors', { name: newName(), target: 'tcp://192.0.2.1:22', paused: true, ...entry })
  const ofFile = async (): Promise<Json> =>
    (await api.get('monitors?filter=of%20the%20file')).items.find(({ name }: Json) => name === 'of the file')
  const soon = {
    interval: '300ms',
    timeout: '300ms',
    retry_interval: '300ms',
    recovery_interval: '300ms',
    failures: 1,
    successes: 1,
  }
  const stateOf = (id: number, state: string) =>
    until(async () => {
      const monitor = await api.get(`monitors/${id}`)
      return monitor.state === state && monitor
    }, `state ${state}`)

  it('makes one in the words of the file, changes what is named, and stops watching', async () => {
    const made = await make({
      interval: '1h30m',
      labels: { site: 'POP-7', rack: 3 },
      description: 'd',
      location: 'l',
      channels: ['hook'],
      failures: '3 of 5',
      reminder: ['1h', '4h'],
    })
    assert.deepEqual(
      [made.type, made.target, made.options, made.interval, made.labels, made.channels, made.origin, made.paused],
      [
        'tcp',
        '192.0.2.1:22',
        { host: '192.0.2.1', port: 22 },
        '1h30m',
        { site: 'POP-7', rack: '3' },
        ['hook'],
        null,
        true,
      ],
    )
    assert.deepEqual(await api.get(`monitors/${made.id}`), made)
    const changed = await api.patch(`monitors/${made.id}`, { interval: '2h', labels: { site: 'POP-8' } })
    assert.deepEqual(changed, { ...made, interval: '2h', labels: { site: 'POP-8' } })
    const entry = await api.get(`monitors/${made.id}/entry`)
    assert.deepEqual([entry.failures, entry.reminder, entry.interval], ['3 of 5', ['1h', '4h'], '2h'])
    const other = await api.patch(`monitors/${made.id}`, { target: 'icmp://192.0.2.9' })
    assert.deepEqual([other.type, other.target, other.interval], ['icmp', '192.0.2.9', '2h'])
    await api.remove(`monitors/${made.id}`)
    for (const [method, path, body] of [
      ['GET', ''],
      ['GET', '/entry'],
      ['GET', '/transitions'],
      ['GET', '/results'],
      ['GET', '/series'],
      ['GET', '/uptime'],
      ['DELETE', ''],
      ['PATCH', '', {}],
      ['POST', '/pause', { paused: true }],
    ] as const)
      assert.equal((await api.request(method, `monitors/${made.id}${path}`, body)).status, 404, `${method} ${path}`)
  })

  it('names the place of what is wrong', async () => {
    const target = 'tcp://192.0.2.1:22'
    const wrong: readonly [entry: unknown, path: string][] = [
      [{}, ''],
      [{ name: 'x' }, ''],
      [{ name: 5, target }, 'name'],
      [{ name: 'a\0b', target }, 'name'],
      [{ name: 'x', target: 'gopher://x' }, 'target'],
      [{ name: 'x', target, interval: 30 }, 'interval'],
      [{ name: 'x', target, interval: '99999999999d' }, 'interval'],
      [{ name: 'x', target, intervall: '30s' }, 'intervall'],
      [{ name: 'x', type: 'pigeon', options: {} }, 'type'],
      [{ name: 'x', type: 'tcp', options: { host: 'h' } }, 'options'],
      [{ name: 'x', type: 'tcp', options: { host: 'h', port: 70_000 } }, 'options.port'],
      [{ name: 'x', target, channels: ['nobody'] }, 'channels'],
      [{ name: 'x', target, labels: { site: {} } }, 'labels.site'],
      [{ name: 'x', target, severity: 'high' }, 'severity'],
      ['[]', ''],
      ['"text"', ''],
      ['null', ''],
    ]
    for (const [entry, path] of wrong) {
      const { status, body } = await api.request('POST', 'monitors', entry)
      assert.deepEqual([status, body.code], [400, 'invalid_input'], JSON.stringify(entry))
      assert.ok((body.errors?.[0].path ?? '').startsWith(path), `${JSON.stringify(entry)}: ${JSON.stringify(body)}`)
      if (path !== '' && path !== 'name') assert.ok(body.errors[0].fault?.code, JSON.stringify(body))
    }
    const none = await api.request('POST', 'monitors')
    assert.equal(none.status, 400)
    const taken = await api.request('POST', 'monitors', { name: 'of the file', target })
    assert.deepEqual([taken.status, taken.body.code], [409, 'name_taken'])
  })

  it('looks at nothing that hands out credentials unless an administrator allows it; at this machine it may', async () => {
    const forbidden = [
      'http://169.254.169.254/latest',
      'tcp://169.254.1.1:80',
      'icmp://224.0.0.1',
      'tcp://[fe80::1]:22',
    ]
    for (const target of forbidden) {
      const { status, body } = await api.request('POST', 'monitors', { name: newName(), target })
      assert.deepEqual([status, body.code], [400, 'invalid_input'], target)
      assert.match(body.detail, /metadata|link-local|multicast/)
    }
    const { id } = await make({ target: 'tcp://127.0.0.1:9' })
    const moved = await api.request('PATCH', `monitors/${id}`, { target: forbidden[0] })
    assert.equal(moved.status, 400)
    await api.patch('settings', { allowed_monitor_targets: ['link_local'] })
    await make({ target: 'tcp://169.254.1.1:80' })
  })

  it('a look by hand keeps the guards of the schedule: names, redirects and other spellings lead nowhere else', async (context) => {
    await api.patch('settings', { allowed_monitor_targets: [] })
    const host = await createHttpSink({ answer: () => ({ status: 302, headers: { location: 'http://169.254.1.1/' } }) })
    context.after(() => host.close())
    const look = async (target: string) => api.post(`monitors/${(await make({ target })).id}/check`)
    for (const target of [`${host.url}/`, 'tcp://0xa9fe0101:80', 'icmp://0xa9fe0101']) {
      const { ok, error } = await look(target)
      assert.deepEqual([ok, error?.code], [false, 'bad_address'], target)
      assert.match(error.message, /link-local: monitors made by hand do not look there/)
    }
    const own = await createHttpSink()
    context.after(() => own.close())
    assert.equal((await look(`${own.url}/`)).ok, true)
    // What was allowed once and is no more counts from then on, also where the address is the name server's.
    await api.patch('settings', { allowed_monitor_targets: ['link_local'] })
    const asking = { type: 'dns', options: { name: 'host.example', resolver: '169.254.1.1' }, target: undefined }
    const { id } = await make(asking)
    await api.patch('settings', { allowed_monitor_targets: [] })
    assert.equal((await api.post(`monitors/${id}/check`)).error?.code, 'bad_address')
    await api.patch('settings', { allowed_monitor_targets: ['link_local'] })
  })

  it('a masked secret stays with its server; another address or a weaker way asks for it anew', async (context) => {
    const [shop, other] = [await createHttpSink(), await createHttpSink()]
    context.after(() => Promise.all([shop.close(), other.close()]))
    const options = {
      url: `${shop.url}/`,
      headers: { Authorization: 'Bearer s3cret-of-a-monitor' },
      body: 's3cret body',
    }
    const { id } = await make({ type: 'http', options, target: undefined })
    const masked = { headers: { Authorization: '***' }, body: '***' }
    assert.deepEqual((await api.get(`monitors/${id}`)).options, { ...options, ...masked })
    for (const change of [
      { options: { ...masked, url: `${other.url}/` } },
      { options: { ...masked, url: shop.url.replace('127.0.0.1', 'localhost') } },
      { options: { ...masked, url: options.url, verify: false } },
      { type: 'http', options: { body: '***', url: `${other.url}/` } },
    ]) {
      const { status, body } = await api.request('PATCH', `monitors/${id}`, change)
      assert.deepEqual([status, body.code], [400, 'invalid_input'], JSON.stringify(change))
      assert.match(
        body.detail,
        /^options\.(url|verify): leads elsewhere .* write options\.(headers\.Authorization|body) out again$/,
      )
    }
    await api.patch(`monitors/${id}`, { options: { ...masked, url: `${shop.url}/b` } })
    await api.post(`monitors/${id}/check`)
    assert.equal(shop.requests.at(-1)!.headers.authorization, options.headers.Authorization)
    await api.patch(`monitors/${id}`, { options: { url: `${other.url}/`, headers: { Authorization: 'Bearer new' } } })
    await api.post(`monitors/${id}/check`)
    assert.deepEqual(
      [...new Set(other.requests.map(({ headers, body }) => `${headers.authorization} ${body}`))],
      ['Bearer new '],
    )
    const unknown = await api.request('POST', 'monitors', {
      name: newName(),
      type: 'http',
      options: { ...options, ...masked },
    })
    assert.match(unknown.body.detail, /is masked and there is none yet/)
  })

  it('what a file names belongs to it; a pause by hand holds all the same, also when the file is read again', async () => {
    const { id, origin } = await ofFile()
    assert.equal(origin, 'vigia.yaml:7')
    for (const [method, body] of [['PATCH', { interval: '5s' }], ['DELETE']] as const) {
      const answer = await api.request(method, `monitors/${id}`, body)
      assert.deepEqual([answer.status, answer.body.code], [409, 'owned_by_file'])
    }
    await api.post(`monitors/${id}/pause`, { paused: true })
    assert.equal((await ofFile()).paused, true)
    await api.server.reload(wanted())
    assert.deepEqual([(await ofFile()).id, (await ofFile()).paused], [id, true])
    await api.post(`monitors/${id}/pause`, { paused: false })
    assert.equal((await ofFile()).paused, false)
  })

  it('a pause is what was asked for last, wherever it was asked', async () => {
    const { id } = await make({ paused: false, interval: '1h' })
    const paused = async () => (await api.get(`monitors/${id}`)).paused
    await api.patch(`monitors/${id}`, { paused: true })
    assert.equal(await paused(), true)
    assert.ok(Math.abs(Date.parse((await api.get(`monitors/${id}`)).paused_since) - api.now()) < 60_000)
    await api.post(`monitors/${id}/pause`, { paused: false })
    assert.equal(await paused(), false)
    assert.equal((await api.get(`monitors/${id}`)).paused_since, undefined)
    await api.post(`monitors/${id}/pause`, { paused: true })
    await api.patch(`monitors/${id}`, { description: 'd' })
    assert.equal(await paused(), true)
    for (const body of [{}, { paused: 'yes' }, { paused: null }])
      assert.equal((await api.request('POST', `monitors/${id}/pause`, body)).status, 400)
  })

  it('watches what it is told, tells of it by its channel, and shows how it went', async (context) => {
    const host = await createHttpSink()
    context.after(() => host.close())
    const { id, name } = await make({
      target: `tcp://127.0.0.1:${host.port}`,
      paused: false,
      ...soon,
      channels: ['hook'],
      labels: { site: 'lab' },
    })
    await stateOf(id, 'up')
    await host.close()
    const down = await stateOf(id, 'down')
    assert.match(down.cause, /refused/)
    const again = await createHttpSink({ port: host.port })
    context.after(() => again.close())
    await stateOf(id, 'up')
    await api.delivered()
    const told = sink.requests.map(({ body }) => JSON.parse(body)).filter(({ monitor }) => monitor === name)
    assert.deepEqual(
      told.map(({ reason, state, labels, rule }) => [reason, state, labels, rule]),
      [
        ['first', 'down', { site: 'lab' }, null],
        ['resolved', 'up', { site: 'lab' }, null],
      ],
    )
    const { items } = await api.get(`monitors/${id}/transitions`)
    assert.deepEqual(
      items.map(({ from, to }: Json) => `${from} ${to}`),
      ['down up', 'up down', 'unknown up'],
    )
    const { uptime, down_ms: ms } = await api.get(`monitors/${id}/uptime`)
    assert.ok(uptime > 0 && uptime < 1 && ms > 0)
    const results = await until(async () => {
      const found = (await api.get(`monitors/${id}/results`)).items
      return found.length > 2 && found
    })
    assert.deepEqual([results[0].ok, results[0].code], [true, 'ok'])
    assert.equal((await api.get(`monitors/${id}/series?points=10`)).items.length > 0, true)
    const days = await api.get(`monitors/${id}/series?time_zone=America/Lima`)
    assert.equal(days.step, '1d')
    assert.equal(new Date(days.items[0].at).toISOString().slice(11), '05:00:00.000Z')
    for (const query of [
      'results?from=x',
      'results?from=2020-01-01&to=2020-02-01',
      'series?from=2020-01-02&to=2020-01-01',
      'series?points=0',
      'series?time_zone=Nowhere',
      'series?from=1990-01-01&time_zone=UTC',
      'series?points=1e9',
      'uptime?to=nonsense',
    ])
      assert.equal((await api.request('GET', `monitors/${id}/${query}`)).status, 400, query)
    await api.remove(`monitors/${id}`)
  })

  it('another target is another thing: what was known of it ends, and says why', async () => {
    const { id } = await make({
      target: 'tcp://127.0.0.1:1',
      paused: false,
      ...soon,
      channels: ['hook'],
    })
    await stateOf(id, 'down')
    await api.patch(`monitors/${id}`, { target: 'tcp://127.0.0.1:2', paused: true })
    assert.equal((await api.get(`monitors/${id}`)).state, 'unknown')
    const [alert] = (await api.get(`alerts?monitor=${id}`)).items
    assert.deepEqual([alert.status, alert.resolved_by], ['resolved', 'changed'])
  })

  it('says of which monitors nobody hears, and keeps their alerts all the same', async () => {
    const unheard = await make({ target: 'tcp://127.0.0.1:1', paused: false, ...soon, channels: [] })
    assert.equal(unheard.nobody_hears, true)
    await stateOf(unheard.id, 'down')
    const [alert] = (await api.get(`alerts?monitor=${unheard.id}`)).items
    assert.deepEqual([alert.status, alert.can_resolve, alert.next_notice_at], ['open', false, null])
    await api.patch(`monitors/${unheard.id}`, { channels: ['hook'] })
    assert.equal((await api.get(`monitors/${unheard.id}`)).nobody_hears, undefined)
    const told = async () => (await api.get(`alerts/${alert.id}`)).notifications
    const [first] = await until(async () => {
      const notifications = await told()
      return notifications.length > 0 && notifications
    }, 'a message to the channel that hears of it now')
    assert.equal(first.reason, 'first')
    await api.remove(`monitors/${unheard.id}`)
  })

  it('does not end by hand the alert of a monitor that is down', async () => {
    const { id } = await make({ target: 'tcp://127.0.0.1:1', paused: false, ...soon, channels: ['hook'] })
    await stateOf(id, 'down')
    const [alert] = (await api.get(`alerts?monitor=${id}`)).items
    const refused = await api.request('POST', `alerts/${alert.id}/resolve`)
    assert.deepEqual([refused.status, refused.body.code], [409, 'still_failing'])
    assert.equal((await api.get(`alerts/${alert.id}`)).status, 'open')
    await api.remove(`monitors/${id}`)
  })

  it('of many that are made at once, who is paused is not looked at', async () => {
    const [paused, other] = [newName(), newName()]
    const target = 'tcp://127.0.0.1:1'
    const { items } = await api.post('monitors/batch', {
      items: [
        { name: paused, target, paused: true },
        { name: other, target: 5 },
        { name: other, target },
      ],
    })
    assert.deepEqual(
      items.map(({ ok }: Json) => ok),
      [true, false, true],
    )
    for (const [one, is] of [
      [items[0], true],
      [items[2], false],
    ]) {
      assert.equal((await api.get(`monitors/${one.id}`)).paused, is)
      await api.remove(`monitors/${one.id}`)
    }
  })

  it('keeps and masks the secrets of options', async () => {
    const headers = { authorization: 'Bearer s3cret-of-monitor' }
    const made = await make({ target: undefined, type: 'http', options: { url: 'https://example.com/', headers } })
    assert.deepEqual(made.options.headers, { authorization: '***' })
    await api.patch(`monitors/${made.id}`, { options: { ...made.options, status: [204] } })
    await api.get(`monitors/${made.id}/entry`)
    const opened = api.server.monitors().find(({ monitor }) => monitor.id === made.id)!.monitor.options
    assert.deepEqual([opened.headers, opened.status], [headers, [204]])
    assert.ok(!`${api.answered()}${api.log()}`.includes('s3cret-of-monitor'))
  })

  it('an address is shown without its user and password, which stay where the mask comes back', async (context) => {
    const [shop, other] = [await createHttpSink(), await createHttpSink()]
    context.after(() => Promise.all([shop.close(), other.close()]))
    const at = (url: string, login: string) => `${url.replace('//', `//${login}@`)}/health`
    const said = `Basic ${Buffer.from('noc:s3cret-of-address').toString('base64')}`
    const { id, options } = await make({ target: at(shop.url, 'noc:s3cret-of-address') })
    assert.equal(options.url, at(shop.url, '***'))
    assert.equal((await api.get(`monitors/${id}/entry`)).options.url, at(shop.url, '***'))
    const [stored] = (await api.server.storage.monitors.list()).filter((one) => one.id === id)
    assert.match(String(stored!.options.url), /^http:\/\/sealed:1:[\w:-]+@127\.0\.0\.1:\d+\/health$/)
    const elsewhere = await api.request('PATCH', `monitors/${id}`, { options: { url: at(other.url, '***') } })
    assert.match(elsewhere.body.detail, /^options\.url: leads elsewhere .* write options\.url out again$/)
    await api.patch(`monitors/${id}`, { options: { url: at(shop.url, '***'), method: 'HEAD' } })
    await api.post(`monitors/${id}/check`)
    assert.deepEqual([shop.requests.at(-1)!.method, shop.requests.at(-1)!.headers.authorization], ['HEAD', said])
    assert.equal(other.requests.length, 0)
    const wrong = await api.request('PATCH', `monitors/${id}`, { options: { url: 'ftp://noc:s3cret-of-address@host' } })
    assert.match(wrong.body.detail, /^options\.url: ftp:\/\/\(secret\)@host does not fit/)
    assert.ok(!`${api.answered()}${api.log()}`.includes('s3cret-of-address'))
  })

  it('lists by state, text and label, in pages, and counts by label', async () => {
    for (const rack of ['1', '2', '2']) await make({ labels: { list: 'mine', rack } })
    const found = async (query: string): Promise<string[]> =>
      (await api.get(`monitors?${query}`)).items.map(({ labels }: Json) => labels.rack)
    assert.deepEqual(await found('filter=list%3Dmine'), ['1', '2', '2'])
    assert.deepEqual(await found('filter=rack%3D2'), ['2', '2'])
    assert.deepEqual(await found('filter=list%3Dmine&state=up'), [])
    const { items, next_cursor: next } = await api.get('monitors?filter=list%3Dmine&limit=2')
    assert.equal(items.length, 2)
    assert.deepEqual(await found(`filter=list%3Dmine&limit=2&cursor=${next}`), ['2'])
    const summary = (await api.get('monitors/summary?by=rack')).items
    const two = summary.find(({ value }: Json) => value === '2')
    assert.deepEqual([two.paused, two.up], [2, 0])
    for (const query of ['state=dead', 'limit=0', 'filter=%00'])
      assert.equal((await api.request('GET', `monitors?${query}`)).status, 400, query)
  })
})
