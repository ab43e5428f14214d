import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000
const LOOK = { intervalMs: 100, timeoutMs: 100, channels: ['hook'] } as const

describe('who is cut off, over HTTP', () => {
  let sink: HttpSink
  let api: TestServer
  const ids = new Map<string, number>()
  const id = (name: string) => ids.get(name)!

  before(async () => {
    sink = await createHttpSink()
    api = await startTestServer({
      wanted: {
        channels: [fileChannel('hook', sink.url)],
        monitors: [
          fileMonitor('pop', { ...LOOK, severity: 'CRITICAL', labels: { site: 'north' } }),
          fileMonitor('a', {
            ...LOOK,
            parents: [['pop']],
            severity: 'LOW',
            labels: { site: 'north', subscribers: '3' },
          }),
          fileMonitor('b', {
            ...LOOK,
            parents: [['pop']],
            severity: 'LOW',
            labels: { site: 'north', subscribers: '4' },
          }),
          fileMonitor('early', { ...LOOK, parents: [['pop']], severity: 'MEDIUM', labels: { site: 'north' } }),
          fileMonitor('apart', { ...LOOK, severity: 'HIGH', labels: { site: 'south' } }),
        ],
      },
    })
    for (const { id, name } of (await api.get('monitors')).items) ids.set(name, id)
    for (const name of ids.keys()) await api.push(name)
    await until(async () => (await api.get('monitors?state=up')).items.length === 5, 'all up')
    await api.push('early', true)
    await isDown('early')
    // Longer than from one look at the POP to the next.
    await new Promise((later) => setTimeout(later, 500))
    await api.push('pop', true)
    await isDown('pop')
    for (const name of ['a', 'b', 'apart']) await api.push(name, true)
    for (const name of ['a', 'b', 'apart']) await isDown(name)
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  const monitor = (name: string): Promise<Json> => api.get(`monitors/${id(name)}`)
  const isDown = (name: string) => until(async () => (await monitor(name)).state === 'down', `${name} down`)
  const subjects = async (query: string): Promise<string[]> =>
    (await api.get(`alerts?${query}`)).items.map(({ subject }: Json) => subject)

  it('says by whom, of monitors and alerts, and leaves the state as it is', async () => {
    const listed = (await api.get('monitors?brief=true')).items
    assert.deepEqual(
      Object.fromEntries(listed.map(({ name, state, cut_off_by }: Json) => [name, [state, cut_off_by]])),
      {
        pop: ['down', undefined],
        a: ['down', [id('pop')]],
        b: ['down', [id('pop')]],
        early: ['down', undefined],
        apart: ['down', undefined],
      },
    )
    assert.deepEqual((await monitor('a')).cut_off_by, [id('pop')])
    const [alert] = (await api.get(`alerts?monitor=${id('a')}`)).items
    assert.deepEqual(alert.cut_off_by, [id('pop')])
  })

  it('counts them among what is down, and apart', async () => {
    const { items } = await api.get('monitors/summary?by=site')
    assert.deepEqual(
      items.map(({ value, down, cut_off }: Json) => [value, down, cut_off]),
      [
        ['north', 4, 2],
        ['south', 1, 0],
      ],
    )
  })

  it('lists what failed by itself, the most severe first, and below each what it cuts off', async () => {
    assert.deepEqual(await subjects('status=firing&sort=severity&cut_off=false'), ['pop', 'apart', 'early'])
    assert.deepEqual((await subjects(`cut_off_by=${id('pop')}`)).sort(), ['a', 'b'])
    assert.deepEqual((await subjects('cut_off=true')).sort(), ['a', 'b'])
    assert.deepEqual(await api.get('alerts/counts'), { open: 3, acknowledged: 0, maintenance: 0, cut_off: 2 })
  })

  it('hands over what failed by itself, and says how many stand beneath', async () => {
    const { open } = await api.get('shift')
    const { items } = await api.get('alerts?status=firing&cut_off=false')
    assert.equal(open.count, items.length)
    assert.equal(open.cut_off, (await api.get('alerts/counts')).cut_off)
    assert.ok(open.cut_off > 0)
  })

  it('says of each how many it cuts off', async () => {
    const { items } = await api.get('alerts?sort=severity&cut_off=false')
    assert.deepEqual(
      items.map(({ subject, cuts_off }: Json) => [subject, cuts_off]),
      [
        ['pop', 2],
        ['apart', 0],
        ['early', 0],
      ],
    )
  })

  it('goes page by page through what is sorted', async () => {
    const first = await api.get('alerts?sort=severity&limit=2')
    assert.deepEqual(
      first.items.map(({ subject }: Json) => subject),
      ['pop', 'apart'],
    )
    const rest = await api.get(`alerts?sort=severity&limit=100&cursor=${first.next_cursor}`)
    assert.deepEqual([rest.items.length, rest.items[0].subject, rest.next_cursor], [3, 'early', null])
  })

  it('tells what stands behind from what does not answer, with the sum of a label', async () => {
    const [{ affected }] = (await api.get(`alerts?monitor=${id('pop')}`)).items
    assert.deepEqual([affected.count, affected.silent, affected.answering, affected.subscribers], [3, 3, 0, 7])
  })

  it('marks who takes care, what is silenced and what is in maintenance, with name and until', async () => {
    const [{ id: alert }] = (await api.get(`alerts?monitor=${id('pop')}`)).items
    const until = new Date(api.now() + 60 * MINUTE).toISOString()
    await api.post(`alerts/${alert}/acknowledge`, { note: 'crew on the way', until })
    await api.post('silences', { matchers: [{ name: 'monitor', value: 'apart' }], ends_at: until, comment: 'known' })
    await api.post('maintenance', {
      matchers: [{ name: 'monitor', value: 'early' }],
      ends_at: until,
      name: 'new antenna',
    })
    const { items } = await api.get('monitors/marks')
    const marks = Object.fromEntries(items.map((mark: Json) => [mark.id, mark]))
    assert.equal(items.length, 3)
    assert.deepEqual(
      [marks[id('pop')].alert, marks[id('pop')].acknowledgement.note, marks[id('pop')].acknowledgement.until],
      [alert, 'crew on the way', until],
    )
    assert.deepEqual([marks[id('apart')].silence.comment, marks[id('apart')].silence.until], ['known', until])
    assert.deepEqual(
      [marks[id('early')].maintenance.name, marks[id('early')].maintenance.until],
      ['new antenna', until],
    )
    const [early] = (await api.get(`alerts?monitor=${id('early')}`)).items
    assert.equal(early.maintenance.name, 'new antenna')
    assert.deepEqual(await api.get('alerts/counts'), { open: 1, acknowledged: 1, maintenance: 1, cut_off: 2 })
  })

  it('says that it sees the network', async () => {
    assert.deepEqual(await api.get('sight'), { blind: null, resolver: null, unknown: 0 })
  })

  it('folds nothing any more once what stood above answers', async () => {
    await api.push('pop')
    await until(async () => (await monitor('pop')).state === 'up', 'pop up')
    assert.deepEqual((await subjects('status=firing&cut_off=false')).sort(), ['a', 'apart', 'b', 'early'])
    assert.equal((await monitor('a')).cut_off_by, undefined)
  })
})
