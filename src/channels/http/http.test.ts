import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { SendContext } from '#core/channel.ts'
import { deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { selfSigned } from '../../../test/fixtures/servers/certificates.ts'
import { createHttpSink, type HttpAnswer } from '../../../test/fixtures/servers/http-sink.ts'
import { systemTime } from '../../../test/fixtures/system-time.ts'
import { deliver, type HttpRequest } from './http.ts'

const context = (changes: Partial<SendContext> = {}): SendContext => ({
  signal: new AbortController().signal,
  timeoutMs: 5000,
  environment: {},
  ...systemTime,
  references: [],
  ...changes,
})

const start = async (t: TestContext, answer: (path: string) => HttpAnswer = () => ({}), certificate = false) => {
  const sink = await createHttpSink({
    answer: ({ path }) => answer(path),
    ...(certificate && { certificate: selfSigned }),
  })
  t.after(() => sink.close())
  const send = (path = '/', changes: Partial<SendContext> = {}, request: Partial<HttpRequest> = {}) =>
    deliver(
      { url: `${sink.url}${path}`, method: 'POST', headers: {}, body: 'hi', secrets: [], ...request },
      context(changes),
    )
  return { sink, send }
}

/** A failure, said in English. */
const failed = async (outcome: ReturnType<typeof deliver>) => {
  const settled = deliveryOutcomeView(await outcome)
  assert.ok(!settled.ok, 'the request should have failed')
  return settled
}

describe('kept connections', () => {
  /** Counts connections, and can close them from its side. */
  const startCounting = async (t: TestContext) => {
    const connections: Socket[] = []
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.end('ok'))
    }).on('connection', (socket) => connections.push(socket))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()))
    t.after(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const request = { url: `http://127.0.0.1:${port}/`, method: 'POST', headers: {}, body: 'hi', secrets: [] }
    return { connections, send: (changes: Partial<SendContext> = {}) => deliver(request, context(changes)) }
  }

  it('serve one message after the other', async (t) => {
    const { connections, send } = await startCounting(t)
    for (const _ of [1, 2, 3]) assert.equal((await send()).ok, true)
    assert.equal(connections.length, 1)
  })

  it('that the other side has closed meanwhile cost nothing but a new one', async (t) => {
    const { connections, send } = await startCounting(t)
    for (const _ of [1, 2, 3, 4, 5]) {
      assert.equal((await send()).ok, true)
      // Not a polite end: the next message leaves on the connection before anybody has heard that it is gone.
      connections.at(-1)!.resetAndDestroy()
    }
    assert.ok(connections.length >= 5)
  })

  it('are not for addresses that are checked', async (t) => {
    const { connections, send } = await startCounting(t)
    for (const _ of [1, 2]) assert.equal((await send({ guard: () => undefined })).ok, true)
    assert.equal(connections.length, 2)
  })

  it('carry no listeners from one message to the next', async (t) => {
    const { send } = await startCounting(t)
    const warnings: string[] = []
    const note = ({ name }: Error) => warnings.push(name)
    process.on('warning', note)
    t.after(() => process.off('warning', note))
    for (let count = 0; count < 15; count++) assert.equal((await send()).ok, true)
    assert.deepEqual(warnings, [])
  })
})

describe('guard', () => {
  const notHere = because('as_said', { words: 'Not here.' })
  const guard = (_url: URL, address: string) => (address === '127.0.0.1' || address === '::1' ? notHere : undefined)

  it('stops a forbidden address before anything is sent, written as name or number', async (t) => {
    const { sink, send } = await start(t)
    const names = ['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::1]']
    for (const name of names) {
      const outcome = await failed(send('/', { guard }, { url: `http://${name}:${sink.port}/` }))
      assert.deepEqual(
        [outcome.kind, outcome.reason, outcome.message],
        ['permanent', 'forbidden_target', 'Not here.'],
        name,
      )
    }
    assert.equal(sink.requests.length, 0)
  })

  it('sees each redirect', async (t) => {
    const { sink, send } = await start(t, () => ({ status: 307, headers: { location: '/private' } }))
    const seen: string[] = []
    const watch = (url: URL) => {
      seen.push(url.pathname)
      return url.pathname === '/private' ? notHere : undefined
    }
    assert.equal((await failed(send('/a', { guard: watch }, { followRedirects: true }))).reason, 'forbidden_target')
    assert.deepEqual([seen, sink.requests.length], [['/a', '/private'], 1])
  })

  it('lets the rest pass', async (t) => {
    const { send } = await start(t)
    assert.ok((await send('/', { guard: () => undefined })).ok)
  })
})

describe('redirects', () => {
  it('of the same origin are followed with method and body', async (t) => {
    const { sink, send } = await start(t, (path) =>
      path === '/end' ? {} : { status: 308, headers: { location: path === '/a' ? '/b' : '/end' } },
    )
    assert.ok((await send('/a', {}, { followRedirects: true })).ok)
    assert.deepEqual(
      sink.requests.map(({ method, path, body }) => `${method} ${path} ${body}`),
      ['POST /a hi', 'POST /b hi', 'POST /end hi'],
    )
  })

  it('end after three', async (t) => {
    const { sink, send } = await start(t, () => ({ status: 307, headers: { location: '/again' } }))
    assert.equal((await failed(send('/', {}, { followRedirects: true }))).reason, 'bad_configuration')
    assert.equal(sink.requests.length, 4)
  })

  it('to another place, or of another kind, are refused and show no secret of theirs', async (t) => {
    const { sink, send } = await start(t, (path) => ({
      status: path === '/302' ? 302 : 307,
      headers: { location: 'http://elsewhere.example/?token=hidden' },
    }))
    for (const path of ['/302', '/307']) {
      const outcome = await failed(send(path, {}, { followRedirects: true }))
      assert.equal(outcome.reason, 'bad_configuration')
      assert.match(outcome.message, /http:\/\/elsewhere\.example,/)
      assert.ok(!JSON.stringify(outcome).includes('hidden'))
    }
    assert.equal(sink.requests.length, 2)
  })
})

describe('answers', () => {
  it('an answer without end is read to 64 KiB and counts by its status', async (t) => {
    const { send } = await start(t, () => ({ body: 'x'.repeat(5_000_000) }))
    const outcome = await send()
    assert.ok(outcome.ok)
    assert.ok(outcome.response!.length <= 200)
  })

  it('a body that is cut off takes nothing back', async (t) => {
    const { send } = await start(t, () => ({ drop: 'within' }))
    assert.ok((await send()).ok)
  })

  it('each status has its meaning', async (t) => {
    const { send } = await start(t, (path) => ({ status: Number(path.slice(1)) }))
    const meanings: [number, string, string][] = [
      [400, 'permanent', 'message_refused'],
      [401, 'permanent', 'authentication_failed'],
      [403, 'permanent', 'authentication_failed'],
      [404, 'permanent', 'not_found'],
      [408, 'transient', 'timeout'],
      [410, 'permanent', 'not_found'],
      [429, 'transient', 'rate_limited'],
      [500, 'transient', 'server_error'],
      [503, 'transient', 'server_error'],
    ]
    for (const [status, kind, reason] of meanings) {
      const outcome = await failed(send(`/${status}`))
      assert.deepEqual([outcome.code, outcome.kind, outcome.reason], [status, kind, reason])
    }
  })
})

describe('connections', () => {
  it('a certificate of nobody known is refused, with the cure', async (t) => {
    const { sink, send } = await start(t, undefined, true)
    const outcome = await failed(send())
    assert.deepEqual([outcome.kind, outcome.reason], ['permanent', 'tls_failed'])
    assert.match(outcome.cure!, /NODE_EXTRA_CA_CERTS/)
    assert.equal(sink.requests.length, 0)
  })

  it('https towards a port that speaks http says so', async (t) => {
    const { sink, send } = await start(t)
    assert.equal((await failed(send('/', {}, { url: `https://127.0.0.1:${sink.port}/` }))).reason, 'tls_failed')
  })

  it('what is no http address is a fault of the settings', async (t) => {
    const { send } = await start(t)
    for (const url of ['nothing', 'ftp://127.0.0.1/', 'http://a%zz:b@127.0.0.1/', 'http://'])
      assert.equal((await failed(send('/', {}, { url }))).reason, 'bad_configuration', url)
    assert.equal((await failed(send('/', {}, { headers: { 'x-a': 'b\r\nc: d' } }))).reason, 'bad_configuration')
  })

  it('sends the login of the address, and never shows it', async (t) => {
    const { sink, send } = await start(t, () => ({ status: 401, body: 'no, pass%20word or pass word' }))
    const outcome = await failed(send('/', {}, { url: sink.url.replace('//', '//me:pass%20word@') }))
    assert.equal(sink.requests[0]!.headers.authorization, `Basic ${Buffer.from('me:pass word').toString('base64')}`)
    assert.equal(outcome.response, 'no, *** or ***')
  })
})
