import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'
import { type Json, startTestServer, type TestServer } from '../fixtures/server.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const YEAR = 365 * DAY
const KEEPING = ['keep-results', 'keep-events', 'keep-alerts', 'keep-access']

const suite = (name: string, databaseUrl: () => Promise<string | { readonly skip: string } | undefined>) =>
  describe(`a wall clock that is set (${name})`, () => {
    let api: TestServer
    let skip: string | undefined
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') skip = url.skip
      else api = await startTestServer(url === undefined ? {} : { databaseUrl: url })
    })
    after(() => api?.stop())

    const clean = async () => {
      for (const job of KEEPING) await api.post(`schedules/${job}/run`)
    }
    /** How much there is of what cleaning may remove. */
    const kept = async () => {
      const { storage } = api.server
      return {
        events: (await storage.events.list({ limit: 100 })).length,
        alerts: (await storage.alerts.list({ limit: 100 })).length,
        audit: (await storage.audit.list({ limit: 100 })).length,
        sessions: (await storage.sessions.ofUser(1, api.now() - 2 * YEAR)).length,
        keys: await storage.idempotencyKeys.answer('once'),
      }
    }

    it('deletes nothing, however far ahead it jumps, and no cleaning is due later than its interval', async (t) => {
      if (skip !== undefined) return t.skip(skip)
      const { storage } = api.server
      const rule = { name: 'r', type: 'port_scan', channels: [] }
      await api.post('rules', rule)
      await api.event({ type: 'port_scan', source: 'test', subject: 'x', severity: 'HIGH' })
      await api.post(`alerts/${(await storage.alerts.list({ limit: 1 }))[0]!.id}/resolve`)
      await storage.transaction(async ({ users, sessions, idempotencyKeys }) => {
        const at = api.now()
        const user = { name: 'ana', password: 'x', role: 'viewer', language: null, createdAt: at } as const
        const userId = (await users.insert(user))!
        const times = { createdAt: at, lastUsedAt: at, expiresAt: at + DAY }
        await sessions.insert({ userId, ...times, address: '', userAgent: '' }, 'hash')
        await idempotencyKeys.keep('once', [1], at)
      })
      const before = await kept()
      assert.deepEqual([before.events, before.alerts, before.sessions, before.keys], [1, 1, 1, [1]])
      for (const ahead of [HOUR, DAY, YEAR]) {
        api.setClock(ahead)
        await clean()
        assert.equal((await kept()).events, 1, `${ahead} ms ahead`)
        api.setClock(-ahead)
      }
      const { audit, ...rest } = await kept()
      const { audit: auditBefore, ...restBefore } = before
      assert.deepEqual(rest, restBefore)
      assert.ok(audit >= auditBefore)

      const { items } = await api.get('schedules')
      const far = items.filter(({ next_at }: Json) => next_at !== null && Date.parse(next_at) > api.now() + HOUR)
      assert.deepEqual(far, [])
    })

    it('removes what has grown old by time that has passed', async (t) => {
      if (skip !== undefined) return t.skip(skip)
      for (const _ of Array(4)) {
        api.advance(100 * DAY)
        await clean()
      }
      const { events, sessions, keys } = await kept()
      assert.deepEqual([events, sessions, keys], [0, 0, undefined])
    })
  })

suite('SQLite', async () => undefined)

describe('with a database server', () => {
  let server: TestPostgres | undefined
  after(async () => {
    if (server && 'stop' in server) await server.stop()
  })
  suite('PostgreSQL', async () => {
    server = await startPostgres()
    return 'skip' in server ? server : freshDatabase(server.url)
  })
})
