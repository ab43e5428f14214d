import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import type { Message, Rendered } from '#core/message/message.ts'
import { createHttpSink } from '../../test/fixtures/servers/http-sink.ts'
import { systemTime } from '../../test/fixtures/system-time.ts'
import { webhook } from './webhook.ts'

const message: Message = {
  id: '0198-abc',
  reason: 'first',
  severity: 'HIGH',
  subject: 'web "one"',
  title: 'DOWN web',
  message: 'DOWN web',
  monitor: 'web',
  target: null,
  state: 'down',
  previous_state: 'up',
  since: '2026-03-01T03:12:04.000Z',
  cause: null,
  labels: { site: 'POP-3' },
  rule: null,
  alert: 7,
  url: null,
}
const chat = { mark: '', title: '', detail: '', color: '#000000', links: [] }
const rendered: Rendered = { message, language: 'en', timeZone: 'UTC', subject: '', lines: [], html: '', chat }

const request = async (
  t: TestContext,
  { path = '/hook?a=1', ...options }: Partial<Parameters<typeof webhook.describe>[0]> & { readonly path?: string },
  changes: Partial<Message> = {},
) => {
  const sink = await createHttpSink()
  t.after(() => sink.close())
  const context = {
    signal: new AbortController().signal,
    timeoutMs: 5000,
    environment: {},
    ...systemTime,
    references: [],
  }
  const outcome = await webhook.send(
    { ...rendered, message: { ...message, ...changes } },
    { url: `${sink.url}${path}`, ...options },
    context,
  )
  assert.ok(outcome.ok, JSON.stringify(outcome))
  return sink.requests[0]!
}

describe('webhook', () => {
  it('posts the whole message as JSON, with an id to recognise a repeat by', async (t) => {
    const { method, path, headers, body } = await request(t, {})
    assert.deepEqual([method, path, headers['content-type']], ['POST', '/hook?a=1', 'application/json'])
    assert.equal(headers['idempotency-key'], '0198-abc')
    assert.deepEqual(JSON.parse(body), message)
  })

  it('signs time and body', async (t) => {
    const { headers, body } = await request(t, { secret: 'shared' })
    const timestamp = String(headers['x-vigia-timestamp'])
    const expected = createHmac('sha256', 'shared').update(`${timestamp}.${body}`).digest('hex')
    assert.equal(headers['x-vigia-signature'], `sha256=${expected}`)
    assert.ok(Math.abs(Number(timestamp) * 1000 - Date.now()) < 3_600_000, 'seconds since the epoch')
  })

  it('writes a body of its own', async (t) => {
    const { method, headers, body } = await request(t, {
      method: 'PUT',
      headers: { 'X-Room': 'noc', 'Content-Type': 'application/json; charset=utf-8' },
      body: '{"text":"{{ subject }} at {{ labels.site }}","alert":{{ alert }}}',
    })
    assert.deepEqual(
      [method, headers['x-room'], headers['content-type']],
      ['PUT', 'noc', 'application/json; charset=utf-8'],
    )
    assert.deepEqual(JSON.parse(body), { text: 'web "one" at POP-3', alert: 7 })
  })

  it('names the type of a body by how it begins', async (t) => {
    const type = async (body: string) => (await request(t, { body })).headers['content-type']
    assert.equal(await type('{"a":1}'), 'application/json')
    assert.equal(await type('{{ subject }} is down'), 'text/plain; charset=utf-8')
  })

  it('sends no body with GET', async (t) => {
    const { method, body } = await request(t, { method: 'GET' })
    assert.deepEqual([method, body], ['GET', ''])
  })

  it('fills fields into path, query and headers, where no value can become more than one', async (t) => {
    const { path, headers, body } = await request(
      t,
      {
        method: 'GET',
        path: '/sms/{{ labels.site }}?to=549351&text={{ message }}&none={{ cause }}',
        headers: { 'X-Title': 'Vigía {{ message }}', authorization: 'Bearer s3cret-token' },
      },
      { message: 'CAÍDO a&b=c#d\r\nX: y', labels: { site: '../..' }, cause: null },
    )
    assert.equal(path, '/sms/..%2F..?to=549351&text=CA%C3%8DDO%20a%26b%3Dc%23d%0D%0AX%3A%20y&none=')
    assert.equal(Buffer.from(String(headers['x-title']), 'latin1').toString('utf8'), 'Vigía CAÍDO a&b=c#d X: y')
    assert.deepEqual([headers.x, body], [undefined, ''])
  })

  it('refuses at load what could not be sent', () => {
    const check = (options: object) => {
      const wrong = webhook.check!({ url: 'http://x.example/', ...options }, {})
      return wrong && 'message' in wrong ? wrong.message : undefined
    }
    assert.equal(check({ headers: { authorization: 'Bearer x' }, body: '{{ subject }}' }), undefined)
    assert.match(check({ url: 'http://' })!, /^url/)
    assert.match(check({ headers: { 'a b': 'c' } })!, /^headers: "a b"/)
    assert.match(check({ headers: { a: 'hidden\r\nb: d' } })!, /^headers: "a" has/)
    assert.match(check({ headers: { 'Content-Length': '1' } })!, /set by Vigía itself/)
    assert.match(check({ body: 'a\n{{ 1 + }}' })!, /line 2, column 1/)
    assert.match(check({ body: 'a {{ mesage }}' })!, /line 1, column 3: mesage is no field .* message monitor/)
    assert.match(check({ url: 'http://x.example/?t={{ mesage }}' })!, /^url: mesage is no field/)
    assert.match(check({ url: 'http://x.example/?t={{ message' })!, /^url: expected a field/)
    assert.match(check({ headers: { 'x-a': '{{ subject.name }}' } })!, /^headers: "x-a": subject holds no fields/)
    assert.equal(check({ url: 'http://x.example/{{ labels.site }}?t={{ event.ip }}', method: 'GET' }), undefined)
    for (const url of ['http://{{ subject }}/', 'http://x{{ subject }}.example/', 'http://{{ subject }}@x.example/'])
      assert.match(check({ url })!, /^url: (fields may stand|not a URL)/)
    assert.match(check({ method: 'GET', body: '{{ subject }}' })!, /^body: GET sends none/)
  })

  it('shows its place and nothing of its path', () => {
    assert.equal(webhook.describe({ url: 'https://me:secret@x.example:8443/token?key=1' }), 'https://x.example:8443/…')
  })
})
