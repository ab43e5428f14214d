import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fastify from 'fastify'
import type { Ban } from '#core/ban/ban.ts'
import type { BanClient } from '#core/ban/ban-client.ts'
import { because } from '#core/cause/cause.ts'
import type { BanServices } from './ban-services.ts'
import { addErrors } from './errors.ts'
import { addOlderFail2banRoutes } from './older-panel/fail2ban.ts'
import { addBanRoutes } from './v1/bans.ts'

const BAN: Ban = {
  id: 7,
  server: 'here',
  jail: 'sshd',
  ip: '203.0.113.7',
  since: 0,
  expiresAt: 600_000,
  failures: null,
  manual: { by: 'local', reason: 'scan', confirmed: true, renewAt: null },
}

const CLIENT: BanClient = {
  jails: async () => ({ ok: true, value: ['sshd', 'web-auth'] }),
  status: async (name) => ({
    ok: true,
    value: {
      name,
      currentlyFailed: 1,
      totalFailed: 9,
      currentlyBanned: 2,
      totalBanned: 4,
      bannedIps: ['203.0.113.7', '2001:db8::1'],
    },
  }),
  banned: async (jail) => ({
    ok: true,
    value: jail === 'sshd' ? [{ jail, ip: '2001:db8::1', since: null, expiresAt: null }] : [],
  }),
  ban: async () => ({ ok: true, value: 1 }),
  unban: async () => ({ ok: true, value: 1 }),
  bantime: async () => ({ ok: true, value: 600 }),
}

const serve = (changes: Partial<BanServices['bans']> = {}) => {
  const asked: unknown[] = []
  const operations: BanServices['operations'] = {
    bans: {
      ban: async ({ name: by }, request) => {
        asked.push({ ...request, by })
        if (request.ip === '127.0.0.1')
          return { ok: false, code: 'never_banned', why: because('as_said', { words: '127.0.0.1 is never banned' }) }
        if (request.ip === '203.0.113.99')
          return { ok: false, code: 'not_running', why: because('as_said', { words: 'Start it' }) }
        return { ok: true, value: BAN }
      },
      lift: async ({ name: by }, request) => {
        asked.push({ ...request, by })
        return request.ip === 'x'
          ? { ok: false, code: 'invalid_address', why: because('as_said', { words: 'no address' }) }
          : { ok: true, value: request.ip === BAN.ip }
      },
    },
  }
  const bans: BanServices['bans'] = {
    list: async (list) => {
      asked.push(list)
      return [BAN]
    },
    clients: new Map([['here', CLIENT]]),
    ...changes,
  }
  const app = fastify()
  addErrors(app, (error) => assert.fail(error as Error))
  void app.register(async (api) => addBanRoutes(api, { bans, operations }), { prefix: '/api/v1' })
  app.decorateRequest('actor', null)
  app.addHook('onRequest', async (request) => {
    request.actor = { kind: 'user', id: 1, name: 'local', role: 'operator' }
  })
  addOlderFail2banRoutes(app, { bans, operations })
  const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) => {
    const answer = await app.inject({ method, url, ...(body && { payload: body }) })
    return [answer.statusCode, answer.body === '' ? undefined : answer.json()] as const
  }
  return { call, asked }
}

describe('bans over HTTP', () => {
  it('lists, bans and unbans', async () => {
    const { call, asked } = serve()
    const shown = {
      id: 7,
      ip: '203.0.113.7',
      jail: 'sshd',
      server: 'here',
      since: '1970-01-01T00:00:00.000Z',
      expires_at: '1970-01-01T00:10:00.000Z',
      failures: null,
      manual: true,
      by: 'local',
      reason: 'scan',
    }
    assert.deepEqual(await call('GET', '/api/v1/bans?limit=1&jail=sshd'), [200, { items: [shown], next_cursor: 7 }])
    assert.deepEqual(await call('POST', '/api/v1/bans', { ip: '203.0.113.7', minutes: 10, reason: 'scan' }), [
      201,
      shown,
    ])
    assert.deepEqual(await call('DELETE', '/api/v1/bans', { ip: '203.0.113.7', jail: 'sshd' }), [204, undefined])
    assert.deepEqual(await call('DELETE', '/api/v1/bans?ip=203.0.113.7'), [204, undefined])
    assert.deepEqual(asked, [
      { limit: 1, before: undefined, jail: 'sshd', ip: undefined },
      { ip: '203.0.113.7', jail: 'sshd', minutes: 10, reason: 'scan', from: '127.0.0.1', by: 'local' },
      { ip: '203.0.113.7', jail: 'sshd', server: undefined, by: 'local' },
      { ip: '203.0.113.7', jail: 'sshd', server: undefined, by: 'local' },
    ])
  })

  it('says what is wrong with a request', async () => {
    const { call } = serve()
    const code = async (method: 'POST' | 'DELETE', body: object) => {
      const [status, { code: name }] = await call(method, '/api/v1/bans', body)
      return `${status} ${name}`
    }
    assert.equal(await code('POST', { ip: '127.0.0.1' }), '400 never_banned')
    assert.equal(await code('POST', { ip: '203.0.113.99' }), '503 not_running')
    for (const body of [{}, { ip: 5 }, { ip: '' }, { ip: '1', minutes: '5' }, { ip: '1', other: 1 }])
      assert.equal(await code('POST', body), '400 invalid_input')
    assert.equal(await code('DELETE', {}), '400 invalid_input')
    assert.equal(await code('DELETE', { ip: 'x' }), '400 invalid_address')
    assert.equal(await code('DELETE', { ip: '203.0.113.8' }), '404 not_found')
  })

  it('answers the older panel in its own words', async () => {
    const { call } = serve()
    assert.deepEqual(await call('GET', '/api/fail2ban/status'), [
      200,
      { running: true, available: true, status: 'Status\n|- Number of jail:\t2\n`- Jail list:\tsshd, web-auth' },
    ])
    const [, { jails }] = await call('GET', '/api/fail2ban/jails')
    assert.deepEqual(jails[1], {
      name: 'web-auth',
      enabled: true,
      banned_count: 2,
      banned_ips: ['203.0.113.7', '2001:db8::1'],
      total_failed: 9,
      total_banned: 4,
    })
    assert.deepEqual(await call('GET', '/api/fail2ban/banned-ips'), [200, { ips: ['2001:db8::1'] }])
    assert.deepEqual(await call('GET', '/api/fail2ban/banned-ips?jail=web-auth'), [200, { ips: [] }])
    assert.deepEqual(await call('POST', '/api/fail2ban/ban', { ip: '203.0.113.7', jail: 'sshd' }), [
      200,
      { success: true, output: '203.0.113.7 banned in sshd', error: '' },
    ])
    assert.deepEqual(await call('POST', '/api/fail2ban/ban', { ip: '127.0.0.1', jail: 'sshd' }), [
      400,
      { success: false, output: '', error: '127.0.0.1 is never banned' },
    ])
    assert.deepEqual(await call('POST', '/api/fail2ban/unban', { ip: 'x' }), [
      400,
      { success: false, output: '', error: 'no address' },
    ])
    const [status] = await call('POST', '/api/fail2ban/unban', { ip: '203.0.113.7' })
    assert.equal(status, 200)
  })

  it('works where there is no fail2ban', async () => {
    const { call } = serve({ clients: new Map() })
    assert.deepEqual(await call('GET', '/api/fail2ban/status'), [
      200,
      { running: false, available: false, message: 'Fail2ban no disponible' },
    ])
    assert.deepEqual(await call('GET', '/api/fail2ban/jails'), [200, { jails: [] }])
    assert.deepEqual(await call('GET', '/api/fail2ban/banned-ips'), [200, { ips: [] }])
  })
})
