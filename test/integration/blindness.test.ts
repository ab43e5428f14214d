import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000

describe('a server that cannot see', () => {
  let sink: HttpSink
  let api: TestServer
  before(async () => {
    sink = await createHttpSink()
    const group = { by: ['site'], waitMs: 20_000, intervalMs: 5 * MINUTE }
    api = await startTestServer({
      wanted: {
        channels: [fileChannel('hook', sink.url, { group })],
        monitors: [fileMonitor('witness'), fileMonitor('door', { channels: ['hook'] }), fileMonitor('gate')],
        witnesses: { monitors: ['witness'], blindIf: 1, holdMs: 30_000 },
        ownChannels: ['hook'],
      },
    })
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  const told = () => sink.requests.map(({ body }) => JSON.parse(body) as Json)
  const stateOf = async (name: string) =>
    (await api.get('monitors')).items.find((one: Json) => one.name === name)?.state
  const events = async () => (await api.get('events?type=vigia_blind')).items as Json[]

  it('says so at once, in spite of a group, and once more when it sees again, with what does not answer', async () => {
    for (const name of ['witness', 'door', 'gate']) await api.push(name)
    await until(async () => (await stateOf('gate')) === 'up')
    await api.push('witness', true)
    const [began] = await until(async () => {
      const found = await events()
      return found.length === 1 && found
    })
    assert.deepEqual([began!.status, began!.failing, began!.witnesses], ['firing', 1, 1])
    await until(async () => told().length === 1)

    await api.push('door', true)
    await until(async () => (await stateOf('door')) === 'unknown')
    api.advance(3 * MINUTE)
    await api.push('witness')
    await api.push('door', true)
    api.advance(31_000)
    await until(async () => told().length >= 2)
    const [first, end] = told()
    assert.deepEqual([first.reason, first.subject, end.reason], ['first', 'Vigía', 'resolved'])
    assert.deepEqual([end.since, end.duration_ms > 0], [first.since, true])
    assert.deepEqual([end.event.down, end.event.down_count, end.event.cut_off], [['door'], 1, 0])
  })

  it('explains who was told, and why', async () => {
    const [ended, began] = await events()
    const { summary, rules, notifications } = await api.explain(began.id)
    assert.equal(summary, '1 rule looked at it, 1 matched, 1 notification followed.')
    assert.equal(rules[0].rule, null)
    assert.match(rules[0].why, /^the alert was opened and told; .* the channels of witnesses/)
    assert.deepEqual([notifications[0].channel, notifications[0].status], ['hook', 'delivered'])
    assert.match((await api.explain(ended.id)).rules[0].why, /^the alert ended and its end was told/)
  })
})
