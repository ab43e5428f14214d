import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { kumaOne } from '../fixtures/imports/kuma.ts'
import { bash } from '../fixtures/imports/older-tools.ts'
import { writeSample } from '../fixtures/imports/sample.ts'
import { type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'

describe('what is brought along to a running server', () => {
  let api: TestServer
  before(async () => {
    api = await startTestServer()
  })
  after(() => api.stop())

  const send = async (path: string, body: string | Buffer, status = 201): Promise<Json> => {
    const headers = { 'content-type': 'application/octet-stream' }
    const answer = await api.request('POST', path, body, headers)
    assert.equal(answer.status, status, answer.text)
    return answer.body
  }
  const sendAll = async (folder: string): Promise<Json> => {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(folder, name)).isFile(),
    )
    let id = ''
    let last: Json
    for (const [index, name] of names.entries()) {
      const more = index < names.length - 1
      const path = id === '' ? '/api/v1/imports' : `/api/v1/imports/${id}/files`
      last = await send(`${path}?name=${encodeURIComponent(name)}&more=${more}`, readFileSync(join(folder, name)))
      id = last.id
    }
    return last
  }
  const names = async () => (await api.get('monitors')).items.map(({ name }: Json) => name)

  it('is shown first, then stored whole, and is there already the next time', async () => {
    const sample = writeSample(bash)
    try {
      const planned = await sendAll(sample.folder)
      assert.equal(planned.status, 'planned')
      assert.ok(planned.counts.created > 2)
      assert.deepEqual(await names(), [])
      const applied = await api.post(`imports/${planned.id}/apply`)
      assert.equal(applied.status, 'applied')
      assert.ok((await names()).includes('NODO1'))
      const down = (await api.get('monitors')).items.find(({ name }: Json) => name === 'NODO3')
      assert.equal(down.state, 'down')
      const again = await sendAll(sample.folder)
      assert.deepEqual([again.counts.created, again.counts.changed], [0, 0])
      const { items } = await api.get('audit')
      assert.equal(items.filter(({ action }: Json) => action === 'import').length, 1)
    } finally {
      sample.remove()
    }
  })

  it('brings history from a database, which graphs show as imported', async () => {
    const sample = writeSample(kumaOne)
    try {
      const planned = await sendAll(sample.folder)
      assert.equal(planned.counts.history, true)
      const applied = await api.post(`imports/${planned.id}/apply`)
      assert.ok(applied.histories > 0)
    } finally {
      sample.remove()
    }
  })

  it('guesses the columns of a list, and reads them as people say', async () => {
    const text = 'Nodo;IP vieja;IP de gestión\nnorte;10.9.0.1;10.8.0.1\nsur;10.9.0.2;10.8.0.2\n'
    const planned = await send('/api/v1/imports?name=nodos.csv', text)
    const { table } = planned.plan
    assert.deepEqual(table.titles, ['Nodo', 'IP vieja', 'IP de gestión'])
    assert.deepEqual(table.columns, { address: 1, name: 0 })
    const changed = await api.post(`imports/${planned.id}/plan`, { columns: { address: '3' } })
    assert.deepEqual(changed.plan.table.columns, { address: 2, name: 0 })
    await api.post(`imports/${planned.id}/apply`)
    const norte = (await api.get('monitors')).items.find(({ name }: Json) => name === 'norte')
    assert.equal(norte.target, '10.8.0.1')
    const unclear = await send('/api/v1/imports?name=clientes.csv&more=true', 'a,b\nuno,dos\n')
    const refused = await api.post(`imports/${unclear.id}/plan`, { kind: 'list' })
    assert.equal(refused.status, 'refused')
    assert.equal(refused.plan.refused[0].why.code, 'import_columns_unclear')
    assert.deepEqual(refused.plan.table.rows, [['uno', 'dos']])
  })

  it('is refused with its place, and nothing is stored', async () => {
    const before = await names()
    const wrong = await send('/api/v1/imports?name=gatus.yaml', 'endpoints:\n  - name: a\n   url: b\n')
    assert.equal(wrong.status, 'refused')
    assert.equal((await api.request('POST', `/api/v1/imports/${wrong.id}/apply`, {})).body.status, 'refused')
    const broken = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5000, 1)])
    const damaged = await send('/api/v1/imports?name=kuma.db', broken)
    assert.equal(damaged.plan.refused[0].place, 'kuma.db')
    assert.equal(damaged.plan.refused[0].why.code, 'import_database_damaged')
    assert.deepEqual(await names(), before)
  })

  it('takes no name that leads elsewhere, and forgets what is taken back', async () => {
    for (const name of ['../evil.csv', '/etc/passwd', 'a/../../b', 'a\\b', 'a//b', '.'])
      await send(`/api/v1/imports?name=${encodeURIComponent(name)}`, 'x', 400)
    const { id } = await send('/api/v1/imports?name=a.csv', '10.0.0.1\n')
    await api.remove(`imports/${id}`)
    assert.ok(!existsSync(join(api.folder, 'imports', id)))
    assert.equal((await api.request('GET', `/api/v1/imports/${id}`)).status, 404)
    const operator = { authorization: `Bearer ${api.tokens.operator}`, 'content-type': 'text/csv' }
    assert.equal((await api.request('POST', '/api/v1/imports?name=a.csv', '10.0.0.1', operator)).status, 403)
  })

  it('keeps two files of one name apart that come at once, and tells a file from a folder of its name', async () => {
    const { id } = await send('/api/v1/imports?name=conf/a.csv&more=true', '10.0.0.1\n')
    const path = `/api/v1/imports/${id}/files?more=true&name=`
    await send(`${path}conf`, 'x', 400)
    const bodies = ['b'.repeat(300_000), 'c'.repeat(200_000)]
    await Promise.all(bodies.map((body) => send(`${path}b.csv`, body)))
    const folder = join(api.folder, 'imports', id)
    assert.ok(bodies.includes(readFileSync(join(folder, 'files', 'b.csv'), 'utf8')))
    assert.deepEqual(readdirSync(folder), ['files'])
    assert.equal((await api.get(`imports/${id}`)).progress, null)
  })

  it('takes five at once, leaves nothing of those that are cut, and has room again then', async () => {
    const headers = { authorization: `Bearer ${api.tokens.administrator}`, 'content-type': 'text/csv' }
    const endless = Array.from({ length: 5 }, () => {
      const sending = request(`${api.url}/api/v1/imports?name=endless.csv`, { method: 'POST', headers })
      sending.on('error', () => {}).write('a,10.0.0.1\n')
      return sending
    })
    const coming = () => readdirSync(join(api.folder, 'imports'), { recursive: true, encoding: 'utf8' })
    await until(async () => coming().filter((name) => /files\./.test(name)).length === 5)
    assert.equal((await send('/api/v1/imports?name=sixth.csv', '10.0.0.1\n', 409)).code, 'in_use')
    for (const one of endless) one.destroy()
    await until(async () => coming().length === 0)
    await send('/api/v1/imports?name=sixth.csv&more=true', '10.0.0.1\n')
  })
})
