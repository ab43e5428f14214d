import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import { createNames, type Names } from '#names/names.ts'
import { probeTypes } from '#probes/index.ts'
import { inEnglish } from '#templates/said.ts'
import { createDnsServer, createNameFiles, type DnsServer, serverLine } from '../../test/fixtures/servers/dns-server.ts'
import { createHttpSink, type HttpSink } from '../../test/fixtures/servers/http-sink.ts'
import { createProbeTools, type EngineTools } from './tools.ts'

const TIMEOUT_MS = 900

describe('what a look says of names', () => {
  let dns: DnsServer
  let sink: HttpSink
  let names: Names
  let tools: EngineTools
  let files: ReturnType<typeof createNameFiles>
  let silent = false
  let ahead = 0
  before(async () => {
    sink = await createHttpSink()
    dns = await createDnsServer((name) => {
      if (silent || name.startsWith('slow')) return undefined
      return { a: ['127.0.0.1'], ttl: 5, ...(name === 'late.test' && { afterMs: 1500 }) }
    })
    files = createNameFiles({ resolvConf: serverLine(dns) })
    names = createNames({ files: files.files, monotonic: () => performance.now() + ahead })
    tools = createProbeTools({ names })
  })
  after(async () => {
    tools.close()
    names.close()
    files.remove()
    await dns.close()
    await sink.close()
  })

  const look = (type: string, options: object, graceMs = 0) =>
    probeTypes.get(type)!.run!(options as never, {
      timeoutMs: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS + graceMs),
      tools,
      trace: true,
    })

  it('names the resolver where it does not answer for a name, whatever the type', async () => {
    const host = 'slow.test'
    for (const [type, options] of [
      ['http', { url: `http://${host}:${sink.port}/` }],
      ['tcp', { host, port: sink.port }],
      ['tls', { host, port: sink.port }],
      ['icmp', { host }],
    ] as const) {
      const { error } = await look(type, options)
      assert.deepEqual(error, { code: 'timeout', cause: because('name_unanswered', { host }) }, type)
    }
  })

  it('blames a resolver that answers after the time-out, and uses what it said the next time', async () => {
    const { error } = await look('tcp', { host: 'late.test', port: sink.port }, 2000)
    assert.deepEqual(error, { code: 'timeout', cause: because('name_unanswered', { host: 'late.test' }) })
    while (!names.known('late.test', 0)) await new Promise((later) => setTimeout(later, 20))
    assert.equal((await look('tcp', { host: 'late.test', port: sink.port })).ok, true)
  })

  it('says that it went by the last known address, and does not count the wait as the host’s', async () => {
    const options = { url: `http://ok.test:${sink.port}/` }
    assert.equal((await look('http', options)).facts?.addresses_from, undefined)
    silent = true
    ahead += 60_000
    const outcome = await look('http', options)
    const resolve = outcome.steps?.find(({ name }) => name === 'resolve')
    assert.deepEqual([outcome.ok, outcome.facts?.addresses_from], [true, 'last known'])
    assert.equal(outcome.facts?.address_age_seconds, 60)
    assert.ok(outcome.latencyMs! < resolve!.ms, `${outcome.latencyMs} of ${resolve!.ms}`)
    const tcp = await look('tcp', { host: 'ok.test', port: sink.port })
    assert.equal(tcp.facts?.addresses_from, 'last known')
  })

  it('knows nothing of a host whose name nobody looks up', async () => {
    const { error } = await look('http', { url: `http://never.test:${sink.port}/` })
    const message = `the resolver 127.0.0.1:${dns.port} does not answer, and no address of never.test is known`
    assert.deepEqual([error!.code, inEnglish(error!.cause)], ['resolver_silent', message])
  })
})
