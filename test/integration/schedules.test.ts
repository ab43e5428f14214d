import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const DAY = 86_400_000

describe('periodic work over HTTP', () => {
  let sink: HttpSink
  let api: TestServer
  before(async () => {
    sink = await createHttpSink()
    api = await startTestServer({ wanted: { channels: [fileChannel('hook', sink.url)], monitors: [] } })
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  const schedule = async (name: string): Promise<Json> =>
    (await api.get('schedules')).items.find((one: Json) => one.name === name)
  const run = (name: string): Promise<Json> => api.post(`schedules/${name}/run`)

  it('shows what is due, does it by hand, and remembers how it went', async () => {
    const { items } = await api.get('schedules')
    assert.deepEqual(
      items.map(({ name, enabled, every }: Json) => [name, enabled, every]),
      [
        ['keep-results', true, '1h'],
        ['keep-events', true, '1h'],
        ['keep-alerts', true, '1h'],
        ['keep-access', true, '1h'],
        ['daily-summary', false, null],
      ],
    )
    assert.equal((await schedule('keep-events')).last, null)
    const ran = await run('keep-events')
    assert.deepEqual([ran.last.ok, ran.last.result], [true, 'nothing to remove'])
    assert.ok(Date.parse(ran.next_at) - api.now() > 0.9 * 3_600_000)
    assert.equal((await api.request('POST', 'schedules/nothing/run')).status, 404)
  })

  it('does what is due by itself', async () => {
    api.advance(2 * 3_600_000)
    await until(async () => (await schedule('keep-alerts')).last?.ok)
  })

  it('takes an interval, or a time table with its zone', async () => {
    const cron = await api.patch('schedules/daily-summary', {
      enabled: true,
      cron: '30 7 * * *',
      time_zone: 'America/Argentina/Cordoba',
    })
    assert.deepEqual([cron.every, cron.cron, cron.time_zone], [null, '30 7 * * *', 'America/Argentina/Cordoba'])
    assert.match(cron.next_at, /T10:30:00\.000Z$/, 'Córdoba is three hours behind')
    const every = await api.patch('schedules/daily-summary', { every: '6h', enabled: false })
    assert.deepEqual([every.every, every.cron, every.time_zone, every.next_at], ['6h', null, null, null])
    await api.patch('schedules/daily-summary', { cron: '0 8 * * *', enabled: false })
  })

  it('names the place of what is wrong, and is for administrators', async () => {
    const wrong: readonly [change: object, path: string][] = [
      [{ cron: 'sometimes' }, 'timing'],
      [{ cron: '99 * * * *' }, 'timing'],
      [{ cron: '0 0 31 2 *' }, 'timing'],
      [{ cron: '* * * * * *' }, 'timing'],
      [{ cron: '0 8 * * *', time_zone: 'Mars/Base' }, 'timing'],
      [{ every: '1s' }, 'timing'],
      [{ every: 'daily' }, 'every'],
      [{ every: '99999999999d' }, 'every'],
      [{ every: '1h', cron: '0 8 * * *' }, 'cron'],
      [{ time_zone: 'UTC' }, 'time_zone'],
      [{ enabled: 'yes' }, 'enabled'],
      [{ command: 'rm' }, 'command'],
      [{}, ''],
    ]
    for (const [change, path] of wrong) {
      const { status, body } = await api.request('PATCH', 'schedules/keep-events', change)
      assert.deepEqual([status, body.code, body.errors[0].path], [400, 'invalid_input', path], JSON.stringify(change))
    }
    assert.equal((await api.request('PATCH', 'schedules/nothing', { enabled: true })).status, 404)
    const operator = { authorization: `Bearer ${api.tokens.operator}` }
    assert.equal((await api.request('PATCH', 'schedules/keep-events', { enabled: false }, operator)).status, 403)
    assert.equal((await api.request('POST', 'schedules/keep-events/run', {}, operator)).status, 200)
  })

  it('hands in a summary that a rule can send', async () => {
    await api.post('rules', { name: 'mornings', type: 'summary', channels: ['hook'] })
    await run('daily-summary')
    await api.delivered()
    const message = JSON.parse(sink.requests.at(-1)!.body)
    assert.deepEqual([message.rule, message.event.type, message.event.down], ['mornings', 'summary', 0])
  })

  it('removes what is old, and keeps what an open alert refers to', async () => {
    const rule = await api.post('rules', { name: 'kept', type: 'kept', resolve_after: null, channels: ['hook'] })
    const open = await api.event({ type: 'kept', subject: 'open' })
    const ended = await api.event({ type: 'kept', subject: 'ended' })
    const alertOf = async (subject: string) => (await api.get(`alerts?rule=${rule.id}&subject=${subject}`)).items[0]
    const { id: endedAlert } = await alertOf('ended')
    await api.post(`alerts/${endedAlert}/resolve`)
    await api.delivered()
    const young = async () => api.event({ type: 'young' })

    api.advance(89 * DAY)
    const kept = await young()
    await run('keep-events')
    for (const id of [open, ended]) assert.equal((await api.request('GET', `events/${id}`)).status, 200)
    api.advance(2 * DAY)
    assert.match((await run('keep-events')).last.result, /events removed/)
    assert.equal((await api.request('GET', `events/${ended}`)).status, 404)
    assert.equal((await api.request('GET', `events/${open}`)).status, 200, 'an open alert refers to it')
    assert.equal((await api.explain(open)).rules[0].decisions.length, 1, 'and it can still be explained')
    assert.equal((await api.request('GET', `events/${kept}`)).status, 200)

    await api.patch('settings', { keep_events_count: 1000 })
    for (let batch = 0; batch < 2; batch++)
      await api.post(
        'events',
        Array.from({ length: 1000 }, () => ({ type: 'flood' })),
      )
    await run('keep-events')
    assert.equal((await api.request('GET', `events/${kept}`)).status, 404, 'the oldest beyond the number go')
    assert.equal((await api.get('events?type=flood&limit=1000')).items.length, 1000)
    assert.equal((await api.request('GET', `events/${open}`)).status, 200)

    api.advance(300 * DAY)
    await run('keep-alerts')
    assert.equal((await api.request('GET', `alerts/${endedAlert}`)).status, 404)
    assert.equal((await alertOf('open')).status, 'open')
  })

  it('writes down who changed what', async () => {
    const { items } = await api.get('audit?limit=1000')
    const lines = items.map(({ actor, action, object, details }: Json) => [actor, action, object, details.name])
    for (const line of [
      ['token:administrator', 'update', 'schedule', 'daily-summary'],
      ['token:operator', 'run', 'schedule', 'keep-events'],
      ['token:administrator', 'create', 'rule', 'kept'],
      ['token:administrator', 'update', 'setting', undefined],
    ])
      assert.ok(
        lines.some((one: unknown[]) => JSON.stringify(one) === JSON.stringify(line)),
        `${line} is missing in ${JSON.stringify(lines)}`,
      )
  })
})
