import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const BIN = join(import.meta.dirname, '../../bin/vigia.mjs')
const linux = process.platform === 'linux'

const listening = async (): Promise<Server> => {
  const server = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
const portOf = (server: Server) => (server.address() as AddressInfo).port

const environment = (more: Record<string, string>) => {
  const { PUERTOS_A_MONITOREAR: _, PROMETHEUS_PORT: __, HOST: ___, ...rest } = process.env
  return { ...rest, ...more }
}

describe('vigia exporter', { skip: !linux && 'counts the sockets of Linux' }, () => {
  let exporter: ChildProcess
  let url: string
  let watched: Server
  let errors = ''
  const clients: Socket[] = []

  before(async () => {
    watched = await listening()
    for (let index = 0; index < 3; index++) {
      const client = connect(portOf(watched), '127.0.0.1')
      await once(client, 'connect')
      clients.push(client)
    }
    const free = await listening()
    const port = portOf(free)
    await new Promise((done) => free.close(done))
    url = `http://127.0.0.1:${port}`
    exporter = spawn(process.execPath, [BIN, 'exporter'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: environment({
        PUERTOS_A_MONITOREAR: ` ${portOf(watched)} ,,web,${portOf(watched)}`,
        PROMETHEUS_PORT: String(port),
        HOST: '127.0.0.1',
      }),
    })
    for await (const part of exporter.stderr!) {
      errors += part
      if (errors.includes('counting')) break
    }
  })

  after(async () => {
    for (const client of clients) client.destroy()
    watched?.close()
    exporter?.kill('SIGKILL')
  })

  it('names the item that is no port and counts the others', () => {
    assert.match(errors, /PUERTOS_A_MONITOREAR: "web" is not a port/)
  })

  it('answers every path with the metrics, without a token', async () => {
    const port = portOf(watched)
    for (const path of ['/', '/metrics', '/foo/bar?x=1']) {
      const response = await fetch(url + path)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
      const text = await response.text()
      assert.match(text, new RegExp(`^conexiones_established_${port} 3\\.0$`, 'm'))
      assert.match(text, new RegExp(`^estado_actual_${port}_info\\{CLOSE_WAIT="0",ESTABLISHED="3",`, 'm'))
      assert.match(text, new RegExp(`^vigia_tcp_connections\\{port="${port}",state="LISTEN",family="ipv4"\\} 1$`, 'm'))
    }
  })

  it('speaks OpenMetrics to who asks for it', async () => {
    const response = await fetch(url, { headers: { accept: 'application/openmetrics-text' } })
    assert.match(response.headers.get('content-type')!, /^application\/openmetrics-text/)
    assert.ok((await response.text()).endsWith('# EOF\n'))
  })

  it('answers the other methods as the older one did', async () => {
    const method = (name: string, path = '/metrics') =>
      new Promise<number>((done) => {
        request(url + path, { method: name }, (response) => {
          response.resume()
          done(response.statusCode ?? 0)
        }).end()
      })
    assert.deepEqual(await Promise.all(['POST', 'HEAD', 'OPTIONS'].map((name) => method(name))), [405, 405, 200])
    const icon = await fetch(`${url}/favicon.ico`)
    assert.deepEqual([icon.status, await icon.text()], [200, ''])
  })

  it('bears a scraper that asks all the time', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(url).then(({ status }) => status)))
    assert.ok(answers.every((status) => status === 200))
  })

  it('ends cleanly when it is told to', async () => {
    exporter.kill('SIGTERM')
    const [code] = await once(exporter, 'exit')
    assert.equal(code, 0)
  })
})

describe('vigia exporter, wrongly set', { skip: !linux && 'counts the sockets of Linux' }, () => {
  const run = (more: Record<string, string>) =>
    spawnSync(process.execPath, [BIN, 'exporter'], { env: environment(more), encoding: 'utf8', timeout: 20_000 })

  for (const [more, words] of [
    [{ PUERTOS_A_MONITOREAR: '0,70000,web' }, /no port is left/],
    [{ PROMETHEUS_PORT: '70000' }, /PROMETHEUS_PORT: "70000" is not a port/],
    [{ PUERTOS_A_MONITOREAR: '1', PROMETHEUS_PORT: '1', HOST: '192.0.2.1' }, /not an address of this machine/],
  ] as const)
    it(`says what is wrong and ends with 2: ${JSON.stringify(more)}`, () => {
      const { status, stderr } = run(more)
      assert.match(stderr, words)
      assert.ok(!stderr.includes('    at '), 'no stack trace')
      assert.equal(status, 2)
    })
})
