import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'

describe('a wall', () => {
  let api: TestServer
  before(async () => {
    api = await startTestServer({
      wanted: {
        channels: [],
        monitors: [
          fileMonitor('POP <b>1</b>', {
            labels: { site: 'north', customer: 'secret name' },
            description: 'hidden words',
            location: 'hidden place',
          }),
          fileMonitor('behind', { labels: { site: 'north' }, parents: [['POP <b>1</b>']] as never }),
          fileMonitor('well', { labels: { site: 'south' } }),
        ],
      },
    })
  })
  after(() => api.stop())
  const without = { authorization: '' }
  const look = (path: string) => api.request('GET', path, undefined, without)

  it('is seen by a link alone once somebody has made one, and shows names and states and no more', async () => {
    await api.push('well')
    await api.push('POP <b>1</b>')
    await api.push('POP <b>1</b>', true)
    assert.deepEqual(await api.get('wall/link'), { path: null, url: null, label: 'site' })
    const { path, url } = await api.post('wall/link')
    assert.match(path, /^\/wall\/[\w-]{22}$/)
    assert.equal(url, `https://vigia.example${path}`)
    const seen = await until(async () => {
      const answer = await look(`${path}/states`)
      return answer.body?.problems?.length === 1 && answer
    })
    const { problems, sites, counts } = seen.body
    assert.deepEqual(Object.keys(problems[0]).sort(), [
      'acknowledged',
      'cut_off',
      'name',
      'severity',
      'since',
      'site',
      'state',
    ])
    assert.deepEqual([problems[0].name, problems[0].site, counts.down, counts.up], ['POP <b>1</b>', 'north', 1, 1])
    assert.deepEqual(
      sites.map(({ name, down }: Json) => [name, down]),
      [
        ['north', 1],
        ['south', 0],
      ],
    )
    for (const hidden of ['secret name', 'hidden', 'push', 'target']) assert.ok(!seen.text.includes(hidden), hidden)
    assert.equal(seen.headers.get('cache-control'), 'no-store')
  })

  it('has a token that lets nobody do or read anything else', async () => {
    const { path } = await api.post('wall/link')
    const token = path.split('/').at(-1)!
    for (const [method, to] of [
      ['GET', 'monitors'],
      ['GET', 'wall'],
      ['GET', 'wall/link'],
      ['POST', 'events'],
      ['DELETE', 'wall/link'],
    ] as const)
      for (const headers of [{ authorization: `Bearer ${token}` }, { authorization: '', cookie: `vigia=${token}` }])
        assert.equal((await api.request(method, to, undefined, headers)).status, 401, `${method} ${to}`)
    for (const [method, to] of [
      ['POST', `${path}/states`],
      ['GET', `${path}/alerts`],
      ['GET', `/calendar/${token}.ics`],
      ['GET', `/ack/1.${token}`],
    ] as const)
      assert.ok([401, 404].includes((await api.request(method, to, undefined, without)).status), `${method} ${to}`)
  })

  it('takes no forged token, nor one that was replaced or ended', async () => {
    const { path: first } = await api.post('wall/link')
    const { path: second } = await api.post('wall/link', { label: 'customer' })
    const states = async (path: string) => (await look(`${path}/states`)).status
    assert.deepEqual([await states(first), await states(second)], [404, 200])
    const forged = [
      second.slice(0, -1),
      `${second}A`,
      `${second.slice(0, -2)}--`,
      '/wall/x',
      '/wall/%00',
      `/wall/${'A'.repeat(22)}`,
      `/wall/${'A'.repeat(5000)}`,
    ]
    for (const path of forged) assert.notEqual(await states(path), 200, path.slice(0, 40))
    assert.equal((await look(`${second}/states?label=site`)).body.label, 'customer', 'the link says by which label')
    await api.remove('wall/link')
    assert.equal(await states(second), 404)
    assert.equal(
      (await api.request('POST', 'wall/link', {}, { authorization: `Bearer ${api.tokens.operator}` })).status,
      403,
    )
  })
})
