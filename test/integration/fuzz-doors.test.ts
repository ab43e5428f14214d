import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const SECRET = 's3cret-of-the-channel'
const RUNS = Number(process.env.FUZZ_RUNS ?? 150)
const LIMITS = { interruptAfterTimeLimit: RUNS * 10, numRuns: RUNS } as const

const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    '__proto__',
    'constructor',
    '***',
    '{{ 7 * 7 }}',
    '%00',
    '%',
    '\r\nX: y',
    '\u202e',
  ),
  fc.constantFrom(
    '0',
    '-1',
    '1e400',
    'NaN',
    '1'.repeat(400),
    'x'.repeat(5000),
    '0001-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const anything: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  oddText,
  fc.constantFrom(null, true, [], {}, 0, -1, 1e300),
)
const inPath = oddText.map((text) => encodeURIComponent(text.toWellFormed()))
const query = fc
  .array(fc.tuple(fc.constantFrom('status', 'msg', 'ping', 'target', 'module', 'debug', 'hostname', 'x'), oddText), {
    maxLength: 5,
  })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&'))

/** A text or bytes under a type that may not be theirs. */
const raw = fc.record({
  type: fc.constantFrom(
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    ';;',
  ),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    oddText.map((text) => Buffer.from(text)),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
  ),
})

describe('what anybody may send', () => {
  let api: TestServer
  let hook: HttpSink
  let ack = ''
  let push = ''

  before(async () => {
    hook = await createHttpSink()
    api = await startTestServer({
      wanted: {
        monitors: [fileMonitor('job')],
        channels: [fileChannel('hook', hook.url, { options: { url: hook.url, headers: { authorization: SECRET } } })],
      } as Json,
    })
    await api.post('rules', { name: 'all', type: 'prometheus_alert', channels: ['hook'], cooldown: '0' })
    await api.post('rules', { name: 'one', type: 'one', channels: ['hook'] })
    await api.event({ type: 'one', subject: 'first' })
    const link = await until(async () => hook.requests.map(({ body }) => JSON.parse(body).ack_url)[0], 'a link')
    ack = new URL(link).pathname
    push = new URL((await api.get('monitors/1/push-url')).url).pathname
  })
  after(async () => {
    await api.stop()
    await hook.close()
  })

  /** As it stands, without the cleaning that fetch does. */
  const send = (method: string, path: string, headers: Record<string, string>, body?: Buffer) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const { hostname, port } = new URL(api.url)
      request({ hostname, port, method, path, headers }, async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        resolve({ status: response.statusCode ?? 0, text })
      })
        .on('error', reject)
        .end(body)
    })
  const hold = async (method: string, path: string, headers: Record<string, string> = {}, body?: Buffer) => {
    const { status, text } = await send(method, path, headers, body)
    assert.ok(
      status < 500,
      `${method} ${path} ${body?.toString('latin1').slice(0, 300)} answered ${status}: ${text.slice(0, 500)}`,
    )
    assert.ok(!text.includes(SECRET) && text.length < 100_000, path)
    return { status, text }
  }
  const use = (title: string, test: () => Promise<void>) =>
    it(title, { timeout: 60_000 }, async () => {
      await test()
      assert.doesNotMatch(api.log(), /internal error|unhandled/i)
      assert.ok(!api.log().includes(SECRET))
    })

  use('push URLs take what a script sends, and know only their own', async () => {
    const form = fc.record({
      path: fc.oneof(
        fc.constantFrom(push, push.replace('/push/', '/ping/'), push.replace('/push/', '/api/push/')),
        inPath.map((text) => `/push/${text}`),
      ),
      outcome: fc.oneof(
        fc.constantFrom('', '/fail', '/start', '/log', '/0', '/1', '/255', '/256'),
        inPath.map((text) => `/${text}`),
      ),
      query,
      method: fc.constantFrom('GET', 'POST', 'HEAD'),
      sent: raw,
    })
    await fc.assert(
      fc.asyncProperty(form, async ({ path, outcome, query: asked, method, sent }) => {
        await hold(
          method,
          `${path}${outcome}?${asked}`,
          { 'content-type': sent.type },
          method === 'POST' ? sent.body : undefined,
        )
      }),
      LIMITS,
    )
    assert.equal((await hold('GET', push)).status, 200)
  })

  use('links of messages take a form and nothing else', async () => {
    const field = fc.constantFrom('name', 'note', 'do', 'for', '__proto__', 'x')
    const body = fc.oneof(
      raw,
      fc
        .array(fc.tuple(field, fc.oneof(oddText, fc.constantFrom('silence', 'end', '1h', 'ana'))), { maxLength: 5 })
        .map((pairs) => ({
          type: 'application/x-www-form-urlencoded',
          body: Buffer.from(new URLSearchParams(pairs as [string, string][]).toString()),
        })),
    )
    const path = fc.oneof(
      fc.constant(ack),
      inPath.map((text) => `/ack/${text}`),
      fc.integer().map((id) => ack.replace(/\d+\./, `${id}.`)),
    )
    const language = fc.constantFrom('es', 'en', '*', ';q=', 'x'.repeat(3000), 'es;q=0.1, en;q=0.9')
    await fc.assert(
      fc.asyncProperty(path, body, language, fc.boolean(), async (where, sent, wanted, posts) => {
        const headers = { 'accept-language': wanted, 'content-type': sent.type }
        await hold(posts ? 'POST' : 'GET', where, headers, posts ? sent.body : undefined)
      }),
      LIMITS,
    )
    assert.equal((await hold('GET', ack)).status, 200)
  })

  use('the sign-in form and what stands before it', async () => {
    const fields = fc.array(
      fc.tuple(fc.constantFrom('name', 'password', 'code', 'next', 'token', 'password_again'), oddText),
      { maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/sign-in', '/setup', '/sign-out'),
        fields,
        raw,
        fc.boolean(),
        async (path, pairs, other, fits) => {
          const body = fits ? Buffer.from(new URLSearchParams(pairs as [string, string][]).toString()) : other.body
          const type = fits ? 'application/x-www-form-urlencoded' : other.type
          await hold(
            'POST',
            path,
            { 'content-type': type, cookie: `vigia=${encodeURIComponent(pairs[0]?.[1].toWellFormed() ?? '')}` },
            body,
          )
        },
      ),
      { ...LIMITS, numRuns: 40 },
    )
  })

  use('/probe answers whatever it is asked', async () => {
    const authorization = `Bearer ${api.tokens.viewer}`
    const target = fc.oneof(
      oddText,
      fc.constantFrom(
        '127.0.0.1:1',
        'http://[::1',
        '[::1]:1',
        'a'.repeat(300),
        'http://127.0.0.1:99999',
        '127.0.0.1:-1',
        '0x7f.1:1',
        'user:pw@127.0.0.1:1',
        '[fe80::1%25eth9]:1',
      ),
    )
    const module = fc.oneof(
      fc.constantFrom('http_2xx', 'tcp_connect', 'icmp', 'dns_udp', 'ssh_banner', 'http_post_2xx', '__proto__'),
      oddText,
    )
    const timeout = fc.constantFrom('1', '0', '-1', 'x', '1e99', '0.01')
    await fc.assert(
      fc.asyncProperty(target, module, timeout, fc.boolean(), async (one, by, seconds, debug) => {
        const asked = new URLSearchParams({
          target: one.toWellFormed(),
          module: by.toWellFormed(),
          debug: String(debug),
        })
        const { status, text } = await send('GET', `/probe?${asked}`, {
          authorization,
          'x-prometheus-scrape-timeout-seconds': seconds,
        })
        // As blackbox_exporter: a time that is no number is its 500.
        assert.ok(
          status < 500 || (status === 500 && /timeout/.test(text)),
          `${one} ${by} ${seconds}: ${status} ${text}`,
        )
      }),
      { ...LIMITS, numRuns: Math.min(RUNS, 100) },
    )
  })

  use('bodies of Prometheus and of the older panel', async () => {
    const authorization = `Bearer ${api.tokens.operator}`
    const labels = fc.oneof(
      fc.dictionary(oddText, oddText, { maxKeys: 4 }),
      fc.record({ alertname: oddText, severity: oddText }),
      anything,
    )
    const right = { labels: { alertname: 'a', severity: 'critical' }, annotations: { summary: 'x' } }
    const rightSilence = {
      matchers: [{ name: 'alertname', value: 'never', isRegex: false }],
      startsAt: '2999-01-01T00:00:00Z',
      endsAt: '2999-01-02T00:00:00Z',
      createdBy: 'ana',
      comment: 'x',
    }
    const time = fc.oneof(
      oddText,
      fc.constantFrom('2026-11-30T00:00:00Z', '2999-01-01T00:00:00+14:00', '0001-01-01T00:00:00Z'),
      anything,
    )
    const alert = fc.oneof(
      fc.record(
        { labels, annotations: labels, startsAt: time, endsAt: time, generatorURL: oddText },
        { requiredKeys: ['labels'] },
      ),
      anything,
    )
    const matcher = fc.oneof(
      fc.record({
        name: oddText,
        value: fc.oneof(oddText, fc.constantFrom('(a+)+$', '[', '.*', '(?<x>')),
        isRegex: fc.boolean(),
        isEqual: fc.boolean(),
      }),
      anything,
    )
    const silence = fc.record({
      matchers: fc.oneof(fc.array(matcher, { maxLength: 3 }), anything),
      startsAt: time,
      endsAt: time,
      createdBy: oddText,
      comment: oddText,
      id: oddText,
    })
    const call = fc.oneof(
      fc.tuple(
        fc.constant('/api/v2/alerts'),
        fc.oneof(fc.array(alert, { maxLength: 4 }), fc.constant([right]), anything),
      ),
      fc.tuple(fc.constant('/api/v2/silences'), fc.oneof(silence, fc.constant(rightSilence), anything)),
      fc.tuple(
        fc.constantFrom(
          '/alerts/api/rules',
          '/alerts/api/channels',
          '/alerts/api/test-alert',
          '/api/fail2ban/ban',
          '/api/fail2ban/unban',
        ),
        anything,
      ),
    )
    await fc.assert(
      fc.asyncProperty(call, fc.option(raw, { freq: 8 }), async ([path, value], other) => {
        const body = other?.body ?? Buffer.from(JSON.stringify(value) ?? 'null')
        const { status, text } = await send(
          'POST',
          path,
          { authorization, 'content-type': other?.type ?? 'application/json' },
          body,
        )
        assert.ok(
          status < 500 || /fail2ban/.test(path),
          `${path} ${body.toString().slice(0, 300)} answered ${status}: ${text}`,
        )
      }),
      LIMITS,
    )
    // And what is right is still taken.
    for (const [word, value] of [
      ['alerts', [right]],
      ['silences', rightSilence],
    ] as const)
      await api.post(`/api/v2/${word}`, value)
    const filter = fc.oneof(oddText, fc.constantFrom('a="b"', 'a=~"(x+)+$"', 'a=', '{', 'a="b",c!~"d"', 'a=~"["'))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('alerts', 'silences'), filter, async (word, text) => {
        await hold('GET', `/api/v2/${word}?filter=${encodeURIComponent(text.toWellFormed())}`, { authorization })
      }),
      { ...LIMITS, numRuns: 60 },
    )
  })
})
