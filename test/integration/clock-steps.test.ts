import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const YEAR = 365 * DAY
const RETRY = { baseMs: 1000, capMs: 1000, giveUpAfterMs: HOUR / 2 }
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

/** What a server does whose clock is set for good while something is under way. */
const underWay = (name: string, databaseUrl: () => Promise<string | { readonly skip: string } | undefined>) =>
  describe(`what is under way when the clock is set (${name})`, () => {
    let sink: HttpSink
    let api: TestServer
    let skip: string | undefined
    let refuses = false
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') {
        skip = url.skip
        return
      }
      sink = await createHttpSink({ answer: () => (refuses ? { status: 503 } : {}) })
      const wanted = {
        channels: [fileChannel('hook', sink.url)],
        monitors: [fileMonitor('job', { channels: ['hook'] })],
      }
      api = await startTestServer({
        steady: true,
        retry: RETRY,
        wanted,
        ...(url !== undefined && { databaseUrl: url }),
      })
      await api.push('job', false)
      await api.post('rules', { name: 'r', type: 'ids', channels: ['hook'], cooldown: '15m' })
    })
    after(async () => {
      await api?.stop()
      await sink?.close()
    })

    const times = async () => {
      const { storage } = api.server
      const [alert] = await storage.alerts.list({ status: 'firing', limit: 1 })
      const [waiting] = await storage.notifications.list({ statuses: ['pending'], limit: 1 })
      const [state] = await storage.states.all()
      return {
        now: Date.parse((await api.get('about')).now),
        since: alert!.since,
        told: alert!.lastToldAt!,
        first: waiting!.createdAt,
        next: waiting!.nextAttemptAt!,
        silenced: (await storage.silences.list(1))[0]!.endsAt,
        up: state!.since,
        called: state!.lastSignal!.at,
      }
    }
    const said = (text: string, after = 0) => until(async () => api.log().includes(text, after), text)

    for (const by of [HOUR, -HOUR])
      it(`moves with it by ${by} ms: no wait is longer, no duration wrong`, async (t) => {
        if (skip !== undefined) return t.skip(skip)
        refuses = true
        const { length } = api.log()
        const matchers = [{ name: 'subject', value: 'nobody' }]
        await api.post('silences', { matchers, ends_at: new Date(api.now() + 2 * HOUR).toISOString(), comment: '' })
        await api.push('job', false)
        await until(async () => (await api.get('monitors')).items[0].state === 'up')
        await api.event({ type: 'ids', source: 'test', subject: `x ${by}`, severity: 'HIGH' })
        await until(
          async () => (await api.server.storage.notifications.list({ statuses: ['pending'], limit: 1 }))[0]?.failure,
        )
        const before = await times()
        api.setClock(by)
        await said('it is followed if it stays so for a minute', length)
        const { now } = await times()
        assert.ok(Math.abs(now - before.now) < HOUR / 2, 'nobody believes it at once')
        api.advance(61_000)
        await said('what is due moved with it', length)
        const moved = await times()
        assert.ok(Math.abs(moved.now - api.now()) < 5000)
        for (const what of ['since', 'told', 'first', 'silenced', 'up', 'called'] as const)
          assert.ok(Math.abs(moved[what] - before[what] - by) < 5, `${what} moved by ${moved[what] - before[what]}`)
        assert.ok(moved.next < moved.now + 60_000, 'the retry waits no longer')
        refuses = false
        await until(
          async () => (await api.server.storage.notifications.list({ statuses: ['pending'], limit: 1 })).length === 0,
        )
        // Neither did the cooldown end nor does it last longer.
        await api.event({ type: 'ids', source: 'test', subject: `x ${by}`, severity: 'HIGH' })
        assert.deepEqual(await api.server.storage.notifications.list({ statuses: ['pending'], limit: 1 }), [])
        const monitors = (await api.get('monitors')).items
        assert.equal(monitors[0].state, 'up')
        const { id } = (await api.server.storage.alerts.list({ status: 'firing', limit: 1 }))[0]!
        await api.post(`alerts/${id}/resolve`)
      })

    it('leaves a gap for the time that never was, and no change ahead of now', async (t) => {
      if (skip !== undefined) return t.skip(skip)
      const { gaps, transitions } = api.server.storage
      assert.ok((await gaps.between(0, api.now() + 2 * HOUR)).every(({ to }) => to <= api.now()))
      assert.ok((await transitions.since(api.now() + 5000)).length === 0)
    })
  })

for (const test of [suite, underWay]) test('SQLite', async () => undefined)

describe('with a database server', () => {
  let server: Promise<TestPostgres> | undefined
  after(async () => {
    const started = await server
    if (started && 'stop' in started) await started.stop()
  })
  for (const test of [suite, underWay])
    test('PostgreSQL', async () => {
      server ??= startPostgres()
      const started = await server
      return 'skip' in started ? started : freshDatabase(started.url)
    })
})
