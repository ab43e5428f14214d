import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { mayAct, type Role } from '#core/who/role.ts'
import { type Json, startTestServer, type TestServer } from '../fixtures/server.ts'

const PASSWORD = 'correct horse battery'
const HERE = { 'sec-fetch-site': 'same-origin' }
const ELSEWHERE = { 'sec-fetch-site': 'cross-site' }
const MONTH_MS = 31 * 86_400_000
/** Of nothing that is there, so that who may change things changes nothing. */
const NOTHING = '987654321'

/** What docs/access.md and docs/api.md say beyond "reading needs `viewer`, changing `operator`". */
const EXCEPTIONS: readonly (readonly [RegExp, Role])[] = [
  [/^\w+ \/api\/v1\/(users|tokens|audit|imports)\b/, 'administrator'],
  [/^PATCH \/api\/v1\/(settings|schedules)\b/, 'administrator'],
  [/^\w+ \/api\/v1\/configuration\b/, 'administrator'],
  [/^POST \/api\/v1\/tables\b/, 'administrator'],
  [/^\w+ \/api\/v1\/me\b/, 'viewer'],
  [/^GET \/api\/v1\/monitors\/\{id\}\/push-url$/, 'operator'],
  [/^GET \/api\/v1\/maintenance\/link$/, 'operator'],
  [/^\w+ \/api\/v1\/wall\/link$/, 'administrator'],
  [/^POST \/api\/v1\/(maintenance|silences)\/preview$/, 'viewer'],
]
/** What the OpenAPI document does not know: the pages, figures, and the APIs of other programs. */
const OTHERS = `
GET / | GET /monitors/1 | GET /metrics | GET /probe | GET /alerts/api/channels | POST /alerts/api/channels
GET /alerts/api/channels/{id} | PUT /alerts/api/channels/{id} | DELETE /alerts/api/channels/{id}
POST /alerts/api/channels/{id}/test | POST /alerts/api/channels/{id}/toggle
GET /alerts/api/rules | POST /alerts/api/rules | GET /alerts/api/rules/{id} | PUT /alerts/api/rules/{id}
DELETE /alerts/api/rules/{id} | POST /alerts/api/rules/{id}/toggle | GET /alerts/api/logs | GET /alerts/api/logs/stats
POST /alerts/api/test-alert | GET /api/fail2ban/status | GET /api/fail2ban/jails | GET /api/fail2ban/banned-ips
POST /api/fail2ban/ban | POST /api/fail2ban/unban
GET /api/v2/alerts | POST /api/v2/alerts | GET /api/v2/silences | POST /api/v2/silences | GET /api/v2/silence/{id}
DELETE /api/v2/silence/{id} | GET /api/v2/receivers | GET /api/v2/status | GET /nothing | POST /nothing
`
/** Whose key stands in the address, or who has none yet. */
const PUBLIC = `
GET /healthz | GET /readyz | GET /sign-in | GET /setup | POST /setup | POST /sign-in | POST /sign-out
GET /push/{id} | POST /push/{id}/fail | GET /ping/{id} | GET /api/push/{id} | GET /ack/{id} | POST /ack/{id}
GET /calendar/{id} | GET /push-worker.js | GET /wall | GET /wall/{id} | GET /wall/{id}/states
`

const listed = (text: string) =>
  text
    .split(/[|\n]/)
    .map((one) => one.trim())
    .filter(Boolean)

interface Caller {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** Absent: whoever he was, he is nobody now. */
  readonly role?: Role
}

describe('who may do what', () => {
  let api: TestServer
  let operations: string[]
  let callers: Caller[]

  const signIn = async (role: Role, name: string = role) => {
    await api.post('users', { name, password: PASSWORD, role })
    const body = new URLSearchParams({ name, password: PASSWORD, code: '' })
    const answer = await fetch(`${api.url}/sign-in`, { method: 'POST', body, headers: HERE, redirect: 'manual' })
    assert.equal(answer.status, 303)
    return answer.headers.get('set-cookie')!.split(';')[0]!
  }
  const ask = async (operation: string, headers: Readonly<Record<string, string>>) => {
    const [method = '', path = ''] = operation.split(' ')
    const sends = method !== 'GET' && method !== 'DELETE'
    const answer = await fetch(api.url + path.replace(/\{\w+\}/g, NOTHING), {
      method,
      redirect: 'manual',
      headers: { ...(sends && { 'content-type': 'application/json' }), ...headers },
      ...(sends && { body: '{}' }),
    })
    const goesOn = answer.headers.get('content-type')?.startsWith('text/event-stream')
    const text = goesOn ? '' : await answer.text()
    if (goesOn) await answer.body!.cancel()
    return { status: answer.status, text, headers: answer.headers }
  }
  const needs = (operation: string): Role =>
    EXCEPTIONS.find(([form]) => form.test(operation))?.[1] ?? (operation.startsWith('GET ') ? 'viewer' : 'operator')

  before(async () => {
    api = await startTestServer()
    const old = await signIn('administrator', 'old')
    api.advance(MONTH_MS)
    const temporary = await api.post('tokens', { name: 'short', role: 'administrator', expires: '1s' })
    const deleted = await api.post('tokens', { name: 'deleted', role: 'administrator' })
    await api.remove(`tokens/${deleted.id}`)
    const disabled = await signIn('administrator', 'disabled')
    const { items: users } = await api.get('users')
    await api.patch(`users/${users.find(({ name }: Json) => name === 'disabled').id}`, { enabled: false })
    const left = await signIn('administrator', 'left')
    await ask('POST /sign-out', { cookie: left, ...HERE })
    api.advance(5000)
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
    const session = async (role: Role) => ({ cookie: await signIn(role), ...HERE })
    callers = [
      { name: 'nobody', headers: {} },
      { name: 'a token that never was', headers: bearer('vg_nothing') },
      { name: 'a deleted token', headers: bearer(deleted.token) },
      { name: 'a token whose time is over', headers: bearer(temporary.token) },
      { name: 'a session whose time is over', headers: { cookie: old, ...HERE } },
      { name: 'a session of a disabled account', headers: { cookie: disabled, ...HERE } },
      { name: 'a session that was left', headers: { cookie: left, ...HERE } },
      { name: 'a viewer', headers: bearer(api.tokens.viewer), role: 'viewer' },
      { name: 'an operator', headers: bearer(api.tokens.operator), role: 'operator' },
      { name: 'an administrator', headers: bearer(api.tokens.administrator), role: 'administrator' },
      { name: 'a viewer in a browser', headers: await session('viewer'), role: 'viewer' },
      { name: 'an operator in a browser', headers: await session('operator'), role: 'operator' },
    ]
    const document = await api.get('openapi.json')
    operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    operations.push(...listed(OTHERS))
  })
  after(() => api.stop())

  it('is the same for every route that there is', async () => {
    const wrong: string[] = []
    const judge = async (operation: string, { name, headers, role }: Caller) => {
      const { status, text } = await ask(operation, headers)
      const refused = status === 401 ? 'unauthorized' : status === 403 && text.includes('needs the role') ? 'role' : ''
      // A role is asked for only where there is something.
      const there = !operation.endsWith(' /nothing')
      const expected = role === undefined ? 'unauthorized' : there && !mayAct(role, needs(operation)) ? 'role' : ''
      if (refused !== expected || status >= 500) wrong.push(`${name}: ${operation} answered ${status} ${text}`)
    }
    for (const operation of operations) await Promise.all(callers.map((caller) => judge(operation, caller)))
    assert.deepEqual(wrong, [])
  })

  it('does not take a change by cookie from the page of another site', async () => {
    const { headers } = callers.find(({ name }) => name === 'an operator in a browser')!
    for (const operation of operations.filter((one) => !one.startsWith('GET '))) {
      const { status, text } = await ask(operation, { ...headers, ...ELSEWHERE })
      assert.deepEqual([status, JSON.parse(text).code], [403, 'cross_site'], operation)
    }
  })

  it('lets strangers to health, sign-in and what has its key in the address, and there they learn nothing', async () => {
    for (const operation of listed(PUBLIC)) {
      const { status, text, headers } = await ask(operation, {})
      assert.ok(!headers.has('www-authenticate') && status < 500, `${operation} answered ${status}`)
      assert.doesNotMatch(text, /administrator|old|disabled/, operation)
    }
  })
})
