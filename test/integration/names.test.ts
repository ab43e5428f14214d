import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
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
