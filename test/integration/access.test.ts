import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { pino } from 'pino'
import { safeNext } from '#api/access/origin.ts'
import { type ApiServer, startApi } from '#api/server.ts'
import type { Services } from '#api/services.ts'
import { accountsOf } from '#cli/accounts-of.ts'
import { BY_COMMAND } from '#cli/command.ts'
import type { Role } from '#core/who/role.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { createSealer } from '#storage/seal.ts'
import { loadSealKeys } from '#storage/seal-key.ts'
import { manualClock } from '../fixtures/manual-clock.ts'

const START = 1_700_000_000_000
const SECOND = 1000
const DAY = 86_400_000
const PASSWORD = 'correct horse battery'
const JSON_TYPE = { 'content-type': 'application/json' }
const HERE = { 'sec-fetch-site': 'same-origin' }

type Headers = Readonly<Record<string, string>>
// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client would, without types
type Answer = any

describe('access', () => {
  let folder: string
  let storage: Storage
  let api: ApiServer
  let clock: ReturnType<typeof manualClock>
  let log: string
  /** Everything that was answered, to look for secrets in it. */
  let answered: string

  const start = async (trustedProxies?: readonly string[]) => {
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        log += chunk
        done()
      },
    })
    return startApi({
      host: '127.0.0.1',
      port: 0,
      version: '0',
      // What is behind the guard does not matter here.
      services: {
        storage,
        now: clock.now,
        timers: systemTimers,
        monitorSchema: {},
        listen: () => () => {},
        cutOff: () => new Map(),
        operations: { quiets: {} },
      } as unknown as Services,
      storage,
      registry: { monitors: () => [], generation: () => 0 },
      latest: new Map(),
      status: async () => ({ trouble: undefined, engine: { monitors: 0 } }),
      clock,
      timers: systemTimers,
      timeZone: () => 'UTC',
      log: pino({ level: 'trace' }, sink),
      sealer: () => createSealer(loadSealKeys(folder)),
      pushKey: Buffer.alloc(32).toString('base64'),
      trustedProxies,
      // Holds no built page: what is looked at is the plain one.
      pageFolder: folder,
      signal: async () => {},
    })
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-access-'))
    storage = await openStorage({ dataDir: folder })
    clock = manualClock(START)
    log = ''
    answered = ''
    api = await start()
  })
  afterEach(async () => {
    await api.close()
    await storage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const request = async (method: string, path: string, headers: Headers = {}, body?: string) => {
    const response = await fetch(api.address + path, { method, headers, redirect: 'manual', ...(body && { body }) })
    const text = await response.text()
    answered += text
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: (): Answer => JSON.parse(text),
      cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
    }
  }
  const get = (path: string, headers?: Headers) => request('GET', path, headers)
  const call = (method: string, path: string, headers: Headers, body: object = {}) =>
    request(method, path, { ...JSON_TYPE, ...headers }, JSON.stringify(body))
  const submit = (path: string, fields: Record<string, string>, headers: Headers = HERE) =>
    request('POST', path, headers, new URLSearchParams(fields) as unknown as string)

  const accounts = () => accountsOf(storage, clock.now)
  const user = async (name: string, role: Role = 'administrator') => {
    const created = await accounts().createUser(BY_COMMAND, { name, password: PASSWORD, role })
    assert.ok(created.ok)
    return created.value
  }
  const bearer = async (role: Role, lastsMs: number | null = null) => {
    const { id, token } = await accounts().createToken(BY_COMMAND, { name: role, role, lastsMs })
    return { id, token, headers: { authorization: `Bearer ${token}` } }
  }
  const signIn = async (name: string, code = '') => {
    const answer = await submit('/sign-in', { name, password: PASSWORD, code })
    assert.equal(answer.status, 303, answer.text)
    return { cookie: answer.cookie, ...HERE }
  }
  const totpNow = (secret: string) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() })
  const enrol = async (session: Headers) => {
    const begun = (await call('POST', '/api/v1/me/totp', session, { current_password: PASSWORD })).json()
    const confirmed = await call('POST', '/api/v1/me/totp/confirm', session, { code: totpNow(begun.secret) })
    assert.equal(confirmed.status, 200, confirmed.text)
    return { secret: begun.secret as string, codes: confirmed.json().recovery_codes as string[], uri: begun.uri }
  }
  const actions = async () =>
    (await storage.audit.list({ limit: 100 })).map(({ actor, action, object }) => `${actor} ${action} ${object}`)

  it('lets nobody in but to health, sign-in, set-up and push', async () => {
    for (const path of ['/healthz', '/readyz', '/sign-in']) assert.equal((await get(path)).status, 200, path)
    assert.equal((await get('/push/nonsense')).status, 404)
    assert.equal((await get('/setup')).status, 403)
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/api/v1/engine'],
      ['GET', '/api/v1/users'],
      ['POST', '/api/v1/users'],
      ['GET', '/nothing'],
      ['POST', '/'],
    ] as const) {
      const answer = await request(method, path)
      assert.equal(answer.status, 401, `${method} ${path}`)
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
      assert.equal(answer.json().code, 'unauthorized')
    }
    for (const authorization of ['Bearer x', `Bearer vg_${'a'.repeat(43)}`, 'Basic YTpi', 'Bearer'])
      assert.equal((await get('/api/v1/me', { authorization })).status, 401)
    assert.equal((await get('/api/v1/me', { cookie: `vigia_session=vg_${'a'.repeat(43)}` })).status, 401)
  })

  it('sends a browser to the sign-in page and back to where it wanted', async () => {
    await user('ana')
    const browser = { accept: 'text/html,*/*' }
    assert.equal((await get('/', browser)).headers.get('location'), '/sign-in')
    const sent = await get('/alerts/?state=firing', browser)
    assert.equal(sent.status, 302)
    assert.equal(sent.headers.get('location'), '/sign-in?next=%2Falerts%2F%3Fstate%3Dfiring')
    const form = await get(sent.headers.get('location')!, { 'accept-language': 'es' })
    assert.match(form.text, /name="next" value="\/alerts\/\?state=firing"/)
    assert.match(form.text, /lang="es".*Iniciar sesión/)
    assert.doesNotMatch(form.text, /<script/)
    const answer = await submit('/sign-in', { name: 'ana', password: PASSWORD, next: '/alerts/?state=firing' })
    assert.equal(answer.headers.get('location'), '/alerts/?state=firing')
    assert.equal((await request('POST', '/api/v1/users', browser)).status, 401)
  })

  it('redirects to no other site', async () => {
    await user('ana')
    for (const next of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      '/.//evil.example',
      '/a/..//evil.example',
      'javascript:alert(1)',
      '/sign-out',
      'evil.example',
      '',
    ]) {
      assert.equal(safeNext(next), '/', next)
      const answer = await submit('/sign-in', { name: 'ana', password: PASSWORD, next })
      assert.equal(answer.headers.get('location'), '/', next)
    }
    assert.equal(safeNext('/a?b=//c'), '/a?b=//c')
  })

  it('creates the first administrator by a link that works once', async () => {
    assert.match((await get('/sign-in')).text, /no account yet/)
    const outdated = await api.setUpUrl(api.address)
    const link = new URL((await api.setUpUrl(`${api.address}/`))!)
    assert.equal(link.pathname, '/setup')
    const token = link.searchParams.get('token')!
    const fields = { token, name: 'Ana', password: PASSWORD, password_again: PASSWORD }

    assert.equal((await get(new URL(outdated!).pathname + new URL(outdated!).search)).status, 403)
    assert.equal((await get(`/setup?token=${token.slice(0, -1)}_`)).status, 403)
    assert.equal((await get('/setup?token=a&token=b')).status, 403)
    assert.equal((await submit('/setup', { ...fields, token: 'x' })).status, 403)
    assert.match((await get(link.pathname + link.search)).text, /Create the administrator/)
    assert.match((await submit('/setup', { ...fields, password_again: 'other' })).text, /passwords differ/)
    assert.match((await submit('/setup', { ...fields, name: '<b>' })).text, /value="&lt;b&gt;".*|A name is/)
    const short = { ...fields, password: 'x', password_again: 'x' }
    assert.match((await submit('/setup', short)).text, /A password has 8 to/)
    const elsewhere = await submit('/setup', fields, { origin: 'https://evil.example' })
    assert.equal(elsewhere.status, 403)
    assert.equal(await storage.users.count(), 0)

    const both = await Promise.all([submit('/setup', fields), submit('/setup', { ...fields, name: 'Eva' })])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [303, 403])
    assert.equal(await storage.users.count(), 1)
    const { cookie } = both.find(({ status }) => status === 303)!
    assert.equal((await get('/api/v1/me', { cookie })).json().role, 'administrator')
    assert.equal((await submit('/setup', fields)).status, 403)
    assert.equal(await api.setUpUrl(api.address), undefined)
    assert.ok((await actions()).includes('setup create user'))
  })

  it('does not let the link make a second administrator once somebody has an account', async () => {
    const token = new URL((await api.setUpUrl(api.address))!).searchParams.get('token')!
    await user('ana')
    const fields = { token, name: 'eva', password: PASSWORD, password_again: PASSWORD }
    assert.equal((await submit('/setup', fields)).status, 403)
    assert.equal(await storage.users.count(), 1)
  })

  it('signs in and out, with a cookie that scripts and other sites do not get', async () => {
    await user('ana')
    const answer = await submit('/sign-in', { name: ' ANA ', password: PASSWORD })
    const attributes = answer.headers.get('set-cookie')!.split('; ').slice(1)
    assert.deepEqual(attributes, ['Path=/', 'Max-Age=2592000', 'HttpOnly', 'SameSite=Lax'])
    const session = { cookie: `other=1; ${answer.cookie}`, ...HERE }
    const page = await get('/', session)
    assert.match(page.text, /<span>ana<\/span>.*Sign out/)
    assert.equal((await get('/sign-in', session)).status, 303)
    assert.equal((await submit('/sign-out', {}, { cookie: session.cookie })).status, 403)
    assert.equal((await get('/api/v1/me', session)).status, 200)
    const out = await submit('/sign-out', {}, session)
    assert.equal(out.headers.get('location'), '/sign-in')
    assert.match(out.headers.get('set-cookie')!, /^vigia_session=; Path=\/; Max-Age=0;/)
    assert.equal((await get('/api/v1/me', session)).status, 401)
    assert.equal((await submit('/sign-out', {})).status, 303)
    assert.deepEqual((await actions()).slice(0, 2), ['user:ana sign_out session', 'user:ana sign_in session'])
  })

  it('believes a proxy only when it is told to', async () => {
    await user('ana')
    const forwarded = { ...HERE, 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' }
    const direct = await submit('/sign-in', { name: 'ana', password: PASSWORD }, forwarded)
    assert.doesNotMatch(direct.headers.get('set-cookie')!, /Secure/)
    await api.close()
    api = await start(['127.0.0.1'])
    const trusted = await submit('/sign-in', { name: 'ana', password: PASSWORD }, forwarded)
    assert.match(trusted.headers.get('set-cookie')!, /; Secure$/)
    const addresses = (await storage.sessions.ofUser(1, START)).map(({ address }) => address)
    assert.deepEqual(addresses, ['203.0.113.9', '127.0.0.1'])
  })

  it('answers an unknown name, a wrong password and a disabled account alike', async () => {
    await user('ana')
    await storage.users.change(await user('off'), { enabled: false })
    const answers = await Promise.all([
      submit('/sign-in', { name: 'nobody', password: PASSWORD }),
      submit('/sign-in', { name: 'ana', password: 'wrong password' }),
      submit('/sign-in', { name: 'off', password: PASSWORD }),
      submit('/sign-in', { name: 'a\0b', password: PASSWORD }),
    ])
    const [first, ...rest] = answers.map(({ status, text, headers }) => [
      status,
      text.replace(/name="name" value="[^"]*"/, ''),
      headers.get('set-cookie'),
    ])
    assert.equal(first![0], 401)
    for (const answer of rest) assert.deepEqual(answer, first)
  })

  it('locks an account after five failures, and says for how long', async () => {
    await user('ana')
    for (let attempt = 0; attempt < 5; attempt++)
      assert.equal((await submit('/sign-in', { name: 'ana', password: 'wrong' })).status, 401)
    const locked = await submit('/sign-in', { name: 'ana', password: PASSWORD })
    assert.equal(locked.status, 429)
    assert.equal(locked.headers.get('retry-after'), '30')
    assert.match(locked.text, /Try again in 30 s/)
    clock.advance(30 * SECOND)
    assert.equal((await submit('/sign-in', { name: 'ana', password: PASSWORD })).status, 303)
  })

  it('locks out nobody where he signed in before, and notes failures in the audit log, in sums', async () => {
    await api.close()
    api = await start(['loopback'])
    const ana = await user('ana')
    const from = (address: string) => ({ ...HERE, 'x-forwarded-for': address })
    const enter = (password: string, address: string, name = 'ana') =>
      submit('/sign-in', { name, password }, from(address)).then(({ status }) => status)
    assert.equal(await enter(PASSWORD, '192.0.2.7'), 303)
    const stored = (await storage.users.byId(ana))!.knownPlaces
    assert.equal(stored.length, 1)
    assert.doesNotMatch(JSON.stringify(stored), /192\.0\.2/)
    for (let attempt = 0; attempt < 5; attempt++) assert.equal(await enter('wrong', '203.0.113.9'), 401)
    assert.equal(await enter(PASSWORD, '203.0.113.9'), 429)
    assert.equal(await enter(PASSWORD, '198.51.100.4'), 429, 'an address that is not known')
    assert.equal(await enter(PASSWORD, '192.0.2.7'), 303, 'where she signed in before')
    for (let attempt = 0; attempt < 5; attempt++) assert.equal(await enter('wrong', '192.0.2.7'), 401)
    assert.equal(await enter(PASSWORD, '192.0.2.7'), 429, 'it guesses no better from there')
    assert.equal(await enter('wrong', '203.0.113.9', 'my password by mistake'), 401)

    await api.close()
    const failures = (await storage.audit.list({ limit: 100 }))
      .filter(({ action }) => action === 'sign_in_failed')
      .map(({ objectId, address, actor, details: { since, ...rest } }) => [
        actor,
        objectId,
        address,
        rest,
        since !== undefined,
      ])
      .reverse()
    assert.deepEqual(failures, [
      ['nobody', ana, '203.0.113.9', { name: 'ana', failures: 1 }, false],
      ['nobody', ana, '198.51.100.4', { name: 'ana', failures: 1, while_locked: 1 }, false],
      ['nobody', ana, '192.0.2.7', { name: 'ana', failures: 1 }, false],
      ['nobody', null, '203.0.113.9', { failures: 1 }, false],
      ['nobody', ana, '203.0.113.9', { name: 'ana', failures: 5, while_locked: 1 }, true],
      ['nobody', ana, '192.0.2.7', { name: 'ana', failures: 5, while_locked: 1 }, true],
    ])
    api = await start()
  })

  it('asks for a second factor, takes each code once, and recovery codes instead', async () => {
    await user('ana', 'viewer')
    const session = await signIn('ana')
    const wrong = await call('POST', '/api/v1/me/totp', session, { current_password: 'wrong' })
    assert.deepEqual([wrong.status, wrong.json().code], [403, 'wrong_password'])
    const early = await call('POST', '/api/v1/me/totp/confirm', session, { code: '123456' })
    assert.deepEqual([early.status, early.json().code], [409, 'totp_not_begun'])
    const { secret, codes, uri } = await enrol(session)
    assert.match(uri, /^otpauth:\/\/totp\/.*ana/)
    assert.equal(codes.length, 10)
    const again = await call('POST', '/api/v1/me/totp', session, { current_password: PASSWORD })
    assert.equal(again.json().code, 'totp_exists')
    assert.equal((await get('/api/v1/me', session)).json().totp, true)
    assert.match((await storage.users.byName('ana'))!.totpSecret!, /^sealed:1:/)

    const attempt = (code: string) => submit('/sign-in', { name: 'ana', password: PASSWORD, code })
    assert.match((await attempt('')).text, /enter the code as well/)
    assert.equal((await attempt('000000')).status, 401)
    assert.equal((await attempt(totpNow(secret))).status, 401, 'the code of the enrolment is used up')
    clock.advance(30 * SECOND)
    const twice = await Promise.all([attempt(totpNow(secret)), attempt(totpNow(secret))])
    assert.deepEqual(twice.map(({ status }) => status).toSorted(), [303, 401])
    await signIn('ana', codes[0]!.toUpperCase())
    assert.equal((await attempt(codes[0]!)).status, 401)
    assert.equal(
      (await storage.audit.list({ limit: 1 }))[0]!.details.second_factor,
      'recovery_code',
      'the log tells which factor it was',
    )

    const removed = await call('DELETE', '/api/v1/me/totp', session, { current_password: PASSWORD })
    assert.equal(removed.status, 204)
    await signIn('ana')
    const { headers } = await bearer('administrator')
    assert.equal((await call('POST', '/api/v1/me/totp', headers, { current_password: PASSWORD })).status, 403)
    assert.deepEqual(
      (await actions()).filter((action) => action.includes('totp')),
      ['user:ana totp_off user', 'user:ana totp_on user'],
    )
    for (const hidden of [PASSWORD, codes[1]!]) assert.ok(!log.includes(hidden))
  })

  it('takes a change by cookie only from a page of this server', async () => {
    await user('ana')
    const { cookie } = await signIn('ana')
    const host = new URL(api.address).host
    const create = (headers: Headers) =>
      call('POST', '/api/v1/tokens', { cookie, ...headers }, { name: 'x', role: 'viewer' })
    for (const headers of [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', origin: `http://${host}` },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://${host}.evil.example` },
      { origin: 'http://127.0.0.1:1' },
    ] as Headers[]) {
      const answer = await create(headers)
      assert.deepEqual([answer.status, answer.json().code], [403, 'cross_site'], JSON.stringify(headers))
    }
    assert.equal((await storage.tokens.list()).length, 0)
    for (const headers of [HERE, { 'sec-fetch-site': 'none' }, { origin: `http://${host}` }] as Headers[])
      assert.equal((await create(headers)).status, 201)
    const { headers } = await bearer('administrator')
    assert.equal((await create({ ...headers, 'sec-fetch-site': 'cross-site', cookie: '' })).status, 201)
    const login = await submit('/sign-in', { name: 'ana', password: PASSWORD }, { 'sec-fetch-site': 'cross-site' })
    assert.deepEqual([login.status, login.cookie], [403, ''])
  })

  it('gives each role what it may and no more', async () => {
    const tokens = {
      viewer: await bearer('viewer'),
      operator: await bearer('operator'),
      administrator: await bearer('administrator'),
    }
    const cases = [
      ['GET', '/', 200, 200, 200],
      ['GET', '/api/v1/engine', 200, 200, 200],
      ['GET', '/api/v1/me', 200, 200, 200],
      ['GET', '/nothing', 404, 404, 404],
      ['POST', '/nothing', 404, 404, 404],
      ['GET', '/api/v1/users', 403, 403, 200],
      ['POST', '/api/v1/users', 403, 403, 400],
      ['PATCH', '/api/v1/users/99', 403, 403, 400],
      ['DELETE', '/api/v1/users/99', 403, 403, 404],
      ['GET', '/api/v1/tokens', 403, 403, 200],
      ['POST', '/api/v1/tokens', 403, 403, 400],
      ['DELETE', '/api/v1/tokens/99', 403, 403, 404],
      ['GET', '/api/v1/audit', 403, 403, 200],
      ['POST', '/api/v1/me/password', 400, 400, 400],
      ['GET', '/api/v1/me/sessions', 403, 403, 403],
    ] as const
    for (const [method, path, ...expected] of cases)
      for (const [index, role] of (['viewer', 'operator', 'administrator'] as const).entries()) {
        const body = method === 'GET' || method === 'DELETE' ? undefined : '{}'
        const answer = await request(method, path, { ...tokens[role].headers, ...(body && JSON_TYPE) }, body)
        assert.equal(answer.status, expected[index], `${role} ${method} ${path}: ${answer.text}`)
        if (answer.status === 403) assert.equal(answer.json().code, 'forbidden')
      }
  })

  it('shows a token once, notes its last use to the minute, and ends it at once', async () => {
    await user('ana')
    const session = await signIn('ana')
    const made = (await call('POST', '/api/v1/tokens', session, { name: 'ci', role: 'viewer', expires: '90d' })).json()
    assert.match(made.token, /^vg_[\w-]{43}$/)
    assert.ok(made.token.startsWith(made.prefix) && made.prefix.length < 12)
    assert.equal(made.expires_at, new Date(START + 90 * DAY).toISOString())
    assert.equal(made.created_by, 'user:ana')
    const listed = (await get('/api/v1/tokens', session)).text
    assert.ok(!listed.includes(made.token))

    const headers = { authorization: `bearer ${made.token}` }
    const lastUse = async () => (await storage.tokens.byId(made.id))!.lastUsedAt
    const used = async (at: number) => {
      while ((await lastUse()) !== at) await new Promise((later) => setImmediate(later))
    }
    assert.equal((await get('/api/v1/me', headers)).json().name, 'ci')
    await used(START)
    clock.advance(59 * SECOND)
    assert.equal((await get('/api/v1/me', headers)).status, 200)
    clock.advance(SECOND)
    assert.equal((await get('/api/v1/me', headers)).status, 200)
    await used(START + 60 * SECOND)

    assert.equal((await call('DELETE', `/api/v1/tokens/${made.id}`, session)).status, 204)
    assert.equal((await get('/api/v1/me', headers)).status, 401)
    assert.equal((await call('DELETE', `/api/v1/tokens/${made.id}`, session)).status, 404)
    assert.deepEqual((await actions()).slice(0, 2), ['user:ana revoke token', 'user:ana create token'])
  })

  it('reads a token once in ten seconds; then sees what another process revoked, and an end at its moment', async () => {
    const { id, headers } = await bearer('viewer')
    const short = await bearer('viewer', START + 5 * SECOND - clock.now())
    assert.equal((await get('/api/v1/me', headers)).status, 200)
    assert.equal((await get('/api/v1/me', short.headers)).status, 200)
    await storage.tokens.revoke(id, START)
    clock.advance(5 * SECOND)
    assert.equal((await get('/api/v1/me', headers)).status, 200)
    assert.equal((await get('/api/v1/me', short.headers)).status, 401)
    clock.advance(5 * SECOND)
    assert.equal((await get('/api/v1/me', headers)).status, 401)
  })

  it('ends a stream with the session, token, role or time of who listens, and no other', async () => {
    await user('ana')
    const bo = await user('bo', 'operator')
    /** Resolves with what came until the stream ended. */
    const listen = async (headers: Headers) => {
      const response = await fetch(`${api.address}/api/v1/live`, { headers })
      assert.equal(response.status, 200)
      let ended = false
      // The one that stays is cut off when the server closes.
      const over = response.text().then(
        () => {
          ended = true
        },
        () => {},
      )
      return { over, ended: () => ended }
    }
    const admin = await signIn('ana')
    const other = await listen(admin)
    const own = { current_password: PASSWORD, password: `${PASSWORD} two` }
    const ends: readonly (readonly [string, Headers, () => Promise<unknown>])[] = await Promise.all([
      (async () => {
        const { id, headers } = await bearer('viewer')
        return ['revoked', headers, () => call('DELETE', `/api/v1/tokens/${id}`, admin)] as const
      })(),
      (async () => {
        const { headers } = await bearer('viewer', 60_000)
        return ['expired', headers, async () => clock.advance(60_001)] as const
      })(),
      (async () => {
        const { id, headers } = await bearer('viewer')
        const byCommand = async () => {
          await accounts().revokeToken(BY_COMMAND, id)
          clock.advance(10 * SECOND)
        }
        return ['revoked by the command', headers, byCommand] as const
      })(),
    ])
    for (const [why, headers, end] of ends) {
      const stream = await listen(headers)
      await end()
      await stream.over
      assert.equal((await get('/api/v1/me', headers)).status, 401, why)
    }
    const change = (body: object) => call('PATCH', `/api/v1/users/${bo}`, admin, body)
    const ofBo: readonly (readonly [string, (session: Headers) => Promise<unknown>])[] = [
      ['signed out', (session) => submit('/sign-out', {}, session as Record<string, string>)],
      ['another role', () => change({ role: 'viewer' })],
      ['another password', () => change({ password: PASSWORD })],
      ['disabled', () => change({ enabled: false })],
    ]
    for (const [why, end] of ofBo) {
      const session = await signIn('bo')
      const stream = await listen(session)
      await end(session)
      await stream.over
      assert.equal((await get('/api/v1/me', session)).status, why === 'another role' ? 200 : 401, why)
    }
    // Who changes the own password goes on; the other sessions of the same person do not.
    const elsewhere = await listen(await signIn('ana'))
    assert.equal((await call('POST', '/api/v1/me/password', admin, own)).status, 204)
    await elsewhere.over
    assert.equal(other.ended(), false)
  })

  it('prolongs a session that is used and ends one that is not', async () => {
    const id = await user('ana', 'viewer')
    const session = await signIn('ana')
    assert.equal((await get('/api/v1/me', session)).headers.get('set-cookie'), null)
    clock.advance(29 * DAY)
    const renewed = await get('/api/v1/me', session)
    assert.equal(renewed.cookie, session.cookie)
    while ((await storage.sessions.ofUser(id, clock.now()))[0]!.lastUsedAt !== clock.now())
      await new Promise((later) => setImmediate(later))
    clock.advance(29 * DAY)
    assert.equal((await get('/api/v1/me', session)).status, 200)
    while ((await storage.sessions.ofUser(id, clock.now()))[0]!.lastUsedAt !== clock.now())
      await new Promise((later) => setImmediate(later))
    clock.advance(30 * DAY)
    assert.equal((await get('/api/v1/me', session)).status, 401)
  })

  it('lists and ends the own sessions, and the others with a new password', async () => {
    await user('ana', 'viewer')
    await user('eva', 'viewer')
    const [first, second, third, other] = [
      await signIn('ana'),
      await signIn('ana'),
      await signIn('ana'),
      await signIn('eva'),
    ]
    const { items } = (await get('/api/v1/me/sessions', first)).json()
    assert.equal(items.length, 3)
    assert.equal(items.filter(({ current }: Answer) => current).length, 1)
    const newest = items[0].id
    assert.equal((await call('DELETE', `/api/v1/me/sessions/${newest}`, other)).status, 404)
    assert.equal((await call('DELETE', `/api/v1/me/sessions/${newest}`, first)).status, 204)
    assert.equal((await get('/api/v1/me', third)).status, 401)
    const change = (current_password: string, password: string) =>
      call('POST', '/api/v1/me/password', first, { current_password, password })
    assert.equal((await change('wrong', 'another password')).status, 403)
    assert.equal((await change(PASSWORD, 'short')).json().code, 'invalid_password')
    assert.equal((await change(PASSWORD, 'another password')).status, 204)
    assert.equal((await get('/api/v1/me', first)).status, 200)
    assert.equal((await get('/api/v1/me', second)).status, 401)
    assert.equal((await get('/api/v1/me', other)).status, 200)
    assert.equal((await submit('/sign-in', { name: 'ana', password: PASSWORD })).status, 401)
  })

  it('manages accounts; what changes is in force at once, and the last administrator stays', async () => {
    const ana = await user('ana')
    const session = await signIn('ana')
    const create = (body: object) => call('POST', '/api/v1/users', session, body)
    const eva = (await create({ name: 'Eva', password: PASSWORD, role: 'operator', language: 'es' })).json()
    assert.deepEqual(eva, {
      id: eva.id,
      name: 'Eva',
      role: 'operator',
      language: 'es',
      enabled: true,
      totp: false,
      created_at: new Date(START).toISOString(),
    })
    assert.equal((await create({ name: 'EVA', password: PASSWORD, role: 'viewer' })).json().code, 'name_taken')
    const patch = (id: number, body: object) => call('PATCH', `/api/v1/users/${id}`, session, body)
    for (const change of [{ role: 'viewer' }, { enabled: false }]) {
      const answer = await patch(ana, change)
      assert.deepEqual([answer.status, answer.json().code], [409, 'last_administrator'])
    }
    assert.equal((await call('DELETE', `/api/v1/users/${ana}`, session)).json().code, 'last_administrator')

    const hers = await signIn('eva')
    assert.equal((await get('/api/v1/users', hers)).status, 403)
    assert.match((await get('/', hers)).text, /lang="es"/)
    assert.equal((await patch(eva.id, { role: 'administrator', language: null })).json().language, null)
    assert.equal((await get('/api/v1/users', hers)).json().items.length, 2)
    assert.equal((await patch(eva.id, { enabled: false })).status, 200)
    assert.equal((await get('/api/v1/users', hers)).status, 401)
    await patch(eva.id, { enabled: true })
    assert.equal((await get('/api/v1/me', hers)).status, 401, 'the session does not come back')
    const { secret } = await enrol(await signIn('eva'))
    assert.equal((await patch(eva.id, { totp: false, password: 'a new password' })).json().totp, false)
    assert.equal((await submit('/sign-in', { name: 'eva', password: 'a new password' })).status, 303)
    assert.equal((await patch(99, { enabled: true })).status, 404)
    assert.equal((await call('DELETE', `/api/v1/users/${eva.id}`, session)).status, 204)
    assert.equal((await submit('/sign-in', { name: 'eva', password: 'a new password' })).status, 401)

    const page = (await get('/api/v1/audit?limit=2', session)).json()
    assert.deepEqual(
      page.items.map(({ actor, action, details }: Answer) => [actor, action, details.name]),
      [
        ['nobody', 'sign_in_failed', undefined],
        ['user:ana', 'delete', 'Eva'],
      ],
    )
    const rest = (await get(`/api/v1/audit?limit=1000&cursor=${page.next_cursor}`, session)).json()
    assert.equal(rest.next_cursor, null)
    assert.ok(rest.items.every(({ id }: Answer) => id < page.items[1].id))
    const everything = JSON.stringify(rest) + log
    for (const hidden of [PASSWORD, 'a new password', secret, '$argon2id', hers.cookie.split('=')[1]!])
      assert.ok(!everything.includes(hidden), hidden)
    assert.ok(!answered.includes('$argon2id') && !answered.includes('sealed:1:'))
  })

  it('says what is wrong with malformed input', async () => {
    const { headers } = await bearer('administrator')
    const bad = [
      ['POST', '/api/v1/users', '{'],
      ['POST', '/api/v1/users', '[]'],
      ['POST', '/api/v1/users', '{"name":"x","password":"long enough","role":"root"}'],
      ['POST', '/api/v1/users', '{"name":"x\\u0000y","password":"long enough","role":"viewer"}'],
      ['POST', '/api/v1/users', '{"name":"x","password":"long enough","role":"viewer","admin":true}'],
      ['PATCH', '/api/v1/users/1', '{}'],
      ['PATCH', '/api/v1/users/x', '{"enabled":true}'],
      ['PATCH', '/api/v1/users/99999999999999999999', '{"enabled":true}'],
      ['POST', '/api/v1/tokens', '{"name":"x","role":"viewer","expires":"soon"}'],
      ['POST', '/api/v1/tokens', '{"name":"x","role":"viewer","expires":"0"}'],
      ['POST', '/api/v1/tokens', '{"name":"x","role":"viewer","expires":"99999999999999d"}'],
      ['POST', '/api/v1/tokens', '{"name":"x\\u0000","role":"viewer"}'],
      ['GET', '/api/v1/audit?limit=0', undefined],
      ['GET', '/api/v1/audit?limit=1001', undefined],
      ['GET', '/api/v1/audit?cursor=x', undefined],
    ] as const
    for (const [method, path, body] of bad) {
      const answer = await request(method, path, { ...headers, ...(body && JSON_TYPE) }, body)
      assert.equal(answer.status, 400, `${method} ${path} ${body}: ${answer.text}`)
      assert.match(answer.json().code, /^(invalid_(input|name)|bad_json)$/)
      assert.ok(answer.json().detail)
    }
    const form = 'application/x-www-form-urlencoded'
    assert.equal((await request('POST', '/api/v1/users', { ...headers, 'content-type': form }, 'a=b')).status, 415)
    for (const body of ['name=%ff%00&password', '&&&', 'name[]=x&__proto__=y', 'x'.repeat(10_000)])
      assert.equal((await request('POST', '/sign-in', { 'content-type': form }, body)).status, 401)
    assert.equal((await request('POST', '/sign-in', { 'content-type': form }, 'x'.repeat(20_000))).status, 413)
    assert.equal((await request('POST', '/sign-in', JSON_TYPE, 'null')).status, 401)
    assert.doesNotMatch(log, /internal error/)
  })
})
