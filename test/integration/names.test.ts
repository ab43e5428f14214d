import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createDnsServer, createNameFiles, type DnsServer, serverLine } from '../fixtures/servers/dns-server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const listener = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer((socket) => socket.on('error', () => {}).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

const tcpMonitor = (name: string, host: string, port: number) =>
  fileMonitor(name, {
    type: 'tcp',
    options: { host, port },
    intervalMs: 2000,
    timeoutMs: 1000,
    channels: ['hook'],
  })

const SLOW = Array.from({ length: 20 }, (_, index) => `slow-${index + 1}.test`)

describe('twenty names that the resolver never answers', () => {
  let dns: DnsServer
  let files: ReturnType<typeof createNameFiles>
  let sink: HttpSink
  let target: Awaited<ReturnType<typeof listener>>
  let api: TestServer
  before(async () => {
    dns = await createDnsServer((name) => (/^slow/.test(name) ? undefined : { a: ['127.0.0.1'], ttl: 5 }))
    files = createNameFiles({ resolvConf: serverLine(dns) })
    sink = await createHttpSink()
    target = await listener()
    const silent = SLOW.map((name) => fileChannel(`hook of ${name}`, `http://${name}:${sink.port}/`))
    api = await startTestServer({
      nameFiles: files.files,
      wanted: {
        channels: [fileChannel('hook', `http://hook.test:${sink.port}/`), ...silent],
        monitors: [
          tcpMonitor('good', 'good.test', target.port),
          ...SLOW.map((name) => ({
            ...tcpMonitor(name, name, target.port),
            channels: ['hook', ...silent.map((channel) => channel.name)],
          })),
        ],
      },
    })
  })
  after(async () => {
    await api.stop()
    await sink.close()
    target.server.close()
    await dns.close()
    files.remove()
  })

  const told = () => sink.requests.map(({ body }) => JSON.parse(body) as Json)
  const monitor = async (name: string) => (await api.get('monitors')).items.find((one: Json) => one.name === name)

  it('are down by themselves, each with its own cause, and are told by a channel whose name is answered', async () => {
    await until(async () => new Set(told().map(({ monitor }) => monitor)).size === SLOW.length, 'a message for each')
    const causes = told().map(({ monitor, cause }) => `${monitor}: ${cause}`)
    assert.ok(causes.includes('slow-7.test: the resolver did not answer for slow-7.test in time'), causes.join('\n'))
  })

  it('leave a healthy host up and in its usual time, and an outage of it is told', async () => {
    const { state, id } = await until(async () => {
      const found = await monitor('good')
      return found.state === 'up' && found
    })
    assert.equal(state, 'up')
    const { items } = await api.get(`monitors/${id}/results`)
    assert.deepEqual([...new Set((items as Json[]).map(({ code }) => code))], ['ok'])
    target.server.close()
    const down = await until(async () => told().find((message) => message.monitor === 'good'), 'the outage')
    assert.match(down.cause, /^connection to 127\.0\.0\.1:\d+ refused/)
  })
})

describe('a resolver that falls silent', () => {
  let silent = false
  let dns: DnsServer
  let files: ReturnType<typeof createNameFiles>
  let sink: HttpSink
  let target: Awaited<ReturnType<typeof listener>>
  let api: TestServer
  before(async () => {
    dns = await createDnsServer((name) => (silent || name === 'new.test' ? undefined : { a: ['127.0.0.1'], ttl: 5 }))
    files = createNameFiles({ resolvConf: serverLine(dns) })
    sink = await createHttpSink()
    target = await listener()
    api = await startTestServer({
      nameFiles: files.files,
      wanted: {
        channels: [fileChannel('hook', `http://hook.test:${sink.port}/`)],
        monitors: [
          tcpMonitor('one', 'one.test', target.port),
          tcpMonitor('two', 'two.test', target.port),
          tcpMonitor('by number', '127.0.0.1', target.port),
        ],
      },
    })
  })
  after(async () => {
    await api.stop()
    await sink.close()
    target.server.close()
    await dns.close()
    files.remove()
  })

  const told = () => sink.requests.map(({ body }) => JSON.parse(body) as Json)
  const states = async () =>
    Object.fromEntries((await api.get('monitors')).items.map(({ name, state }: Json) => [name, state]))

  it('is told once, by the last known address of the channel; no monitor is told down', {
    timeout: 90_000,
  }, async () => {
    await until(async () => Object.values(await states()).every((state) => state === 'up'))
    silent = true
    const created = await api.post('monitors', {
      name: 'new',
      type: 'tcp',
      options: { host: 'new.test', port: target.port },
      interval: '2s',
      failures: 1,
      channels: ['hook'],
    })
    await until(
      async () => (await states()).new === 'unknown' && (await api.get(`monitors/${created.id}`)).code !== null,
    )
    api.advance(16_000)
    await until(async () => told().length > 0, 'the message')
    const [message] = told()
    assert.deepEqual(
      [message.event.type, message.reason, message.subject],
      ['vigia_resolver', 'first', `127.0.0.1:${dns.port}`],
    )
    assert.deepEqual([message.event.by_last_known, message.event.not_looked_at], [2, 1])
    assert.match(
      message.cause,
      /^the resolver 127\.0\.0\.1:\d+ does not answer; looked at by their last known address: 2 monitors, not looked at: 1 monitor$/,
    )
    assert.deepEqual(await states(), { one: 'up', two: 'up', 'by number': 'up', new: 'unknown' })
    const { code, cause } = await api.get(`monitors/${created.id}`)
    assert.deepEqual(
      [code, cause],
      ['resolver_silent', `the resolver 127.0.0.1:${dns.port} does not answer, and no address of new.test is known`],
    )
  })

  it('and its end, and an outage that happens meanwhile is told as ever', async () => {
    // By then the TTLs are over, and both names were asked for in vain.
    await until(async () => (await api.get('engine')).names.last_known >= 8)
    target.server.close()
    await until(async () => told().filter(({ monitor }) => monitor !== null).length >= 3, 'three outages')
    const causes = told().flatMap(({ monitor, cause }) => (monitor === 'one' ? [cause] : []))
    assert.match(
      causes[0],
      /^connection to 127\.0\.0\.1:\d+ refused.*; looked at by the last known address of one\.test$/,
    )
    silent = false
    const ends = () => told().filter(({ event, reason }) => event?.type === 'vigia_resolver' && reason === 'resolved')
    await until(async () => {
      api.advance(1000)
      return ends().length > 0
    }, 'the end')
    assert.equal(told().filter(({ event }) => event?.type === 'vigia_resolver').length, 2)
  })
})

describe('a restart while the resolver is silent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-restart-'))
  let silent = false
  let dns: DnsServer
  let files: ReturnType<typeof createNameFiles>
  let sink: HttpSink
  let target: Awaited<ReturnType<typeof listener>>
  before(async () => {
    dns = await createDnsServer(() => (silent ? undefined : { a: ['127.0.0.1'], ttl: 5 }))
    files = createNameFiles({ resolvConf: serverLine(dns) })
    sink = await createHttpSink()
    target = await listener()
  })
  after(async () => {
    await sink.close()
    target.server.close()
    await dns.close()
    files.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const start = () =>
    startTestServer({
      folder,
      nameFiles: files.files,
      wanted: {
        channels: [fileChannel('hook', `http://hook.test:${sink.port}/`)],
        monitors: [tcpMonitor('one', 'one.test', target.port)],
      },
    })
  const isUp = async (api: TestServer) => (await api.get('monitors')).items[0]

  it('still looks at and delivers to last known addresses', async () => {
    const first = await start()
    await until(async () => (await isUp(first)).state === 'up')
    await first.stop()
    silent = true
    const second = await start()
    try {
      await until(async () => (await second.get('engine')).names?.last_known > 0, 'a look by the last known address')
      const { state, id } = await isUp(second)
      assert.equal(state, 'up')
      // A look that goes well by such an address says so as well.
      const shown = await until(async () => {
        const found = await second.get(`monitors/${id}`)
        return found.addresses_from && found
      })
      assert.equal(shown.addresses_from, 'last known')
      assert.ok(shown.address_age_seconds >= 0 && shown.address_age_seconds < 60, shown.address_age_seconds)
      const marked = async () =>
        ((await second.get(`monitors/${id}/results`)).items as Json[]).filter((one) => one.addresses_from)
      const [result] = await until(async () => {
        const found = await marked()
        return found.length > 0 && found
      })
      assert.deepEqual([result!.code, result!.addresses_from], ['ok', 'last known'])
      target.server.close()
      const down = await until(async () => sink.requests.map(({ body }) => JSON.parse(body) as Json)[0], 'the outage')
      assert.equal(down.monitor, 'one')
      assert.match(
        down.cause,
        /^connection to 127\.0\.0\.1:\d+ refused.*; looked at by the last known address of one\.test$/,
      )
    } finally {
      await second.stop()
    }
  })
})
