import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

describe("Alertmanager's API", () => {
  let api: TestServer
  let sink: HttpSink
  before(async () => {
    sink = await createHttpSink()
    api = await startTestServer({ wanted: { channels: [fileChannel('hook', sink.url)], monitors: [] } })
    await api.patch('settings', { allowed_channel_targets: ['loopback'] })
    await api.post('rules', { name: 'prometheus', type: 'prometheus_alert', channels: ['hook'] })
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  const at = (ahead: number) => new Date(api.now() + ahead).toISOString()
  const send = (alerts: unknown, token?: string) =>
    api.request('POST', '/api/v2/alerts', alerts, token ? { authorization: `Bearer ${token}` } : {})
  const firing = (labels: object, more: object = {}) => ({ labels, endsAt: at(4 * MINUTE), ...more })
  const eventsOf = async (alertname: string): Promise<Json[]> =>
    (await api.get('events?type=prometheus_alert&limit=1000')).items.filter((one: Json) => one.alertname === alertname)
  const statusesOf = async (alertname: string) => (await eventsOf(alertname)).map(({ status }) => status).toReversed()
  const told = (subject: string) =>
    sink.requests.map(({ body }) => JSON.parse(body)).filter((one) => one.subject === subject)

  it('makes an event of an alert, tells it, and tells its end', async () => {
    const labels = { alertname: 'HighLoad', instance: 'node-1:9100', severity: 'critical', job: 'node' }
    const annotations = { summary: 'load is 12' }
    const alert = { ...firing(labels), annotations, startsAt: at(-3 * 60 * MINUTE), generatorURL: 'http://prom/graph' }
    assert.equal((await send([alert])).status, 200)
    const [event] = await eventsOf('HighLoad')
    assert.deepEqual(
      [event.severity, event.subject, event.instance, event.summary, event.status, event.fingerprint.length],
      ['CRITICAL', 'node-1:9100', 'node-1:9100', 'load is 12', 'firing', 16],
    )
    assert.deepEqual([event.labels, event.annotations], [labels, annotations])
    await api.delivered()
    const [first] = told('node-1:9100')
    assert.deepEqual(
      [first.reason, first.severity, first.cause, first.labels],
      ['first', 'CRITICAL', 'load is 12', labels],
    )
    assert.equal(first.since, alert.startsAt)
    assert.match(first.message, /^CRITICAL HighLoad node-1:9100 /)

    for (let again = 0; again < 3; again++)
      assert.equal(
        (await send([{ ...alert, annotations: { summary: `load is 1${again}` }, endsAt: at(5 * MINUTE) }])).status,
        200,
      )
    assert.equal((await eventsOf('HighLoad')).length, 1)
    const [shown] = (await api.request('GET', '/api/v2/alerts?filter=alertname="HighLoad"')).body
    assert.deepEqual(
      [shown.annotations.summary, shown.status.state, shown.receivers],
      ['load is 12', 'active', [{ name: 'hook' }]],
    )

    assert.equal((await send([{ ...alert, endsAt: at(-SECOND) }])).status, 200)
    assert.equal((await send([{ ...alert, endsAt: at(-SECOND) }])).status, 200)
    assert.deepEqual(await statusesOf('HighLoad'), ['firing', 'resolved'])
    await api.delivered()
    assert.deepEqual(
      told('node-1:9100').map(({ reason }) => reason),
      ['first', 'resolved'],
    )
    assert.ok(told('node-1:9100')[1].duration_ms > 2.9 * 60 * MINUTE)
  })

  it('lets nobody else end an alert of it by what he posts', async () => {
    const alert = firing({ alertname: 'Posted', instance: 'node-7:9100' })
    assert.equal((await send([alert])).status, 200)
    const [{ fingerprint }] = (await eventsOf('Posted')) as [Json]
    const posted = { type: 'prometheus_alert', severity: 'HIGH', subject: 'node-7:9100', fingerprint }
    await api.event({ ...posted, status: 'resolved' })
    const openOf = async () =>
      (await api.get('alerts?status=firing')).items.filter(({ subject }: Json) => subject === 'node-7:9100').length
    assert.equal(await openOf(), 1)
    // He has an alert of his own, and ends that.
    await api.event({ ...posted, status: 'firing' })
    assert.equal(await openOf(), 2)
    await api.event({ ...posted, status: 'resolved' })
    assert.equal(await openOf(), 1)
    assert.equal((await send([{ ...alert, endsAt: at(-SECOND) }])).status, 200)
    assert.equal(await openOf(), 0)
  })

  it('tells two alerts of one instance apart', async () => {
    const [one, other] = ['Disk', 'Memory'].map((alertname) => firing({ alertname, instance: 'node-2' }))
    await send([one, other])
    await send([{ ...one, endsAt: at(-1) }])
    const open = (await api.get('alerts?status=firing')).items.filter((alert: Json) => alert.subject === 'node-2')
    assert.deepEqual(
      open.map((alert: Json) => alert.data?.alertname ?? alert.alertname),
      ['Memory'],
    )
  })

  it('takes the severity from the label', async () => {
    const words = ['critical', 'page', 'error', 'warning', 'info', 'none', 'strange', undefined]
    await send(
      words.map((severity, n) => firing({ alertname: 'Severities', n: String(n), ...(severity && { severity }) })),
    )
    const events = (await eventsOf('Severities')).toSorted((a, b) => Number(a.n) - Number(b.n))
    assert.deepEqual(
      events.map(({ severity }) => severity),
      ['CRITICAL', 'CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'LOW', 'MEDIUM', 'MEDIUM'],
    )
  })

  it('ends what is not sent again, and lets last what is', async () => {
    await send([firing({ alertname: 'Left' }), firing({ alertname: 'Kept' }), { labels: { alertname: 'NoEnd' } }])
    for (const minutes of [3, 6]) {
      api.advance(3 * MINUTE)
      await send([firing({ alertname: 'Kept' })])
      assert.ok(minutes)
    }
    await until(async () => (await statusesOf('NoEnd')).length === 2, 'the end of what was not sent again')
    assert.deepEqual(await statusesOf('Left'), ['firing', 'resolved'])
    assert.deepEqual(await statusesOf('NoEnd'), ['firing', 'resolved'])
    assert.deepEqual(await statusesOf('Kept'), ['firing'])
    const { body } = await api.request('GET', '/api/v2/alerts?filter=alertname=Kept')
    assert.equal(body.length, 1)
  })

  it('does not end by time what its source holds open', async () => {
    await send([firing({ alertname: 'Long', instance: 'long' })])
    for (let quarter = 0; quarter < 30; quarter++) {
      api.advance(4 * MINUTE - SECOND)
      await send([firing({ alertname: 'Long', instance: 'long' })])
    }
    const { items } = await api.get('alerts?subject=long')
    assert.deepEqual(
      items.map((alert: Json) => alert.status),
      ['open'],
    )
  })

  it('is silenced by amtool’s silences, which stand among ours', async () => {
    const silence = {
      matchers: [
        { name: 'alertname', value: 'Loud.*', isRegex: true },
        { name: 'severity', value: 'critical', isRegex: false, isEqual: true },
        { name: 'zone', value: 'b', isRegex: false, isEqual: false },
      ],
      startsAt: at(-MINUTE),
      endsAt: at(60 * MINUTE),
      createdBy: 'me',
      comment: 'crew on site',
    }
    const made = await api.request('POST', '/api/v2/silences', silence)
    assert.equal(made.status, 200)
    const id = made.body.silenceID
    await send([
      firing({ alertname: 'LoudOne', instance: 'quiet', severity: 'critical', zone: 'a' }),
      firing({ alertname: 'LoudOne', instance: 'heard', severity: 'critical', zone: 'b' }),
    ])
    await until(async () => told('heard').length === 1, 'the alert that no silence covers')
    await api.delivered()
    assert.equal(told('quiet').length, 0)
    const shown = (await api.request('GET', '/api/v2/alerts?filter=instance=quiet')).body
    assert.deepEqual([shown[0].status.state, shown[0].status.silencedBy], ['suppressed', [id]])
    assert.deepEqual((await api.request('GET', '/api/v2/alerts?silenced=false&filter=instance=quiet')).body, [])

    const listed = (await api.request('GET', `/api/v2/silence/${id}`)).body
    assert.deepEqual([listed.status.state, listed.createdBy, listed.matchers[1]], ['active', 'me', silence.matchers[1]])
    assert.equal((await api.get('silences')).items[0].comment, 'crew on site')
    const other = await api.request('POST', '/api/v2/silences', { ...silence, id, comment: 'longer' })
    assert.notEqual(other.body.silenceID, id)
    assert.equal((await api.request('GET', `/api/v2/silence/${id}`)).body.status.state, 'expired')
    assert.equal((await api.request('DELETE', `/api/v2/silence/${other.body.silenceID}`)).status, 200)
    await until(async () => told('quiet').length === 1, 'what the silence held back')
    assert.equal((await api.request('DELETE', '/api/v2/silence/x')).status, 422)
    assert.equal((await api.request('DELETE', '/api/v2/silence/0b1f1c1e-0000-4000-8000-000000000001')).status, 404)
    const { items } = await api.get('audit?limit=5')
    assert.ok(items.some((entry: Json) => entry.object === 'silence' && entry.action === 'delete'))
  })

  it('asks for a token that may change things', async () => {
    const alerts = [firing({ alertname: 'Unasked' })]
    assert.equal((await fetch(`${api.url}/api/v2/alerts`)).status, 401)
    assert.equal((await send(alerts, 'nonsense')).status, 401)
    assert.equal((await send(alerts, api.tokens.viewer)).status, 403)
    assert.equal((await send(alerts, api.tokens.operator)).status, 200)
    assert.equal((await eventsOf('Unasked')).length, 1)
  })

  it('takes the sound alerts of a broken batch and says what is wrong with the rest', async () => {
    const batch = [
      firing({ alertname: 'Sound' }),
      firing({}),
      firing({ 'bad-name!': 'x' }),
      firing({ alertname: '', other: '' }),
      { ...firing({ alertname: 'Backwards' }), startsAt: at(MINUTE), endsAt: at(0) },
    ]
    const answer = await send(batch)
    assert.equal(answer.status, 400)
    assert.equal(
      answer.body,
      'at least one label pair required; invalid label set: invalid name "bad-name!"; at least one label pair required; start time must be before end time',
    )
    assert.equal((await eventsOf('Sound')).length, 1)
    assert.equal((await eventsOf('Backwards')).length, 0)
  })

  it('takes dates of any age', async () => {
    const alert = (alertname: string, more: object) => ({ labels: { alertname }, ...more })
    const answer = await send([
      alert('Ancient', { startsAt: '1970-01-01T00:00:00Z', endsAt: at(MINUTE) }),
      alert('Eternal', { startsAt: at(0), endsAt: '9999-12-31T23:59:59.999999999+01:00' }),
      alert('Ahead', { startsAt: '2999-01-01T00:00:00Z', endsAt: '2999-01-02T00:00:00Z' }),
      alert('Over', { startsAt: '1999-01-01T00:00:00Z', endsAt: '1999-01-02T00:00:00Z' }),
      alert('Zero', { startsAt: '0001-01-01T00:00:00Z', endsAt: '0001-01-01T00:00:00Z' }),
    ])
    assert.equal(answer.status, 200)
    for (const name of ['Ancient', 'Eternal', 'Ahead', 'Zero'])
      assert.deepEqual(await statusesOf(name), ['firing'], name)
    assert.deepEqual(await statusesOf('Over'), [])
  })

  it('refuses what is no batch, and keeps a bound on its size', async () => {
    for (const [body, status] of [
      ['nope', 400],
      ['{}', 400],
      ['[null]', 400],
      ['[{}]', 422],
      ['[{"labels":{"a":1}}]', 400],
      ['[{"labels":["a"]}]', 400],
      ['[{"labels":{"a":"b"},"startsAt":"yesterday"}]', 400],
      ['[{"labels":{"a":"b"},"endsAt":12}]', 400],
      ['[]', 200],
    ] as const)
      assert.equal((await send(body)).status, status, body)
    const large = (size: number) => JSON.stringify([{ labels: { alertname: 'Large', text: 'x'.repeat(size) } }])
    assert.equal((await send(large(11 * 1024 * 1024))).status, 413)
    assert.equal((await send(large(70_000))).status, 400)
    const padding = ' '.repeat(9 * 1024 * 1024)
    assert.equal((await send(`${padding}${JSON.stringify([firing({ alertname: 'Padded' })])}`)).status, 200)
    const many = Array.from({ length: 20_001 }, (_, n) => firing({ alertname: 'Many', n: String(n) }))
    const refused = await send(many)
    assert.equal(refused.status, 503)
    assert.equal((await eventsOf('Many')).length, 0)
  })

  it('answers what tools ask', async () => {
    const { body: status } = await api.request('GET', '/api/v2/status')
    assert.deepEqual([status.cluster.status, typeof status.versionInfo.version], ['disabled', 'string'])
    assert.deepEqual((await api.request('GET', '/api/v2/receivers')).body, [{ name: 'hook' }])
    assert.equal((await api.request('GET', '/api/v2/alerts?filter=a%20b')).status, 400)
    assert.equal((await api.request('GET', '/api/v2/alerts?receiver=(')).status, 400)
    assert.deepEqual((await api.request('GET', '/api/v2/alerts?receiver=nobody')).body, [])
  })

  it('tells the end by a rule for everything, too, unless that is not wanted', async () => {
    const paths = ['default', 'off', 'on'] as const
    for (const [index, path] of paths.entries()) {
      const { id } = await api.post('channels', {
        name: path,
        type: 'webhook',
        options: { url: `${sink.url}/${path}` },
      })
      const wish = index === 0 ? {} : { notify_recovery: path === 'on' }
      const conditions = { alertname: '== Everything' }
      await api.post('rules', { name: path, type: 'custom', channels: [id], conditions, cooldown: '0', ...wish })
    }
    const alert = firing({ alertname: 'Everything', instance: 'any-1' })
    assert.equal((await send([alert])).status, 200)
    await api.delivered()
    assert.equal((await send([{ ...alert, endsAt: at(-SECOND) }])).status, 200)
    await api.delivered()
    const reasons = (path: string) =>
      sink.requests.filter((one) => one.path === `/${path}`).map(({ body }) => JSON.parse(body).reason)
    assert.deepEqual(paths.map(reasons), [['first', 'resolved'], ['first'], ['first', 'resolved']])
  })
})
