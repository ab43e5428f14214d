import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { createServer as createTls, type TLSSocket } from 'node:tls'
import fc from 'fast-check'
import { guardedTools } from '#core/monitor/guarded-tools.ts'
import type { ProbeContext } from '#core/probe.ts'
import { ERROR_CODES, type ProbeOutcome } from '#core/result/result.ts'
import { createProbeTools, type EngineTools } from '#engine/tools.ts'
import { readAnswer, writeQuery } from '#lib/net/dns-message.ts'
import { createNames } from '#names/names.ts'
import { pingMetrics } from '#probes/icmp.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { judgePush } from '#probes/push.ts'
import { inEnglish } from '#templates/said.ts'
import { lacksIpv6 } from '../fixtures/machine.ts'
import { expired, selfSigned } from '../fixtures/servers/certificates.ts'
import { createDnsServer, createNameFiles, dnsAnswer, serverLine } from '../fixtures/servers/dns-server.ts'

let tools: EngineTools
const servers: (Server | { close(): void })[] = []
before(() => {
  tools = createProbeTools()
})
after(() => {
  tools.close()
  for (const server of servers) server.close()
})

const listening = async (server: Server, address = '127.0.0.1'): Promise<number> => {
  servers.push(server)
  server.listen(0, address)
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

const probe = (type: string, options: object, changes: Partial<ProbeContext> = {}): Promise<ProbeOutcome> =>
  probeTypes.get(type)!.run!(options as never, {
    timeoutMs: 1000,
    signal: new AbortController().signal,
    tools,
    trace: true,
    ...changes,
  })

const codeOf = (outcome: ProbeOutcome) => outcome.error?.code ?? 'ok'

/** Accepts connections and never says a word. */
const silent = () => listening(createServer((socket: Socket) => void socket.on('error', () => {})))

/** Options of each type against a server that never answers, and against a name that does not exist. */
const RIGS: Readonly<Record<string, { stalled?: (port: number) => object; nowhere?: object; secret?: object }>> = {
  icmp: { nowhere: { host: 'nowhere.invalid' } },
  tcp: { nowhere: { host: 'nowhere.invalid', port: 1 } },
  http: {
    stalled: (port) => ({ url: `http://127.0.0.1:${port}/` }),
    nowhere: { url: 'http://nowhere.invalid/' },
    secret: {
      url: 'http://user:HUSH@127.0.0.1:1/?token=HUSH',
      headers: { authorization: 'Bearer HUSH' },
      body: 'HUSH',
    },
  },
  dns: { stalled: (port) => ({ name: 'example.com', resolver: `127.0.0.1:${port}` }) },
  tls: { stalled: (port) => ({ host: '127.0.0.1', port }), nowhere: { host: 'nowhere.invalid' } },
  push: {},
}

for (const type of probeTypes.values()) {
  describe(`probe type ${type.name}`, () => {
    const rig = RIGS[type.name]

    it('is written down: every option has a title and a description', () => {
      assert.ok(rig, 'add an entry to RIGS')
      assert.ok(type.title && type.defaultTimeoutMs > 0)
      for (const [key, schema] of Object.entries(type.options.properties)) {
        const { title, description } = schema as { title?: string; description?: string }
        assert.ok(title && description, `${key} lacks a title or a description`)
      }
      assert.equal((type.options as { additionalProperties?: unknown }).additionalProperties, false)
    })

    it('a name that does not exist is a result of its own', { skip: !rig?.nowhere }, async () => {
      assert.match(codeOf(await probe(type.name, rig!.nowhere!)), /^dns_(not_found|failed)$/)
    })

    it('honours an abort, with a value', { skip: !rig?.stalled }, async () => {
      let port: number
      if (type.name === 'dns') {
        const socket = createSocket('udp4').bind(0, '127.0.0.1')
        await once(socket, 'listening')
        servers.push({ close: () => socket.close() })
        port = socket.address().port
      } else port = await silent()
      const controller = new AbortController()
      const running = probe(type.name, rig!.stalled!(port), { signal: controller.signal, timeoutMs: 60_000 })
      setImmediate(() => controller.abort())
      const outcome = await running
      assert.equal(outcome.ok, false)
      assert.ok(ERROR_CODES.includes(outcome.error!.code))
    })

    it('gives up after its time-out', { skip: !rig?.stalled || type.name === 'dns' }, async () => {
      assert.equal(codeOf(await probe(type.name, rig!.stalled!(await silent()), { timeoutMs: 100 })), 'timeout')
    })

    it('tells no secret', { skip: !rig?.secret }, async () => {
      const outcome = await probe(type.name, rig!.secret!)
      assert.doesNotMatch(JSON.stringify(outcome) + type.describe(rig!.secret as never), /HUSH/)
    })
  })
}

describe('tcp', () => {
  it('open, refused', async () => {
    const port = await silent()
    const open = await probe('tcp', { host: '127.0.0.1', port })
    assert.equal(open.ok, true)
    assert.ok(open.latencyMs! >= 0)
    assert.deepEqual(
      open.steps!.map(({ name }) => name),
      ['resolve', 'connect'],
    )
    const refused = await probe('tcp', { host: '127.0.0.1', port: 1 })
    assert.equal(codeOf(refused), 'refused')
    assert.match(inEnglish(refused.error!.cause), /127\.0\.0\.1:1/)
  })
})

describe('icmp', () => {
  for (const [family, host, missing] of [
    ['IPv4', '127.0.0.1', false],
    ['IPv6', '::1', lacksIpv6],
  ] as const)
    it(`answers on loopback over ${family}, with its figures`, { skip: missing }, async (context) => {
      if (tools.pingMethod === 'command') return context.skip('this user may not open an ICMP socket')
      const outcome = await probe('icmp', { host, packets: 3, gap: '1ms' })
      assert.equal(codeOf(outcome), 'ok')
      assert.equal(outcome.metrics!.loss, 0)
      assert.ok(
        outcome.metrics!.min! <= outcome.latencyMs! + 0.01 && outcome.latencyMs! <= outcome.metrics!.max! + 0.01,
      )
    })

  it('refuses what is no single host', async () => {
    for (const host of ['255.255.255.255', '224.0.0.1', 'ff02::1', '0.0.0.0'])
      assert.equal(codeOf(await probe('icmp', { host })), 'bad_address', host)
  })

  it('computes loss, median, percentile and jitter', () => {
    const { average, metrics } = pingMetrics([10, Number.NaN, 20, 16])
    const { loss, min, median, max, p95, jitter } = metrics
    assert.deepEqual(
      { loss, min, median, max, p95, jitter, average: Math.round(average * 100) / 100 },
      { loss: 0.25, min: 10, median: 16, max: 20, p95: 20, jitter: 7, average: 15.33 },
    )
    assert.equal(pingMetrics([4, 10, 20, 6]).metrics.median, 8)
    assert.equal(pingMetrics([Number.NaN]).metrics.loss, 1)
  })
})

describe('http', () => {
  let base = ''
  before(async () => {
    const port = await listening(
      createHttp((request, response) => {
        const { pathname } = new URL(request.url!, 'http://x')
        if (pathname === '/json') return response.end(JSON.stringify({ status: 'ok', data: [{ load: 4 }], text: 'ñ' }))
        if (pathname === '/500') return response.writeHead(500).end('broken')
        if (pathname === '/loop') return response.writeHead(302, { location: '/loop' }).end()
        if (pathname === '/moved') return response.writeHead(302, { location: '/json' }).end()
        if (pathname === '/drop') return request.socket.destroy()
        if (pathname === '/large') return response.end('x'.repeat(2_000_000))
        if (pathname === '/auth')
          return response.writeHead(request.headers.authorization === `Basic ${btoa('me:p w')}` ? 200 : 401).end()
        return response.end('all is well')
      }),
    )
    base = `http://127.0.0.1:${port}`
  })

  const cases: readonly [string, object, string][] = [
    ['/', {}, 'ok'],
    ['/', { contains: 'is well' }, 'ok'],
    ['/', { contains: '/IS\\s+WELL/i' }, 'ok'],
    ['/', { contains: 'is bad' }, 'keyword_missing'],
    ['/', { not_contains: 'well' }, 'keyword_present'],
    ['/500', {}, 'status_mismatch'],
    ['/500', { status: [500, '2xx'] }, 'ok'],
    ['/500', { status: '400-599' }, 'ok'],
    ['/json', { json: { '$.status': 'ok', 'data[0].load': '< 5' } }, 'ok'],
    ['/json', { json: { 'data[0].load': '> 5' } }, 'json_mismatch'],
    ['/json', { json: { missing: 1 } }, 'json_mismatch'],
    ['/', { json: { a: 1 } }, 'json_mismatch'],
    ['/moved', { contains: '"ok"' }, 'ok'],
    ['/moved', { redirects: 0, status: 302 }, 'ok'],
    ['/loop', {}, 'too_many_redirects'],
    ['/drop', {}, 'reset'],
    ['/large', { contains: 'y' }, 'body_too_large'],
    ['/large', {}, 'ok'],
    ['/auth', {}, 'status_mismatch'],
  ]
  for (const [path, options, expected] of cases)
    it(`${path} ${JSON.stringify(options)} is ${expected}`, async () => {
      assert.equal(codeOf(await probe('http', { url: base + path, ...options })), expected)
    })

  it('sends the login of the URL', async () => {
    assert.equal(codeOf(await probe('http', { url: `${base.replace('//', '//me:p%20w@')}/auth` })), 'ok')
  })

  it('asks for the name that its headers give, else for that of the URL', async () => {
    const heard: (string | undefined)[] = []
    const secure = createHttps(selfSigned, ({ headers, socket }, response) => {
      heard.push(headers.host, (socket as TLSSocket).servername || undefined)
      response.end()
    })
    const url = `https://127.0.0.1:${await listening(secure as unknown as Server)}/`
    const host = new URL(url).host
    assert.equal(codeOf(await probe('http', { url, verify: false })), 'ok')
    assert.equal(codeOf(await probe('http', { url, verify: false, headers: { Host: 'shop.example:8443' } })), 'ok')
    assert.deepEqual(heard.splice(0), [host, undefined, 'shop.example:8443', 'shop.example'])
  })

  it('asks for an address of IPv6 as its URL has it', { skip: lacksIpv6 }, async () => {
    const heard: (string | undefined)[] = []
    const plain = createHttp(({ headers }, response) => {
      heard.push(headers.host)
      response.end()
    })
    const six = `http://[::1]:${await listening(plain, '::1')}/`
    assert.equal(codeOf(await probe('http', { url: six })), 'ok')
    // By an interface that it is told, which nobody else is.
    assert.equal(codeOf(await probe('http', { url: six.replace('::1', '::1%25lo') })), 'ok')
    assert.deepEqual(heard, [new URL(six).host, new URL(six).host])
  })

  it('sends neither headers nor a body to another server that an answer names', async () => {
    const heard: string[] = []
    const other = createHttp((request, response) => {
      request.setEncoding('utf8')
      let body = ''
      request.on('data', (part) => {
        body += part
      })
      request.on('end', () => {
        heard.push(`${request.method} ${request.headers.authorization} ${body}`)
        response.end('well')
      })
    })
    const elsewhere = `http://127.0.0.1:${await listening(other)}/`
    const first = createHttp((request, response) => {
      request.resume()
      response.writeHead(307, { location: elsewhere }).end()
    })
    const url = `http://127.0.0.1:${await listening(first)}/`
    const secrets = { headers: { authorization: 'Bearer s' }, body: 's3cret body' }
    assert.equal(codeOf(await probe('http', { url, method: 'POST', ...secrets })), 'ok')
    assert.deepEqual(heard, ['POST undefined '])
  })

  it('looks at no address that its tools refuse', async () => {
    const refusing = guardedTools(tools, { allowed: [] })
    assert.equal(codeOf(await probe('http', { url: base }, { tools: refusing })), 'bad_address')
    assert.equal(codeOf(await probe('http', { url: 'http://localhost:1/' }, { tools: refusing })), 'bad_address')
  })

  it('splits the time', async () => {
    const names = (await probe('http', { url: base, contains: 'well' })).steps!.map(({ name }) => name)
    assert.deepEqual(names, ['connect', 'first_byte', 'body', 'answer'])
  })

  it('a port that does not speak HTTP is a protocol error', async () => {
    const port = await listening(createServer((socket) => void socket.on('error', () => {}).end('SSH-2.0-x\r\n')))
    assert.match(codeOf(await probe('http', { url: `http://127.0.0.1:${port}/` })), /protocol_error|reset/)
  })
})

describe('tls', () => {
  it('names what is wrong with a certificate', async () => {
    const serve = (certificate: { key: string; cert: string }) =>
      listening(createTls(certificate, (socket) => void socket.on('error', () => {})) as unknown as Server)
    const self = await probe('tls', { host: '127.0.0.1', port: await serve(selfSigned) })
    assert.equal(codeOf(self), 'tls_invalid')
    assert.match(inEnglish(self.error!.cause), /signed by itself/)
    assert.equal(codeOf(await probe('tls', { host: '127.0.0.1', port: await serve(expired) })), 'tls_expired')
    assert.match(codeOf(await probe('tls', { host: '127.0.0.1', port: await silentCloser() })), /reset|tls_handshake/)
    const https = await probe('http', { url: `https://127.0.0.1:${await serve(selfSigned)}/` })
    assert.equal(codeOf(https), 'tls_invalid')
  })

  it('tells the end of a certificate that does not verify over HTTP as well, and sends nothing', async () => {
    const heard: unknown[] = []
    const server = createTls(
      expired,
      (socket) => void socket.on('error', () => {}).on('data', (part) => heard.push(part)),
    )
    const port = await listening(server as unknown as Server)
    const outcome = await probe('http', { url: `https://127.0.0.1:${port}/` })
    assert.equal(codeOf(outcome), 'tls_expired')
    assert.equal(outcome.metrics?.certificateEnds, Date.parse('2020-02-01T00:00:00Z'))
    assert.deepEqual(heard, [])
  })

  it('says that a certificate does not verify whose end is no time', async () => {
    const [, body = ''] = /-----\n([\s\S]+)\n-----/.exec(selfSigned.cert)!
    const der = Buffer.from(body, 'base64').toString('latin1').replace('21200101000000Z', '21209999999999Z')
    const cert = `-----BEGIN CERTIFICATE-----\n${Buffer.from(der, 'latin1').toString('base64')}\n-----END CERTIFICATE-----`
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
    const server = createTls({ ...selfSigned, cert }, (socket) => void socket.on('error', () => {}).end(answer))
    const port = await listening(server as unknown as Server)
    assert.equal(codeOf(await probe('tls', { host: '127.0.0.1', port })), 'tls_invalid')
    assert.equal(codeOf(await probe('http', { url: `https://127.0.0.1:${port}/`, verify: false })), 'ok')
  })

  it('names the server as certificates do: in punycode, without a final dot', async () => {
    const asked: (string | undefined)[] = []
    const server = createTls(
      {
        ...selfSigned,
        SNICallback: (name, done) => {
          asked.push(name)
          done(null)
        },
      },
      (socket) => void socket.on('error', () => {}),
    )
    const port = await listening(server as unknown as Server)
    for (const name of ['münchen.test', 'leaf.test.', 'LEAF.test'])
      await probe('tls', { host: '127.0.0.1', port, name })
    const headers = { Host: 'münchen.test.' }
    await probe('http', { url: `https://127.0.0.1:${port}/`, headers, verify: false }, { timeoutMs: 300 })
    assert.deepEqual(asked, ['xn--mnchen-3ya.test', 'leaf.test', 'LEAF.test', 'xn--mnchen-3ya.test'])
  })
  const silentCloser = () => listening(createServer((socket) => void socket.on('error', () => {}).end()))
})

describe('dns', () => {
  /** A resolver that answers one A record, or as the name says. */
  const resolver = async () => {
    const socket = createSocket('udp4')
    socket.on('message', (query, peer) => {
      const name = query.toString('latin1', 13, 13 + query[12]!)
      const head = Buffer.from(query.subarray(0, 12))
      const rcode = name === 'gone' ? 3 : name === 'broken' ? 2 : 0
      head.writeUInt16BE(0x8180 | rcode, 2)
      head.writeUInt16BE(rcode === 0 ? 1 : 0, 6)
      head.writeUInt16BE(0, 10)
      const questionEnd = query.indexOf(0, 12) + 5
      const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7])
      // A forged answer with another id comes first and must not count.
      const forged = Buffer.from(query)
      forged.writeUInt16BE((query.readUInt16BE(0) + 1) % 65_536, 0)
      socket.send(forged, peer.port, peer.address)
      socket.send(
        Buffer.concat([head, query.subarray(12, questionEnd), rcode === 0 ? record : Buffer.alloc(0)]),
        peer.port,
        peer.address,
      )
    })
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    servers.push({ close: () => socket.close() })
    return `127.0.0.1:${socket.address().port}`
  }

  it('compares answers and names failures', async () => {
    const address = await resolver()
    const ask = (name: string, more: object = {}) => probe('dns', { name, resolver: address, ...more })
    const good = await ask('host.example', { expect: ['192.0.2.7'] })
    assert.equal(codeOf(good), 'ok')
    assert.deepEqual(good.facts!.records, ['192.0.2.7'])
    assert.equal(codeOf(await ask('host.example', { expect: '192.0.2.8' })), 'answer_mismatch')
    assert.equal(codeOf(await ask('gone.example')), 'dns_not_found')
    assert.equal(codeOf(await ask('broken.example')), 'dns_failed')
    assert.equal(codeOf(await ask('host.example', { type: 'MX' })), 'dns_not_found')
    assert.equal(codeOf(await probe('dns', { name: 'x.example', resolver: '127.0.0.1:1' })), 'refused')
  })

  it('says what a resolver refuses that leaves the question out', async () => {
    const instead = (query: Buffer) => [Buffer.concat([query.subarray(0, 2), Buffer.of(0x81, 0x85), Buffer.alloc(8)])]
    const refusing = await createDnsServer(() => ({ instead }))
    servers.push(refusing)
    const found = await probe('dns', { name: 'a.test', resolver: `127.0.0.1:${refusing.port}` }, { timeoutMs: 400 })
    assert.equal(codeOf(found), 'dns_failed')
    assert.match(inEnglish(found.error!.cause), /REFUSED/)
  })

  it('asks once more where a datagram is lost, and counts the time of the query that was answered', async () => {
    let losses = 0
    const lossy = await createDnsServer((name) =>
      name === 'lost.test' && ++losses === 1 ? undefined : { a: ['192.0.2.7'] },
    )
    servers.push(lossy)
    const found = await probe('dns', { name: 'lost.test', resolver: `127.0.0.1:${lossy.port}` }, { timeoutMs: 600 })
    assert.equal(codeOf(found), 'ok')
    assert.equal(lossy.asked.length, 2)
    assert.equal(new Set(lossy.from.map(({ id }) => id)).size, 2)
    // It waited 300 ms before it asked again, which are none of the resolver's.
    const { ms } = found.steps!.find(({ name }) => name === 'query')!
    assert.ok(ms - found.latencyMs! >= 290, `${found.latencyMs} of ${ms}`)
  })

  it('says of a resolver that answers neither query that it did not answer', async () => {
    const mute = await createDnsServer(() => undefined)
    servers.push(mute)
    const found = await probe('dns', { name: 'a.test', resolver: `127.0.0.1:${mute.port}` }, { timeoutMs: 200 })
    assert.deepEqual([codeOf(found), mute.asked.length], ['timeout', 2])
  })

  it('asks for a name as the DNS has it, and says it as it was written', async () => {
    const server = await createDnsServer((name) =>
      name === 'xn--and-6ma2c.example' ? { a: ['192.0.2.7'] } : { rcode: 3 },
    )
    servers.push(server)
    const resolver = `127.0.0.1:${server.port}`
    for (const name of ['ñandú.example', 'ÑANDÚ.example.', 'xn--and-6ma2c.example'])
      assert.equal(codeOf(await probe('dns', { name, resolver })), 'ok', name)
    const parsed = parseTarget(`dns://ñandú.example?type=A&resolver=${resolver}`)
    assert.ok(parsed.ok)
    assert.equal(parsed.value.options.name, 'ñandú.example')
    assert.equal(codeOf(await probe(parsed.value.type, parsed.value.options)), 'ok')
    const gone = await probe('dns', { name: 'avión.example', resolver })
    assert.equal(inEnglish(gone.error!.cause), 'avión.example does not exist')
    assert.deepEqual(new Set(server.asked), new Set(['xn--and-6ma2c.example A', 'xn--avin-sqa.example A']))
  })

  it('says which alias leads nowhere', async () => {
    const server = await createDnsServer(() => ({ cname: 'gone.example', rcode: 3 }))
    servers.push(server)
    const found = await probe('dns', { name: 'www.example', resolver: `127.0.0.1:${server.port}` })
    assert.equal(inEnglish(found.error!.cause), 'www.example is an alias of gone.example, which does not exist')
  })

  it('asks who does not know EDNS without it, at once', async () => {
    const server = await createDnsServer(() => ({
      instead: (query) => [dnsAnswer(query, query.readUInt16BE(10) > 0 ? { rcode: 1 } : { a: ['192.0.2.7'] })],
    }))
    servers.push(server)
    const found = await probe('dns', { name: 'a.test', resolver: `127.0.0.1:${server.port}` }, { timeoutMs: 20_000 })
    assert.equal(codeOf(found), 'ok')
    assert.equal(server.asked.length, 2)
  })

  it('says that an answer was cut, and what became of asking for the rest', async () => {
    const server = await createDnsServer(() => ({ cut: true, a: ['192.0.2.7'] }))
    servers.push(server)
    const resolver = `127.0.0.1:${server.port}`
    assert.equal(codeOf(await probe('dns', { name: 'a.test', resolver })), 'ok')
    const udp = createSocket('udp4')
    servers.push({ close: () => udp.close() })
    udp.on('message', (query, peer) => {
      const cut = Buffer.from(query)
      cut.writeUInt16BE(0x8380, 2)
      udp.send(cut, peer.port, peer.address)
    })
    udp.bind(0, '127.0.0.1')
    await once(udp, 'listening')
    const place = `127.0.0.1:${udp.address().port}`
    const found = await probe('dns', { name: 'a.test', resolver: place })
    assert.deepEqual(
      [codeOf(found), inEnglish(found.error!.cause)],
      [
        'refused',
        `the answer of the resolver ${place} is too long for UDP, and over TCP: the resolver ${place} refused the connection`,
      ],
    )
  })

  it('asks whom resolv.conf names at that moment', async () => {
    const [first, second] = await Promise.all([
      createDnsServer(() => ({ a: ['192.0.2.1'] })),
      createDnsServer(() => ({ a: ['192.0.2.2'] })),
    ])
    const files = createNameFiles({ resolvConf: serverLine(first) })
    let ahead = 0
    const names = createNames({ files: files.files, monotonic: () => performance.now() + ahead })
    const own = createProbeTools({ names })
    servers.push(first, second, { close: files.remove }, names, own)
    const records = async () => (await probe('dns', { name: 'a.test' }, { tools: own })).facts!.records
    assert.deepEqual(await records(), ['192.0.2.1'])
    files.write('resolvConf', `# changed\n${serverLine(second)}`)
    ahead += 1000
    assert.deepEqual(await records(), ['192.0.2.2'])
  })

  it('reads any bytes without throwing', () => {
    const query = writeQuery(7, 'a.example', 'A')
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readAnswer(Buffer.from(bytes), query)))
    const prefix = Buffer.from(query)
    prefix.writeUInt16BE(0x8180, 2)
    prefix.writeUInt16BE(3, 6)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readAnswer(Buffer.concat([prefix, bytes]), query)),
      { numRuns: 500 },
    )
  })
})

describe('push', () => {
  const options = { period: '1m', grace: '10s' }
  it('is down when no call comes within period and grace, and when one says so', () => {
    assert.deepEqual(judgePush(null, 0, 69_999, options), { nextAt: 70_000 })
    assert.equal(judgePush(null, 0, 70_000, options).outcome!.error!.code, 'push_missing')
    assert.deepEqual(judgePush({ at: 1000, ok: true }, 0, 60_000, options), { outcome: { ok: true }, nextAt: 71_000 })
    assert.equal(judgePush({ at: 1000, ok: true }, 0, 71_000, options).outcome!.ok, false)
    assert.equal(judgePush({ at: 1000, ok: false }, 0, 2000, options).outcome!.error!.code, 'push_reported_down')
  })
})

describe('short targets', () => {
  const cases: readonly [string, unknown][] = [
    ['192.0.2.10', ['icmp', { host: '192.0.2.10' }]],
    ['host.example', ['icmp', { host: 'host.example' }]],
    ['2001:db8::1', ['icmp', { host: '2001:db8::1' }]],
    ['icmp://host', ['icmp', { host: 'host' }]],
    ['tcp://db.example:5432', ['tcp', { host: 'db.example', port: 5432 }]],
    ['tcp://[2001:db8::1]:22', ['tcp', { host: '2001:db8::1', port: 22 }]],
    ['https://example.com', ['http', { url: 'https://example.com/' }]],
    [
      'dns://example.com?type=mx&resolver=192.0.2.1',
      ['dns', { name: 'example.com', type: 'MX', resolver: '192.0.2.1' }],
    ],
    ['tls://example.com:8443', ['tls', { host: 'example.com', port: 8443 }]],
    ['tls://münchen.example', ['tls', { host: 'münchen.example' }]],
    ['fe80::1%va', ['icmp', { host: 'fe80::1%va' }]],
    ['icmp://[fe80::1%25eth0.7]', ['icmp', { host: 'fe80::1%eth0.7' }]],
    ['tcp://[fe80::1%va]:22', ['tcp', { host: 'fe80::1%va', port: 22 }]],
    ['http://[fe80::1%25va]:8080/x', ['http', { url: 'http://[fe80::1%25va]:8080/x' }]],
    ['https://[fe80::1%va]/', ['http', { url: 'https://[fe80::1%25va]/' }]],
  ]
  for (const [text, expected] of cases)
    it(text, () => {
      const parsed = parseTarget(text)
      assert.ok(parsed.ok)
      assert.deepEqual([parsed.value.type, parsed.value.options], expected)
    })
  it('refuses an interface where none can be given', () => {
    const parsed = parseTarget('dns://[fe80::1%25va]')
    assert.equal(
      !parsed.ok && inEnglish(parsed.problem),
      'dns://[fe80::1%25va]: a dns monitor takes no interface behind its address; leave out %va',
    )
  })
  for (const text of ['', 'tcp://%0%', 'tcp://host', 'tcp://host:99999', 'ftp://x', 'host:22', 'tcp://a:HUSH@host:1'])
    it(`refuses "${text}" with the forms there are`, () => {
      const parsed = parseTarget(text)
      assert.ok(!parsed.ok)
      const said = inEnglish(parsed.problem)
      assert.match(said, /write HOST/)
      assert.doesNotMatch(said, /HUSH/)
    })
})
