import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { State } from '#core/monitor/monitor.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000

describe('silences and maintenance windows over HTTP', () => {
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

  const inMinutes = (minutes: number) => new Date(api.now() + minutes * MINUTE).toISOString()
  const silence = (matchers: readonly object[], minutes = 30): Promise<Json> =>
    api.post('silences', { matchers, ends_at: inMinutes(minutes), comment: 'crew on site' })
  const newRule = async (rule: object = {}) => {
    const type = `quiet type ${++names}`
    return api.post('rules', { name: type, type, channels: ['hook'], resolve_after: null, ...rule })
  }
  const reasons = async (rule: number): Promise<string[]> => {
    const { items } = await api.get(`alerts?rule=${rule}`)
    const alerts = await Promise.all(items.map(({ id }: Json) => api.get(`alerts/${id}`)))
    return alerts.flatMap(({ notifications }) => notifications.map(({ reason }: Json) => reason))
  }
  const eventually = (rule: number, expected: readonly string[]) =>
    until(async () => {
      const actual = await reasons(rule)
      return actual.length >= expected.length && assert.deepEqual(actual, expected) === undefined
    }, expected.join())
  const why = async (event: number): Promise<string> => (await api.explain(event)).rules[0].why

  it('records what a silence covers, and tells it at the end if it still lasts', async () => {
    const { id, type } = await newRule()
    const { id: silenceId, ends_at: end } = await silence([{ name: 'subject', operator: '=~', value: '10.7.*' }])
    const held = await api.event({ type, subject: '10.7.0.1' })
    assert.match(await why(held), new RegExp(`silence ${silenceId} holds news back until ${end}`))
    const muted = (await api.get('alerts?status=firing')).items.find(({ silence }: Json) => silence?.id === silenceId)
    assert.deepEqual(Object.keys(muted.silence), ['id', 'until', 'by', 'comment'])
    assert.deepEqual([muted.silence.until, muted.silence.comment], [end, 'crew on site'])
    assert.deepEqual(await reasons(id), [])
    assert.equal((await api.get(`alerts?rule=${id}`)).items[0].status, 'open')
    await api.event({ type, subject: '10.8.0.1' })
    assert.deepEqual(await reasons(id), ['first'], 'what it does not cover is told')
    api.advance(30 * MINUTE)
    await eventually(id, ['first', 'first'])
  })

  it('tells at once what a silence held when it is taken away', async () => {
    const { id, type } = await newRule()
    const quiet = await silence([{ name: 'type', value: type }])
    await api.event({ type })
    assert.deepEqual(await reasons(id), [])
    await api.remove(`silences/${quiet.id}`)
    await eventually(id, ['first'])
    assert.equal((await api.request('DELETE', `silences/${quiet.id}`)).status, 404)
    const over = (await api.get('silences')).items.find((one: Json) => one.id === quiet.id)
    assert.equal(over.status, 'over')
  })

  it('tells a recovery where the problem was told, silence or not, and nowhere else', async () => {
    const told = await newRule({ notify_recovery: true })
    await api.event({ type: told.type })
    const quiet = await silence([{ name: 'type', operator: '=~', value: 'quiet type *' }])
    const repeat = await api.event({ type: told.type })
    assert.match(await why(repeat), /silence/)
    await api.event({ type: told.type, status: 'resolved' })
    assert.deepEqual(await reasons(told.id), ['first', 'resolved'])

    const untold = await newRule({ notify_recovery: true })
    await api.event({ type: untold.type })
    const end = await api.event({ type: untold.type, status: 'resolved' })
    assert.deepEqual(await reasons(untold.id), [])
    assert.match(await why(end), /ended before anybody was told/)
    await api.remove(`silences/${quiet.id}`)
  })

  it('does not remind in a silence, and goes on after it', async () => {
    const { id, type } = await newRule({ reminder: '10m' })
    await api.event({ type })
    await silence([{ name: 'type', value: type }], 25)
    api.advance(10 * MINUTE)
    const end = await until(async () => {
      const [alert] = (await api.get(`alerts?rule=${id}`)).items
      return Date.parse(alert.next_notice_at) > api.now() + 14 * MINUTE && alert.next_notice_at
    })
    assert.deepEqual(await reasons(id), ['first'])
    api.advance(Date.parse(end) - api.now())
    await eventually(id, ['first', 'reminder'])
  })

  it('begins later where it says so', async () => {
    const { id, type } = await newRule()
    const matchers = [{ name: 'type', value: type }]
    const planned = await api.post('silences', { matchers, starts_at: inMinutes(10), ends_at: inMinutes(20) })
    assert.equal(planned.status, 'planned')
    await api.event({ type, subject: 'before' })
    assert.deepEqual(await reasons(id), ['first'])
    api.advance(11 * MINUTE)
    await api.event({ type, subject: 'within' })
    assert.deepEqual(await reasons(id), ['first'])
    assert.equal((await api.get('silences?limit=1')).items[0].status, 'active')
  })

  /** Has a monitor call, and waits until that is known. */
  const call = async (id: number, state: State) => {
    await api.push(`m${id}`, state === 'down')
    await until(async () => {
      const found = (await api.get('monitors')).items.find(({ name }: Json) => name === `m${id}`)
      return found.state === state
    })
  }

  it('holds back what happens to monitors in a window, by name and by label', async () => {
    await api.stop()
    api = await startTestServer({
      wanted: {
        channels: [fileChannel('hook', sink.url)],
        monitors: [1, 2, 3].map((n) =>
          fileMonitor(`m${n}`, { channels: ['hook'], labels: { site: n === 3 ? 'other' : `POP-${n}` } }),
        ),
      },
    })
    for (const n of [1, 2, 3]) await call(n, 'up')
    const ends_at = inMinutes(60)
    const byName = await api.post('maintenance', { name: 'one', matchers: [{ name: 'monitor', value: 'm1' }], ends_at })
    const byLabel = await api.post('maintenance', {
      name: 'two',
      matchers: [{ name: 'site', value: 'POP-2' }],
      ends_at,
    })
    for (const n of [1, 2, 3]) await call(n, 'down')
    await api.delivered()
    const told = () => sink.requests.map(({ body }) => JSON.parse(body)).filter(({ monitor: name }) => name)
    assert.deepEqual(
      told().map(({ monitor: name, reason }) => [name, reason]),
      [['m3', 'first']],
    )
    assert.equal((await api.get('alerts?status=firing')).items.length, 1, 'planned work opens no alert')
    const events = (await api.get('events?type=monitor_state')).items
    const whyOf = (name: string) => why(events.find((one: Json) => one.subject === name && one.state === 'down').id)
    assert.match(await whyOf('m1'), new RegExp(`maintenance window ${byName.id} holds news back until ${ends_at}`))
    assert.match(await whyOf('m2'), new RegExp(`maintenance window ${byLabel.id} `))

    await call(1, 'up')
    await api.remove(`maintenance/${byLabel.id}`)
    await until(async () => told().length === 2)
    assert.deepEqual([told()[1].monitor, told()[1].reason], ['m2', 'first'], 'm1 ended within its window: no word')
    assert.equal((await api.get('maintenance')).items.length, 2)
  })

  it('refuses what covers nothing or everything by accident, or ends before it begins', async () => {
    const ends_at = inMinutes(10)
    const matchers = [{ name: 'subject', value: 'x' }]
    const wrong: readonly [quiet: object, path: string][] = [
      [{ ends_at }, 'matchers'],
      [{ matchers: [], ends_at }, 'matchers'],
      [{ matchers: [{ name: 'subject' }], ends_at }, 'matchers.0.value'],
      [{ matchers: [{ name: '', value: 'x' }], ends_at }, 'matchers.0.name'],
      [{ matchers: [{ name: 'subject', operator: '~', value: 'x' }], ends_at }, 'matchers.0.operator'],
      [{ matchers: [{ name: 'subject', value: 5 }], ends_at }, 'matchers.0.value'],
      [{ matchers }, 'ends_at'],
      [{ matchers, ends_at: 'soon' }, 'ends_at'],
      [{ matchers, ends_at: inMinutes(-1) }, 'ends_at'],
      [{ matchers, starts_at: inMinutes(20), ends_at }, 'ends_at'],
      [{ matchers, starts_at: 'now', ends_at }, 'ends_at'],
      [{ matchers, ends_at, author: 'me' }, 'author'],
    ]
    for (const [quiet, path] of wrong)
      for (const [where, more] of [
        ['silences', {}],
        ['maintenance', { name: 'w' }],
      ] as const) {
        const { status, body } = await api.request('POST', where, { ...quiet, ...more })
        assert.deepEqual([status, body.code, body.errors[0].path], [400, 'invalid_input', path], JSON.stringify(quiet))
      }
    assert.equal((await api.request('POST', 'maintenance', { matchers, ends_at })).body.errors[0].path, 'name')
  })
})
