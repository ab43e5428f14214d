import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { loadConfigText } from '#config/load.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'

describe('a table that is read again and again', () => {
  let api: TestServer
  let text = ''
  let status = 200
  const told: string[] = []
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      request.setEncoding('utf8').on('data', (body) => told.push(body))
      return response.end()
    }
    response.statusCode = request.headers['x-key'] === 'k' ? status : 403
    response.end(text)
  })
  const rows = (count: number) =>
    `Contrato;Cliente;IP\n${Array.from({ length: count }, (_, row) => `${row};cliente-${row};10.1.0.${row + 1}\n`).join('')}`
  const config = (port: number) =>
    JSON.stringify({
      channels: [{ name: 'hook', type: 'webhook', options: { url: `http://127.0.0.1:${port}/hook` } }],
      tables: [
        {
          name: 'clientes',
          url: `http://127.0.0.1:${port}/export.csv?key=secret`,
          headers: { 'X-Key': 'k' },
          interval: '5m',
          labels: { kind: 'customer' },
        },
        { name: 'nodos', command: [process.execPath, '-e', 'console.log("10.2.0.1 nodo-1")'], gone: 'remove' },
      ],
    })
  const load = (file: string) =>
    loadConfigText(file, 'vigia.yaml', { environment: {}, probeTypes, channelTypes, parseTarget })

  before(async () => {
    text = rows(10)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const loaded = load(config((server.address() as AddressInfo).port))
    assert.ok(loaded.ok)
    api = await startTestServer({ wanted: loaded.config })
  })
  after(async () => {
    await api.stop()
    server.close()
  })

  const paused = async () =>
    (await api.get('monitors')).items
      .filter((one: Json) => one.paused)
      .map(({ name }: Json) => name)
      .toSorted()

  it('has its rows watched, as the file says', async () => {
    await until(
      async () => (await api.get('tables')).items.every((one: Json) => one.taken_at !== null),
      'the first reading',
    )
    const { items } = await api.get('monitors')
    assert.equal(items.length, 11)
    const one = items.find(({ name }: Json) => name === 'cliente-3')
    assert.deepEqual([one.target, one.labels], ['10.1.0.4', { kind: 'customer', contrato: '3' }])
    assert.equal((await api.get(`monitors/${one.id}/entry`)).interval, '5m')
  })

  it('that lost a fifth waits for a yes, and people are told; what has no row is paused then', async () => {
    text = rows(8)
    assert.deepEqual((await api.post('tables/clientes/read')).waiting.lost, 2)
    assert.deepEqual(await paused(), [])
    const alert = () =>
      until(async () => (await api.get('alerts')).items.find((one: Json) => one.subject === 'clientes'), 'the notice')
    const status = async () => (await api.get(`alerts/${(await alert()).id}`)).status
    assert.equal(await status(), 'open')
    await api.delivered()
    assert.match(told.join(), /the table clientes has lost 2 of 10 rows/i)
    // The same again tells nobody anew, and a file that is longer again is taken at once.
    await api.post('tables/clientes/read')
    text = rows(9)
    const taken = await api.post('tables/clientes/read')
    assert.deepEqual([taken.waiting, taken.rows, taken.trouble], [null, 9, null])
    assert.deepEqual(await paused(), ['cliente-9'])
    text = rows(5)
    await api.post('tables/clientes/read')
    assert.equal((await paused()).length, 1)
    const confirmed = await api.post('tables/clientes/confirm')
    assert.equal(confirmed.waiting, null)
    assert.equal((await paused()).length, 5)
    assert.equal((await api.request('POST', '/api/v1/tables/clientes/confirm', {})).status, 409)
    text = rows(10)
    await api.post('tables/clientes/read')
    assert.deepEqual(await paused(), [])
    await until(async () => (await status()) !== 'open', 'its end')
  })

  it('that cannot be had leaves everything as it was, and says why without its key', async () => {
    status = 500
    const { trouble } = await api.post('tables/clientes/read')
    assert.equal(trouble.code, 'table_unread')
    assert.match(trouble.message, /127\.0\.0\.1:\d+ answers 500/)
    status = 200
    text = '<html>sign in</html>'
    assert.equal((await api.post('tables/clientes/read')).trouble.code, 'import_columns_unclear')
    assert.equal((await api.get('monitors')).items.length, 11)
    assert.deepEqual(await paused(), [])
    assert.ok(!api.answered().includes('secret'))
  })

  it('is refused in the file where it is not whole', () => {
    for (const [wrong, words] of [
      [{ name: 'a' }, /either url or command/],
      [{ name: 'a', url: 'http://a/', command: ['b'] }, /either url or command/],
      [{ name: 'a', url: 'http://a/', every: '5s' }, /at least 1m/],
      [{ name: 'a', url: 'http://a/', channels: ['nobody'] }, /no channel is called nobody/],
    ] as const) {
      const loaded = load(JSON.stringify({ tables: [wrong] }))
      assert.ok(!loaded.ok)
      assert.match(loaded.problems[0]!.message, words)
    }
  })
})
