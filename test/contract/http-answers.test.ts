import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { createServer as createTls } from 'node:tls'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { ProbeOutcome } from '#core/result/result.ts'
import { createProbeTools, type EngineTools } from '#engine/tools.ts'
import { createNames } from '#names/names.ts'
import { probeTypes } from '#probes/index.ts'
import { inEnglish, problemSaid } from '#templates/said.ts'
import { lacksIpv6 } from '../fixtures/machine.ts'
import { selfSigned } from '../fixtures/servers/certificates.ts'
import { createDnsServer, createNameFiles, serverLine } from '../fixtures/servers/dns-server.ts'

/** The http probe against servers of every kind, as curl and browsers take them. */

const closers: (() => unknown)[] = []
let tools: EngineTools
before(() => {
  tools = createProbeTools()
  closers.push(() => tools.close())
})
after(async () => {
  for (const close of closers.toReversed()) await close()
})

const listening = async (server: Server, host = '127.0.0.1', port = 0): Promise<number> => {
  server.listen(port, host)
  await once(server, 'listening')
  closers.push(() => void server.close())
  return (server.address() as AddressInfo).port
}

const look = (type: string, options: object, own: EngineTools = tools, timeoutMs = 5000): Promise<ProbeOutcome> =>
  probeTypes.get(type)!.run!(options as never, {
    timeoutMs,
    signal: new AbortController().signal,
    tools: own,
    trace: true,
  })

/** `ok`, or code and words of what was found. */
const said = ({ ok, error }: ProbeOutcome): string => (ok ? 'ok' : `${error!.code}: ${inEnglish(error!.cause)}`)

/** A server that answers each request with these bytes and closes. */
const answering = async (answer: string | Buffer): Promise<string> => {
  const bytes = Buffer.from(answer as string, 'latin1')
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(bytes))
  })
  return `127.0.0.1:${await listening(server)}`
}

const OK = 'HTTP/1.1 200 OK\r\n'

describe('http takes what curl takes', () => {
  const TAKEN: Readonly<Record<string, readonly [answer: string, odd: string, options?: object]>> = {
    'a body longer than announced': [`${OK}Content-Length: 5\r\n\r\nhello world`, 'more is sent than was announced'],
    'that and Connection: close': [
      `${OK}Connection: close\r\nContent-Length: 5\r\n\r\nhello world`,
      'more is sent than was announced',
    ],
    '204 with a body': [
      'HTTP/1.1 204 No Content\r\n\r\nhello',
      'more is sent than was announced',
      { contains: '/^$/' },
    ],
    'a HEAD answered with a body': [
      `${OK}Content-Length: 5\r\n\r\nhello`,
      'more is sent than was announced',
      { method: 'HEAD', contains: '/^$/' },
    ],
    'lines without CR': ['HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', 'header lines end without CR'],
    'one length twice': [
      `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
      'its length is given more than once',
    ],
    'length and chunks': [
      `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
      'Content-Length and Transfer-Encoding are given together',
    ],
    'a blank in a name': [`${OK}X Y: z\r\nContent-Length: 5\r\n\r\nhello`, "a header's name contains a blank"],
    'a control character': [
      `${OK}X: a\x01b\r\nContent-Length: 5\r\n\r\nhello`,
      'a header contains a control character',
    ],
  }
  for (const [name, [answer, odd, options]] of Object.entries(TAKEN))
    it(`${name}, and says so; strict refuses it`, async () => {
      const place = await answering(answer)
      const wanted = { url: `http://${place}/`, contains: 'hello', ...options }
      const outcome = await look('http', wanted)
      assert.equal(said(outcome), 'ok')
      const step = outcome.steps!.find((one) => one.name === 'answer')!
      assert.equal(inEnglish(step.odd as never), odd)
      const refused = `protocol_error: the answer of ${place} breaks the rules of HTTP: ${odd}`
      assert.equal(said(await look('http', { ...wanted, strict: true })), refused)
    })

  it('headers of 200 KB', async () => {
    const place = await answering(`${OK}X: ${'x'.repeat(200_000)}\r\nContent-Length: 5\r\n\r\nhello`)
    assert.equal(said(await look('http', { url: `http://${place}/`, contains: 'hello', strict: true })), 'ok')
  })

  it('a redirect with a body longer than announced', async () => {
    const place = await answering(`${OK}Content-Length: 5\r\n\r\nhello`)
    const from = await answering(`HTTP/1.1 301 Moved\r\nLocation: http://${place}/\r\nContent-Length: 2\r\n\r\nhello`)
    assert.equal(said(await look('http', { url: `http://${from}/`, contains: 'hello' })), 'ok')
  })

  it('a redirect to a path beyond ASCII, whose bytes go as they came', async () => {
    const server = createHttp(({ url }, response) => {
      if (url !== '/') return void response.writeHead(url === '/a%C3%B1o' ? 200 : 404).end()
      response.writeHead(302, { Location: Buffer.from('/año').toString('latin1') }).end()
    })
    assert.equal(said(await look('http', { url: `http://127.0.0.1:${await listening(server)}/` })), 'ok')
  })

  it('a change of protocol that was asked for', async () => {
    const place = await answering('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x00')
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' }
    assert.equal(said(await look('http', { url: `http://${place}/`, headers, status: 101 })), 'ok')
  })
})

describe('http says what is wrong with an answer', () => {
  const WRONG: Readonly<Record<string, readonly [answer: string, said: string]>> = {
    'a greeting of SSH': ['SSH-2.0-OpenSSH_9\r\n', 'protocol_error: HERE does not answer in HTTP'],
    'large headers': [`${OK}X: ${'x'.repeat(300_000)}`, 'protocol_error: the headers of HERE are larger than 256 KB'],
    'a line without colon': [`${OK}foo\r\n\r\n`, 'protocol_error: header line 1 of HERE has no colon'],
    'two lengths': [
      `${OK}Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello`,
      'protocol_error: HERE gives its answer several lengths at once: 5, 4',
    ],
    'no chunks': [
      `${OK}Transfer-Encoding: chunked\r\n\r\nhello\r\n`,
      'protocol_error: the chunks of the answer of HERE are malformed',
    ],
    'no answer': ['', 'reset: HERE closed the connection without an answer'],
    'half a head': [`${OK}Content-Le`, 'reset: HERE closed the connection in the middle of its headers'],
    'a short body': [
      `${OK}Content-Length: 50\r\n\r\nhello`,
      'reset: HERE closed the connection after 5 of the 50 bytes of its answer',
    ],
    'half a chunk': [
      `${OK}Transfer-Encoding: chunked\r\n\r\n50\r\nhello`,
      'reset: HERE closed the connection after 5 bytes, before the end of its answer',
    ],
    'no gzip': [
      `${OK}Content-Encoding: gzip\r\n\r\nhello`,
      'protocol_error: the body that HERE sends as gzip cannot be unpacked',
    ],
    'an encoding that nobody knows': [
      `${OK}Content-Encoding: klingon\r\n\r\nhello`,
      'protocol_error: the body that HERE sends as klingon cannot be unpacked',
    ],
  }
  for (const [name, [answer, words]] of Object.entries(WRONG))
    it(name, async () => {
      const place = await answering(answer)
      // Text that is not there must not make a body fine that nobody could read.
      for (const options of [{ contains: 'hello' }, { not_contains: 'failure' }])
        assert.equal(said(await look('http', { url: `http://${place}/`, ...options })), words.replace('HERE', place))
    })
})

describe('http and tls say why there is no TLS', () => {
  const serve = (options: object) => {
    const server = createTls({ ...selfSigned, ...options }, (socket) => void socket.on('error', () => {}).resume())
    server.on('tlsClientError', () => {})
    return server as unknown as Server
  }
  const cases: Readonly<Record<string, readonly [server: () => Server, words: string]>> = {
    'a mail server': [
      () => createServer((socket) => void socket.on('error', () => {}).write('220 mail ready\r\n')),
      'HERE does not answer in TLS',
    ],
    'TLS 1.0 only': [
      () => serve({ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
      'HERE speaks no version of TLS that is safe (1.2 or later)',
    ],
    'a client certificate is wanted': [
      () => serve({ requestCert: true, maxVersion: 'TLSv1.2' }),
      'HERE refused the TLS handshake: no cipher in common, a name that it does not serve, or it wants a client certificate',
    ],
  }
  for (const [name, [server, words]] of Object.entries(cases))
    it(name, async () => {
      const port = await listening(server())
      const expected = `tls_handshake: ${words.replace('HERE', `127.0.0.1:${port}`)}`
      assert.equal(said(await look('http', { url: `https://127.0.0.1:${port}/`, verify: false })), expected)
      assert.equal(said(await look('tls', { host: '127.0.0.1', port })), expected)
    })

  it('a client certificate is wanted, by TLS 1.3', async () => {
    const port = await listening(serve({ requestCert: true }))
    const outcome = await look('http', { url: `https://127.0.0.1:${port}/`, verify: false })
    assert.equal(said(outcome), `tls_handshake: 127.0.0.1:${port} wants a client certificate`)
  })
})

describe('http reads a body as it is meant', () => {
  const TEXT = '{"status":"service healthy","text":"está en operación"}'
  const PACKED = {
    gzip: gzipSync(TEXT),
    br: brotliCompressSync(TEXT),
    deflate: deflateSync(TEXT),
    zstd: zstdCompressSync(TEXT),
  }
  const page = async (headers: string, body: Buffer) => {
    const url = `http://${await answering(Buffer.concat([Buffer.from(`${OK}${headers}\r\n\r\n`), body]))}/`
    return async (options: object) => said(await look('http', { url, ...options }))
  }

  for (const [encoding, body] of Object.entries(PACKED))
    it(`packed by ${encoding}`, async () => {
      const seen = await page(`Content-Encoding: ${encoding}`, body)
      assert.equal(await seen({ contains: 'service healthy', json: { '$.status': 'service healthy' } }), 'ok')
      assert.match(await seen({ not_contains: 'healthy' }), /^keyword_present/)
    })

  it('in Latin-1, in UTF-16, and with a byte order mark', async () => {
    const latin1 = await page('Content-Type: text/html; charset=iso-8859-1', Buffer.from(TEXT, 'latin1'))
    assert.equal(await latin1({ contains: 'está en operación', not_contains: '�' }), 'ok')
    const utf16 = await page('Content-Type: text/plain; charset=utf-16', Buffer.from(TEXT, 'utf16le'))
    assert.equal(await utf16({ contains: 'está en operación' }), 'ok')
    const marked = await page('Content-Type: application/json', Buffer.from(`\ufeff${TEXT}`))
    assert.equal(await marked({ json: { '$.text': 'está en operación' } }), 'ok')
  })

  it('up to its limit: what is found counts, what is not may come later', async () => {
    const seen = await page('', Buffer.from(`found early ${'x'.repeat(3_000_000)} found late`))
    assert.equal(await seen({ contains: 'found early' }), 'ok')
    assert.match(await seen({ not_contains: 'found early' }), /^keyword_present/)
    for (const options of [{ contains: 'found late' }, { not_contains: 'trouble' }, { json: { a: 1 } }])
      assert.match(await seen(options), /^body_too_large: .* is larger than 1048576 bytes$/)
    assert.equal(await seen({ contains: 'found late', not_contains: 'trouble', body_limit: 4_000_000 }), 'ok')
  })

  it('up to its limit also once it is unpacked', async () => {
    const seen = await page('Content-Encoding: gzip', gzipSync(`found early ${'x'.repeat(50_000_000)}`))
    assert.equal(await seen({ contains: 'found early' }), 'ok')
    assert.match(await seen({ not_contains: 'trouble' }), /^body_too_large/)
  })
})

describe('http compares JSON', () => {
  const DOCUMENT = { 'core.db': 'up', arr: [{ up: true }], orders: [1, 2], s: '42.5', o: { a: 1, b: 2 } }
  const type = probeTypes.get('http')!

  it('by keys of every kind, by length, and numbers also as texts', async () => {
    const url = `http://${await answering(`${OK}\r\n${JSON.stringify(DOCUMENT)}`)}/`
    const json = {
      "$['core.db']": 'up',
      'core.db': 'up',
      '$.arr[0].up': true,
      '$.orders.length': '>= 2',
      '$.s': '> 40',
      '$.o': { b: 2, a: 1 },
    }
    assert.equal(said(await look('http', { url, json })), 'ok')
    assert.equal(
      said(await look('http', { url, json: { '$.s': '> 50' } })),
      'json_mismatch: $.s is "42.5", expected > 50',
    )
  })

  it('and refuses, when a file is read, what could never hold', () => {
    const url = 'http://x.test/'
    const problem = (json: object) => {
      const found = type.check!({ url, json } as never)
      return found && problemSaid(found).message
    }
    assert.equal(problem({ '$.a.b[0]': 'x', "$['a b']": '> 4.5' }), undefined)
    for (const path of ['$.arr[*].up', "$.arr[?(@.name=='b')].up", '$..up'])
      assert.match(problem({ [path]: true })!, /^json: .* is no path of one value; write /)
    assert.equal(problem({ '$.a': '> high' }), 'json: $.a: > compares with a number, and "high" is none')
  })
})

describe('http keeps what one look needs', () => {
  const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => unknown) =>
    listening(createHttp((request, response) => void answer(request, response)))

  it('cookies, of their host and path only', async () => {
    const heard: string[] = []
    const other = await serve(({ headers }, response) => {
      heard.push(`other ${headers.cookie}`)
      response.end('well')
    })
    const port = await serve(({ url, headers }, response) => {
      heard.push(`${url} ${headers.cookie}`)
      const to = { '/': '/in', '/in': '/in/deep', '/in/deep': `http://localhost:${other}/` }[url!]
      const set = ['seen=1; Path=/', 'deep=2; Path=/in/deep', 'gone=3; Max-Age=0', 'safe=4; Secure', 'x=5; Domain=test']
      response.writeHead(302, { location: to, 'set-cookie': url === '/' ? set : [] }).end()
    })
    const url = `http://127.0.0.1:${port}/`
    assert.equal(said(await look('http', { url, headers: { Cookie: 'own=0' } })), 'ok')
    assert.deepEqual(heard, ['/ own=0', '/in own=0; seen=1', '/in/deep own=0; seen=1; deep=2', 'other undefined'])
    heard.length = 0
    await look('http', { url })
    assert.equal(heard[0], '/ undefined')
  })

  it('the login of its URL, for the same origin only', async () => {
    const heard: string[] = []
    const note = ({ url, headers }: IncomingMessage) => heard.push(`${url} ${headers.authorization}`)
    const other = await serve((request, response) => {
      note(request)
      response.end()
    })
    const port: number = await serve((request, response) => {
      note(request)
      const to = request.url === '/first' ? `http://127.0.0.1:${port}/second` : `http://127.0.0.1:${other}/other`
      response.writeHead(302, { location: to }).end()
    })
    assert.equal(said(await look('http', { url: `http://u:p@127.0.0.1:${port}/first` })), 'ok')
    assert.deepEqual(heard, ['/first Basic dTpw', '/second Basic dTpw', '/other undefined'])
  })

  it('the login to another host where that is trusted, and says where it did not send it', async () => {
    const heard: string[] = []
    const other: number = await serve((request, response) => {
      heard.push(`${request.method} ${request.headers.authorization} ${request.headers['x-own']}`)
      response.writeHead(request.headers.authorization ? 200 : 401).end()
    })
    const port = await serve((_, response) => {
      response.writeHead(307, { location: `http://localhost:${other}/in` }).end()
    })
    const url = `http://u:p@127.0.0.1:${port}/`
    const options = { url, method: 'POST', body: 'ping', headers: { 'X-Own': 'yes' } }
    assert.equal(
      said(await look('http', options)),
      `status_mismatch: localhost:${other} answered 401, expected 2xx; the login was not sent to http://localhost:${other}, for it is another place than http://127.0.0.1:${port}: location_trusted: ["localhost"] allows it`,
    )
    assert.equal(said(await look('http', { ...options, location_trusted: ['localhost'] })), 'ok')
    assert.equal(said(await look('http', { ...options, location_trusted: ['other.test', '*'] })), 'ok')
    assert.match(said(await look('http', { ...options, location_trusted: ['*.localhost'] })), /was not sent/)
    const sent = 'POST Basic dTpw yes'
    assert.deepEqual(heard, ['POST undefined undefined', sent, sent, 'POST undefined undefined'])
  })
})

describe('a name with several addresses', { skip: lacksIpv6 }, () => {
  let own: EngineTools
  let port = 0
  let secure = 0
  before(async () => {
    const dns = await createDnsServer((name) => {
      if (name === 'silent.test') return undefined
      return name === 'both.test' ? { aaaa: ['0:0:0:0:0:0:0:1'], a: ['127.0.0.1'] } : { a: ['127.0.0.9', '127.0.0.1'] }
    })
    const files = createNameFiles({ resolvConf: serverLine(dns) })
    const names = createNames({ files: files.files })
    own = createProbeTools({ names })
    closers.push(
      () => dns.close(),
      files.remove,
      () => names.close(),
      () => own.close(),
    )
    port = await listening(createHttp((_, response) => response.end('well')))
    secure = await listening(createTls(selfSigned, (socket) => void socket.on('error', () => {})) as unknown as Server)
  })

  for (const name of ['both.test', 'two.test'])
    it(`${name} is looked at by the one that answers, whatever the type`, async () => {
      assert.equal(said(await look('http', { url: `http://${name}:${port}/`, contains: 'well' }, own)), 'ok')
      assert.equal(said(await look('tcp', { host: name, port }, own)), 'ok')
      assert.match(said(await look('tls', { host: name, port: secure }, own)), /^tls_invalid: .*signed by itself$/)
    })

  /** Pings, of which all to other addresses are lost. */
  const onlyTo =
    (answering: string): EngineTools['ping'] =>
    (request, signal) => {
      if (request.address === answering) return own.ping(request, signal)
      return new Promise((resolve) => {
        const lost = () => resolve({ rtts: new Array(request.packets).fill(Number.NaN) })
        const timer = setTimeout(lost, request.timeoutMs)
        signal.addEventListener('abort', () => {
          clearTimeout(timer)
          lost()
        })
      })
    }

  it('is pinged at the one that answers', async (context) => {
    if (own.pingMethod === 'command') return context.skip('this user may not open an ICMP socket')
    const silent = { ...own, ping: onlyTo('127.0.0.1') }
    const outcome = await look('icmp', { host: 'two.test', packets: 3, gap: '20ms' }, silent, 2000)
    assert.equal(said(outcome), 'ok')
    assert.deepEqual([outcome.facts!.address, outcome.facts!.sent, outcome.facts!.received], ['127.0.0.1', 3, 3])
    const lost = await look('icmp', { host: 'two.test', packets: 2, gap: '1ms' }, { ...own, ping: onlyTo('none') }, 50)
    assert.match(said(lost), /^timeout: 0 of 2 pings to 127.0.0.[19] were answered$/)
  })

  it('a resolver that is silent is what did not answer in time', async () => {
    const outcome = await look('http', { url: 'http://silent.test:1/' }, own, 300)
    assert.equal(said(outcome), 'timeout: the resolver did not answer for silent.test in time')
  })
})
