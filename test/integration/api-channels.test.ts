import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const SECRETS = ['s3cret-header-value', 's3cret-signing-key', 's3cret-bot-token', 's3cret-path-of-slack', 's3cret-pass']

describe('channels over HTTP', () => {
  let sink: HttpSink
  let api: TestServer
  let names = 0
  beforeEach(async () => {
    sink = await createHttpSink()
  })
  afterEach(() => sink.close())
  before(async () => {
    const trusted = fileChannel('from file', 'http://127.0.0.1:1/', {
      options: { url: 'http://127.0.0.1:1/', headers: { authorization: SECRETS[0]! } },
    })
    api = await startTestServer({ wanted: { channels: [trusted], monitors: [] } })
  })
  after(() => api.stop())

  const newName = () => `channel ${++names}`
  const webhook = (options: object = {}, more: object = {}) =>
    api.post('channels', { name: newName(), type: 'webhook', options: { url: sink.url, ...options }, ...more })
  const allow = (...kinds: string[]) => api.patch('settings', { allowed_channel_targets: kinds })
  const test = (id: number): Promise<Json> => api.post(`channels/${id}/test`)

  it('keeps what was said, changes only what is named, and takes away what is set to null', async () => {
    await allow('loopback')
    const said = {
      name: newName(),
      type: 'webhook',
      description: 'd',
      enabled: false,
      options: { url: sink.url, method: 'PUT' },
      language: 'es',
      time_zone: 'America/Lima',
      texts: 'csv-tester',
      rate_limit: { count: 3, per: '1h30m' },
      urgent: 'HIGH',
      group: { by: ['site'], wait: '1m', interval: '10m' },
      quiet: { from: '22:00', to: '07:00', below: 'HIGH' },
      fallback: { to: 'from file', after: '5m' },
    }
    const made = await api.post('channels', said)
    assert.deepEqual(made, { ...said, id: made.id, locked: false, origin: null })
    assert.deepEqual(await api.get(`channels/${made.id}`), made)
    const renamed = await api.patch(`channels/${made.id}`, { name: newName(), enabled: true })
    assert.deepEqual({ ...renamed, name: '', enabled: false }, { ...made, name: '' })
    const sending = { rate_limit: null, urgent: null, group: null, quiet: null, fallback: null }
    const nothing = { ...sending, language: null, time_zone: null, texts: null }
    const bare = await api.patch(`channels/${made.id}`, { ...nothing, description: '' })
    assert.deepEqual(bare, { ...renamed, ...nothing, description: '' })
    await api.remove(`channels/${made.id}`)
    for (const method of ['GET', 'DELETE']) assert.equal((await api.request(method, `channels/${made.id}`)).status, 404)
    assert.equal((await api.request('PATCH', `channels/${made.id}`, {})).status, 404)
    assert.equal((await api.request('POST', `channels/${made.id}/test`)).status, 404)
  })

  it('names the place of what is wrong', async () => {
    const url = 'https://example.com/'
    const wrong: readonly [channel: object, path: string][] = [
      [{ type: 'pigeon' }, 'type'],
      [{ type: 'webhook', options: {} }, 'options'],
      [{ type: 'webhook', options: 5 }, 'options'],
      [{ type: 'webhook', options: null }, 'options'],
      [{ type: 'webhook', options: { url: 'ftp://x' } }, 'options.url'],
      [{ type: 'webhook', options: { url, methd: 'PUT' } }, 'options.methd'],
      [{ type: 'webhook', options: { url, headers: { host: 'x' } } }, 'options'],
      [{ type: 'webhook', options: { url, secret: '***' } }, 'options.secret'],
      [{ type: 'webhook', options: { url, headers: { 'x-token': '***' } } }, 'options.headers.x-token'],
      [{ type: 'telegram', options: { bot_token: 'a b', chat_id: '1' } }, 'options.bot_token'],
      [{ type: 'webhook', options: { url }, time_zone: 'Mars/Base' }, 'time_zone'],
      [{ type: 'webhook', options: { url }, rate_limit: { count: 0, per: '1h' } }, 'rate_limit.count'],
      [{ type: 'webhook', options: { url }, rate_limit: { count: 1, per: 'hour' } }, 'rate_limit.per'],
      [{ type: 'webhook', options: { url }, urgent: 'high' }, 'urgent'],
      [{ type: 'webhook', options: { url }, language: 'fr' }, 'language'],
      [{ type: 'webhook', options: { url }, group: { by: 'site' } }, 'group.by'],
      [{ type: 'webhook', options: { url }, group: { wait: 20 } }, 'group.wait'],
      [{ type: 'webhook', options: { url }, group: { every: '5m' } }, 'group.every'],
      [{ type: 'webhook', options: { url }, quiet: { from: '22:00' } }, 'quiet.to'],
      [{ type: 'webhook', options: { url }, quiet: { from: '22:00', to: '24:00' } }, 'quiet.to'],
      [{ type: 'webhook', options: { url }, quiet: { from: '22:00', to: '07:00', below: 'high' } }, 'quiet.below'],
      [{ type: 'webhook', options: { url }, fallback: { after: '3m' } }, 'fallback.to'],
      [{ type: 'webhook', options: { url }, fallback: { to: 'sms' } }, 'fallback.to'],
      [{ type: 'webhook', options: { url }, fallback: { to: 'wrong' } }, 'fallback.to'],
      [{ type: 'webhook', options: { url }, colour: 'red' }, 'colour'],
    ]
    for (const [channel, path] of wrong) {
      const { status, body } = await api.request('POST', 'channels', { name: 'wrong', ...channel })
      assert.deepEqual([status, body.code, body.errors[0].path], [400, 'invalid_input', path], JSON.stringify(channel))
    }
    const taken = await api.request('POST', 'channels', { name: 'from file', type: 'webhook', options: { url } })
    assert.deepEqual([taken.status, taken.body.code], [409, 'name_taken'])
  })

  it('says of a time, a choice and a fallback what would be right', async () => {
    const said = async (more: object): Promise<string> =>
      (
        await api.request('POST', 'channels', {
          name: 'wrong',
          type: 'webhook',
          options: { url: 'https://x/' },
          ...more,
        })
      ).body.detail
    assert.equal(await said({ quiet: { from: '9:00', to: '07:00' } }), 'quiet.from is not a time of day; write 22:00')
    assert.match(await said({ urgent: 'high' }), /^urgent must be one of LOW, MEDIUM, HIGH, CRITICAL$/)
    assert.match(
      await said({ fallback: { to: 'from fle' } }),
      /^fallback.to: no channel is named from fle, did you mean/,
    )
    assert.match(await said({ fallback: { to: 'wrong' } }), /cannot be its own fallback, name another channel/)
  })

  it('a fallback follows a new name, and goes with the channel it names; so do monitors', async () => {
    const third = await webhook({}, { enabled: false })
    const second = await webhook({}, { fallback: { to: third.name } })
    const first = await webhook({}, { fallback: { to: second.name } })
    const host = { name: newName(), target: 'tcp://127.0.0.1:1', channels: [third.name], interval: '1h', paused: true }
    const monitor = await api.post('monitors', host)
    const { name } = await api.patch(`channels/${third.id}`, { name: newName() })
    assert.deepEqual((await api.get(`monitors/${monitor.id}`)).channels, [name])
    assert.deepEqual((await api.get(`channels/${second.id}`)).fallback, { to: name, after: '3m' })
    const refused = await api.request('DELETE', `channels/${third.id}`)
    assert.deepEqual([refused.status, refused.body.code], [409, 'in_use'])
    assert.ok(refused.body.detail.includes(second.name))
    assert.deepEqual(refused.body.fault.code, 'used_by')
    assert.ok(refused.body.fault.facts.names.includes(second.name))
    await api.remove(`channels/${third.id}?force=true`)
    assert.equal((await api.get(`channels/${second.id}`)).fallback, null)
    assert.deepEqual((await api.get(`channels/${first.id}`)).fallback, { to: second.name, after: '3m' })
  })

  it('groups what it sends, and no more once that is taken away', async () => {
    await allow('loopback')
    const { id, group } = await webhook({}, { group: { by: ['site'], wait: '10m' } })
    assert.deepEqual(group, { by: ['site'], wait: '10m', interval: '5m' })
    await api.post('rules', { name: newName(), type: 'grouped', channels: [id] })
    const event = (site: string, subject: string) =>
      api.event({ type: 'grouped', severity: 'HIGH', subject, labels: { site } })
    const held = (count: number) =>
      until(
        async () => (await api.get(`notifications?channel=${id}&status=held`)).items.length === count,
        `${count} held ones`,
      )
    for (const subject of ['a', 'b', 'c']) await event('POP-1', subject)
    for (const subject of ['d', 'e']) await event('POP-2', subject)
    await held(5)
    assert.equal(sink.requests.length, 0)

    api.advance(600_000)
    // A timer does not hear of a clock that was set; what is new in the outbox makes it look.
    await event('POP-3', 'f')
    await until(async () => sink.requests.length === 2, 'one message for each site')
    const told = sink.requests.map(({ body }) => JSON.parse(body).items.map(({ subject }: Json) => subject))
    assert.deepEqual(told.toSorted(), [
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])

    // Its link leads to all that is open, for it is about several.
    assert.equal(JSON.parse(sink.requests[0]!.body).url, 'https://vigia.example/alerts/active')

    await held(1)
    await api.patch(`channels/${id}`, { group: null })
    await until(async () => sink.requests.length === 3, 'what was held for its group')
    await event('POP-3', 'g')
    await until(async () => sink.requests.length === 4, 'one that waits for nothing')
    const alone = sink.requests.slice(2).map(({ body }) => JSON.parse(body))
    assert.deepEqual(
      alone.map(({ reason, subject }) => [reason, subject]),
      [
        ['first', 'f'],
        ['first', 'g'],
      ],
    )
  })

  it('what a file names can be read, not changed', async () => {
    const { id, origin, options } = (await api.get('channels')).items.find(({ name }: Json) => name === 'from file')
    assert.deepEqual([origin, options.headers], ['vigia.yaml:1', { authorization: '***' }])
    for (const [method, body] of [['PATCH', { enabled: false }], ['DELETE']] as const) {
      const answer = await api.request(method, `channels/${id}`, body)
      assert.deepEqual([answer.status, answer.body.code], [409, 'owned_by_file'])
    }
  })

  it('a mail server that a channel names by hand is guarded as any other destination', async () => {
    await allow()
    const mail = (host: string, port = 25) => ({
      name: newName(),
      type: 'email',
      options: { to: ['noc@isp.example'], smtp: { host, port } },
    })
    for (const host of ['127.0.0.1', '169.254.1.1', '::1', '0.0.0.0']) {
      const { status, body } = await api.request('POST', 'channels', mail(host))
      assert.deepEqual([status, body.code], [400, 'invalid_input'], host)
      assert.match(body.detail, /loopback|link-local|unspecified/)
    }
    const { id } = await api.post('channels', mail('localhost', sink.port))
    const outcome = await test(id)
    assert.deepEqual([outcome.ok, outcome.reason], [false, 'forbidden_target'])
    assert.match(outcome.message, /administrator may allow it in the settings, or name the channel in the file/)
  })

  it('shows no secret anywhere, keeps it where the mask comes back, and stores it sealed', async (context) => {
    await allow('loopback')
    const [header, signing, token, path, password] = SECRETS as [string, string, string, string, string]
    const hook = await webhook({ headers: { authorization: `Bearer ${header}` }, secret: signing })
    assert.deepEqual(hook.options, { url: sink.url, headers: { authorization: '***' }, secret: '***' })
    const others = [
      { type: 'telegram', options: { bot_token: token, chat_id: '1' } },
      { type: 'slack', options: { webhook_url: `https://hooks.slack.com/${path}` } },
      { type: 'email', options: { to: ['a@b.example'], smtp: { host: 'mail.example', user: 'u', password } } },
    ]
    for (const other of others) await api.post('channels', { name: newName(), enabled: false, ...other })

    const kept = { url: sink.url, method: 'PUT', headers: { authorization: '***', 'x-new': 'n' }, secret: '***' }
    const changed = await api.patch(`channels/${hook.id}`, { options: kept })
    assert.deepEqual(changed.options.headers, { authorization: '***', 'x-new': '***' })
    assert.equal((await test(hook.id)).ok, true)
    const { method, headers } = sink.requests[0]!
    assert.deepEqual([method, headers.authorization, headers['x-new']], ['PUT', `Bearer ${header}`, 'n'])
    assert.ok(headers['x-vigia-signature'])

    // Also where it fails: what the far end repeats is cleaned.
    const echo = await createHttpSink({ answer: (request) => ({ status: 500, body: JSON.stringify(request.headers) }) })
    context.after(() => echo.close())
    const elsewhere = await api.request('PATCH', `channels/${hook.id}`, { options: { ...kept, url: echo.url } })
    assert.equal(elsewhere.status, 400, 'a kept secret does not follow to another server')
    const anew = { headers: { authorization: `Bearer ${header}` }, secret: signing }
    await api.patch(`channels/${hook.id}`, { options: { url: echo.url, ...anew } })
    const failed = await test(hook.id)
    assert.deepEqual([failed.ok, failed.code], [false, 500])

    for (const list of ['channels', 'audit?limit=1000', 'rules', 'types', 'openapi.json', 'notifications'])
      await api.get(list)
    const files = readdirSync(api.folder).filter((name) => name !== 'secret.key')
    const stored = files.map((name) => readFileSync(join(api.folder, name), 'latin1')).join('')
    assert.match(stored, /sealed:1:/)
    for (const secret of SECRETS) {
      assert.ok(!api.answered().includes(secret), `${secret} was answered`)
      assert.ok(!api.log().includes(secret), `${secret} was logged`)
      assert.ok(!stored.includes(secret), `${secret} stands in the store`)
    }
  })

  it('a viewer sees channels without secrets, and cannot change or try them', async () => {
    const viewer = { authorization: `Bearer ${api.tokens.viewer}` }
    assert.equal((await api.request('GET', 'channels', undefined, viewer)).status, 200)
    const { id } = (await api.get('channels')).items[0]
    for (const path of ['channels', `channels/${id}/test`])
      assert.equal((await api.request('POST', path, {}, viewer)).status, 403)
  })

  it('sends to nothing on this machine, nor to what hands out credentials, however it is written', async () => {
    await allow()
    const literal = [
      'http://127.0.0.1/',
      'http://127.1/',
      'http://2130706433/',
      'http://0x7f.0.0.1/',
      'http://0177.0.0.1/',
      'http://0.0.0.0/',
      'http://[::1]/',
      'http://[::]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:a9fe:a9fe]/',
      'http://[64:ff9b::a9fe:a9fe]/',
      'http://169.254.169.254/latest/meta-data/',
      'http://169.254.1.1/',
      'http://[fe80::1]/',
      'http://100.100.100.200/',
      'http://[fd00:ec2::254]/',
      'http://224.0.0.1/',
      'http://user:pw@127.0.0.1:80/',
    ]
    for (const url of literal) {
      const { status, body } = await api.request('POST', 'channels', {
        name: 'forbidden',
        type: 'webhook',
        options: { url },
      })
      assert.deepEqual([status, body.code, body.errors[0].path], [400, 'invalid_input', 'options'], url)
      assert.match(body.detail, /loopback|metadata|link-local|multicast|unspecified/, url)
    }
    for (const url of ['http://10.0.0.9/sms', 'http://192.168.1.1/', 'http://[fd00::1]/'])
      await api.post('channels', { name: newName(), type: 'webhook', options: { url } })
  })

  it('asks again when a name is looked up, for the rules’ messages as for a test', async () => {
    await allow()
    const { id } = await api.post('channels', {
      name: newName(),
      type: 'webhook',
      options: { url: `http://localhost:${sink.port}/` },
    })
    const refused = await test(id)
    assert.deepEqual([refused.ok, refused.kind, refused.reason], [false, 'permanent', 'forbidden_target'])
    assert.match(refused.message, /loopback.*an administrator may allow it/)
    await api.post('rules', { name: newName(), type: 'ssrf', channels: [id] })
    await api.event({ type: 'ssrf' })
    await api.delivered()
    const [notification] = (await api.get(`notifications?channel=${id}`)).items
    assert.deepEqual([notification.status, notification.failure], ['failed', 'forbidden_target'])
    assert.equal(sink.requests.length, 0)

    await allow('loopback')
    assert.equal((await test(id)).ok, true)
    assert.equal(sink.requests.length, 1)
    await allow()
    assert.equal((await test(id)).reason, 'forbidden_target')
    const operator = { authorization: `Bearer ${api.tokens.operator}` }
    const body = { allowed_channel_targets: ['loopback'] }
    assert.equal((await api.request('PATCH', 'settings', body, operator)).status, 403)
  })

  it('follows no redirect to another place', async (context) => {
    await allow('loopback')
    const secret = await createHttpSink()
    let location = ''
    const door = await createHttpSink({ answer: () => ({ status: 307, headers: { location } }) })
    context.after(() => Promise.all([secret.close(), door.close()]))
    const { id } = await webhook({ url: door.url })
    for (location of [secret.url, 'http://169.254.169.254/', `http://localhost:${secret.port}/`, '//127.0.0.1/']) {
      const refused = await test(id)
      assert.deepEqual([refused.ok, refused.reason], [false, 'bad_configuration'], location)
    }
    assert.equal(secret.requests.length, 0)
  })

  it('says how a test went, and takes no longer than it may', async () => {
    await allow('loopback')
    const { id } = await webhook()
    const fine = await test(id)
    assert.deepEqual([fine.ok, fine.code, typeof fine.duration_ms], [true, 200, 'number'])
    assert.equal(JSON.parse(sink.requests[0]!.body).reason, 'test')
    await sink.close()
    const dead = await test(id)
    assert.deepEqual([dead.ok, dead.reason], [false, 'connection_refused'])
    sink = await createHttpSink()
  })

  it('is not deleted from under a rule or a monitor, unless forced, and then nothing names it any more', async () => {
    await allow('loopback')
    const { id, name } = await webhook()
    const other = await webhook()
    const rule = await api.post('rules', { name: newName(), type: 'in use', channels: [id, other.id] })
    const host = { name: newName(), target: 'tcp://127.0.0.1:1', channels: [name], interval: '1h', paused: true }
    const monitor = await api.post('monitors', host)
    const refused = await api.request('DELETE', `channels/${id}`)
    assert.deepEqual([refused.status, refused.body.code], [409, 'in_use'])
    assert.ok(refused.body.detail.includes(rule.name) && refused.body.detail.includes(monitor.name))
    await api.remove(`channels/${id}?force=true`)
    assert.deepEqual((await api.get(`rules/${rule.id}`)).channels, [other.name])
    assert.deepEqual((await api.get(`monitors/${monitor.id}`)).channels, [])
    await api.event({ type: 'in use' })
    await api.delivered()
    assert.deepEqual((await api.get(`notifications?channel=${id}`)).items, [])
    assert.equal((await api.get(`notifications?channel=${other.id}`)).items.length, 1)
    await api.patch(`monitors/${monitor.id}`, { description: 'still editable' })
  })
})
