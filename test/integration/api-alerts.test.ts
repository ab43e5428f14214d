import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000

describe('alerts over HTTP', () => {
  let sink: HttpSink
  let api: TestServer
  let names = 0
  before(async () => {
    sink = await createHttpSink()
    api = await startTestServer({ wanted: { channels: [fileChannel('hook', sink.url)], monitors: [] } })
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  /** A rule of a type of its own with an open alert. */
  const opened = async (rule: object = {}, event: object = {}) => {
    const type = `alert type ${++names}`
    const { id: ruleId } = await api.post('rules', { name: type, type, channels: ['hook'], ...rule })
    const again = (more: object = {}) => api.event({ type, subject: 'a', ...event, ...more })
    await again()
    const [{ id }] = (await api.get(`alerts?rule=${ruleId}&status=firing`)).items
    return { id, ruleId, type, again }
  }
  const alertOf = (id: number): Promise<Json> => api.get(`alerts/${id}`)
  const reasons = async (id: number): Promise<string[]> =>
    (await alertOf(id)).notifications.map(({ reason }: Json) => reason)
  const eventually = (id: number, expected: readonly string[]) =>
    until(async () => {
      const actual = await reasons(id)
      return actual.length >= expected.length && assert.deepEqual(actual, expected) === undefined
    }, expected.join())

  it('gathers events of one subject in one alert and counts them', async () => {
    const { id, again } = await opened({ cooldown: '1h' }, { severity: 'LOW', first: 1 })
    await again({ severity: 'HIGH', second: 2 })
    const last = await again({ severity: 'MEDIUM' })
    const alert = await alertOf(id)
    assert.deepEqual(
      [alert.status, alert.count, alert.last_event, alert.severity, alert.subject],
      ['open', 3, last, 'MEDIUM', 'a'],
    )
    // The cooldown holds repetitions back, not what is worse than people were told.
    assert.deepEqual(await reasons(id), ['first', 'repeat'])
  })

  it('does not grow with every field that events bring, and keeps the type of its event', async () => {
    const { id, again, type } = await opened({ cooldown: '1h' }, { event_type: 'mine' })
    for (const n of [1, 2, 3]) await again({ [`field ${n}`]: n, event_type: 'channel_failed', channel_id: 1 })
    assert.deepEqual((await alertOf(id)).data, { 'field 3': 3, event_type: type, channel_id: 1 })
  })

  it('sends what is known, under the id that every attempt carries', async () => {
    const { id } = await opened({}, { severity: 'CRITICAL', subject: '192.0.2.7', jail: 'sshd' })
    await api.delivered()
    const request = sink.requests.find(({ body }) => body.includes('192.0.2.7'))!
    const message = JSON.parse(request.body)
    assert.deepEqual(
      [message.reason, message.severity, message.subject, message.alert, message.event.jail, message.monitor],
      ['first', 'CRITICAL', '192.0.2.7', id, 'sshd', null],
    )
    assert.equal(message.url, `https://vigia.example/alerts/${id}`)
    const [notification] = (await alertOf(id)).notifications
    assert.equal(request.headers['idempotency-key'], notification.uid)
    assert.equal(message.id, notification.uid)
    const whole = await api.get(`notifications/${notification.id}`)
    assert.deepEqual(
      whole.attempts_made.map(({ ok, code }: Json) => [ok, code]),
      [[true, 200]],
    )
  })

  it('ends after an hour without a new event, or as long as the rule says, counted from the last one', async () => {
    const { id, again } = await opened({ resolve_after: '10m', notify_recovery: true, cooldown: '1h' })
    api.advance(9 * MINUTE)
    await again()
    api.advance(9 * MINUTE)
    await until(async () => (await alertOf(id)).status === 'open')
    const due = Date.parse((await alertOf(id)).resolves_at)
    api.advance(MINUTE)
    const alert = await until(async () => {
      const one = await alertOf(id)
      return one.status === 'resolved' && one
    })
    assert.deepEqual([alert.resolved_by, Date.parse(alert.resolved_at)], ['time', due])
    assert.deepEqual(
      alert.notifications.map(({ reason }: Json) => reason),
      ['first', 'resolved'],
    )
    const quiet = await opened({ resolve_after: '1m' })
    api.advance(MINUTE)
    await until(async () => (await alertOf(quiet.id)).status === 'resolved')
    assert.deepEqual(await reasons(quiet.id), ['first'], 'no recovery where only time ends it')
  })

  it('ends when the source says so, whatever conditions and threshold say of that event', async () => {
    const rule = { notify_recovery: true, severity: 'HIGH', conditions: { n: '> 1' } }
    const { id, again } = await opened(rule, { severity: 'HIGH', n: 2 })
    const recovery = await again({ severity: 'LOW', n: 0, status: 'resolved' })
    assert.deepEqual([(await alertOf(id)).status, (await alertOf(id)).resolved_by], ['resolved', 'recovery'])
    assert.deepEqual(await reasons(id), ['first', 'resolved'])
    assert.match((await api.explain(recovery)).rules[0].why, /ended and its end was told/)
    assert.match((await api.explain(await again({ status: 'resolved' }))).rules[0].why, /no open alert/)
  })

  it('takes strange times in an event for what they are: fields of the sender', async () => {
    const since = '2026-01-02T03:04:05Z'
    const { id, again } = await opened({ notify_recovery: true }, { since, code: 7, cause: {}, attempts: 'x' })
    await again({ since: 'yesterday', status: 'resolved' })
    assert.deepEqual(await reasons(id), ['first', 'resolved'])
    const rule = await api.post('rules', {
      name: 'posted states',
      type: 'posted_state',
      channels: ['hook'],
      notify_recovery: true,
    })
    for (const odd of ['yesterday', 1e300, null, {}]) {
      const event = { type: 'posted_state', subject: `odd ${typeof odd} ${odd}`, since: odd }
      await api.event({ ...event, state: 'firing' })
      await api.event({ ...event, state: 'resolved' })
    }
    const { items } = await api.get(`alerts?rule=${rule.id}`)
    assert.deepEqual(
      items.map(({ status, resolved_by: by }: Json) => [status, by]),
      Array(4).fill(['resolved', 'recovery']),
    )
    await api.delivered()
    assert.ok((await api.get('notifications?status=failed')).items.length === 0, api.log())
  })

  it('is ended by hand, once', async () => {
    const { id, again } = await opened({ notify_recovery: true })
    const ended = await api.post(`alerts/${id}/resolve`)
    assert.deepEqual([ended.status, ended.resolved_by, ended.next_notice_at], ['resolved', 'hand', null])
    assert.deepEqual(await reasons(id), ['first', 'resolved'])
    assert.equal((await api.request('POST', `alerts/${id}/resolve`)).status, 404)
    await again()
    assert.equal((await alertOf(id)).status, 'resolved', 'a new event opens a new alert')
  })

  it('reminds by the list of waits, numbered, until it ends', async () => {
    const { id } = await opened({ reminder: ['10m', '20m'], resolve_after: null, cooldown: '1h' })
    const expected = ['first']
    for (const minutes of [10, 20, 20]) {
      api.advance(minutes * MINUTE)
      expected.push('reminder')
      await eventually(id, expected)
    }
    await api.delivered()
    const numbers = sink.requests
      .map(({ body }) => JSON.parse(body))
      .filter(({ alert, reason }) => alert === id && reason === 'reminder')
      .map((message) => message.reminder_number)
    assert.deepEqual(numbers, [1, 2, 3])
    await api.post(`alerts/${id}/resolve`)
    assert.equal((await alertOf(id)).next_notice_at, null)
  })

  it('does not remind for a rule that was disabled', async () => {
    const { id, ruleId } = await opened({ reminder: '10m', resolve_after: null })
    await api.patch(`rules/${ruleId}`, { enabled: false })
    api.advance(10 * MINUTE)
    await until(async () => (await alertOf(id)).next_notice_at === null)
    assert.deepEqual(await reasons(id), ['first'])
  })

  it('an acknowledgement keeps reminders and repeats back until it ends', async () => {
    const { id, again } = await opened({ reminder: '10m', resolve_after: null })
    const until_ = new Date(api.now() + 30 * MINUTE).toISOString()
    const alert = await api.post(`alerts/${id}/acknowledge`, { note: 'on it', until: until_ })
    assert.equal(alert.status, 'acknowledged')
    assert.deepEqual(
      [alert.acknowledgement.by, alert.acknowledgement.note, alert.acknowledgement.until],
      ['administrator', 'on it', until_],
    )
    assert.match((await api.explain(await again())).rules[0].why, new RegExp(`acknowledged until ${until_}`))
    api.advance(20 * MINUTE)
    await until(async () => (await alertOf(id)).next_notice_at === until_)
    assert.deepEqual(await reasons(id), ['first'])
    api.advance(10 * MINUTE)
    await eventually(id, ['first', 'reminder'])
    assert.equal((await alertOf(id)).status, 'open')
  })

  it('an acknowledgement without an end holds until it is taken back, and the end is told all the same', async () => {
    const { id, again } = await opened({ reminder: '10m', resolve_after: null, notify_recovery: true })
    await api.post(`alerts/${id}/acknowledge`)
    api.advance(60 * MINUTE)
    await until(async () => (await alertOf(id)).next_notice_at === null)
    assert.match((await api.explain(await again())).rules[0].why, /acknowledged/)
    await api.remove(`alerts/${id}/acknowledge`)
    await eventually(id, ['first', 'reminder'])
    await api.post(`alerts/${id}/acknowledge`)
    await again({ status: 'resolved' })
    await eventually(id, ['first', 'reminder', 'resolved'])
    for (const [method, path] of [
      ['POST', `alerts/${id}/acknowledge`],
      ['DELETE', `alerts/${id}/acknowledge`],
      ['GET', 'alerts/999999'],
    ] as const)
      assert.equal((await api.request(method, path, method === 'POST' ? {} : undefined)).status, 404, path)
  })

  it('refuses an acknowledgement that makes no sense', async () => {
    const { id } = await opened()
    for (const body of [{ until: 'soon' }, { until: '2001-01-01' }, { note: 5 }, { who: 'me' }]) {
      const answer = await api.request('POST', `alerts/${id}/acknowledge`, body)
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_input'], JSON.stringify(body))
    }
  })

  it('lists by state, severity, rule and subject, in pages', async () => {
    const { ruleId, again } = await opened({ cooldown: '1h' }, { severity: 'HIGH' })
    for (const subject of ['b', 'c', 'd']) await again({ subject })
    const list = async (query: string): Promise<string[]> =>
      (await api.get(`alerts?rule=${ruleId}&${query}`)).items.map(({ subject }: Json) => subject)
    assert.deepEqual(await list(''), ['d', 'c', 'b', 'a'])
    assert.deepEqual(await list('subject=c'), ['c'])
    assert.deepEqual(await list('severity=LOW'), [])
    assert.deepEqual(await list('status=resolved'), [])
    const { next_cursor: next } = await api.get(`alerts?rule=${ruleId}&limit=2`)
    assert.deepEqual(await list(`limit=2&cursor=${next}`), ['b', 'a'])
    for (const query of ['status=acked', 'severity=high', 'rule=x', 'monitor=0', 'limit=1e9', 'subject=%00'])
      assert.equal((await api.request('GET', `alerts?${query}`)).status, 400, query)
  })

  it('tries a failed notification again when asked to', async (context) => {
    let status = 400
    const moody = await createHttpSink({ answer: () => ({ status }) })
    context.after(() => moody.close())
    await api.patch('settings', { allowed_channel_targets: ['loopback'] })
    const channel = await api.post('channels', { name: 'moody', type: 'webhook', options: { url: moody.url } })
    const { id } = await opened({ channels: [channel.id] })
    await api.delivered()
    const [failed] = (await alertOf(id)).notifications
    assert.deepEqual([failed.status, failed.failure], ['failed', 'message_refused'])
    status = 200
    await api.post(`notifications/${failed.id}/retry`)
    await api.delivered()
    assert.equal((await api.get(`notifications/${failed.id}`)).status, 'delivered')
    const again = await api.request('POST', `notifications/${failed.id}/retry`)
    assert.deepEqual([again.status, again.body.code], [409, 'not_failed'])
    assert.equal((await api.request('POST', 'notifications/999999/retry')).status, 404)
  })
})
