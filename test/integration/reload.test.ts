import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Wanted } from '#config/apply.ts'
import type { Sources } from '#config/sources.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

describe('a reload', () => {
  let api: TestServer
  let folder: string
  const wanted = (changes: Partial<Wanted> = {}): Wanted => ({ channels: [], monitors: [], ...changes })

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-reload-'))
    api = await startTestServer({ wanted: wanted() })
  })
  after(async () => {
    await api.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const now = () => new Date().toISOString().slice(0, 19).replace('T', ' ')
  const follow = (name: string, log: string): Sources => ({
    fail2ban: [{ name, log, client: ['vigia-test-no-such-client'], timeZone: 'UTC', backfill: false }],
    zeek: [],
  })
  const banLine = (ip: string) => `${now()},000 fail2ban.actions [1]: NOTICE  [sshd] Ban ${ip}\n`
  const banned = async (ip: string) =>
    (await api.get('events?type=fail2ban_ban')).items.filter((event: { ip: string }) => event.ip === ip).length

  it('follows the logs that the file names now, each line once', async () => {
    const [one, two] = [join(folder, 'one.log'), join(folder, 'two.log')]
    writeFileSync(one, banLine('192.0.2.1'))
    await api.server.reload(wanted({ sources: follow('one', one) }))
    await until(async () => (await banned('192.0.2.1')) === 1, 'the ban of the first log')
    await api.server.reload(wanted({ sources: follow('two', two) }))
    writeFileSync(one, banLine('192.0.2.2'), { flag: 'a' })
    writeFileSync(two, banLine('192.0.2.3'))
    await until(async () => (await banned('192.0.2.3')) === 1, 'the ban of the second log')
    assert.equal(await banned('192.0.2.2'), 0)
    await api.server.reload(wanted({ sources: follow('one', one) }))
    await until(async () => (await banned('192.0.2.2')) === 1, 'what was written while nobody followed')
    assert.equal(await banned('192.0.2.1'), 1)
  })

  it('holds to the limits of bans that the file names now', async () => {
    const ban = () => api.request('POST', 'bans', { ip: '198.51.100.7', jail: 'sshd' })
    await api.server.reload(wanted({ sources: follow('one', join(folder, 'one.log')) }))
    assert.equal((await ban()).status, 503, 'it is allowed, but there is no fail2ban')
    const security = { neverBan: ['198.51.100.0/24'], longestBanMs: 1000 }
    await api.server.reload(wanted({ sources: follow('one', join(folder, 'one.log')), security }))
    const refused = await ban()
    assert.deepEqual([refused.status, /never/.test(refused.text)], [400, true], refused.text)
  })

  it('stands in the audit log with what it changed, and not where it changed nothing', async () => {
    const entries = async () =>
      (await api.get('audit?limit=100')).items
        .filter(({ object }: Json) => object === 'configuration')
        .map(({ actor, action, details }: Json) => [actor, action, details])
    const [hook, link] = [fileChannel('hook', 'http://127.0.0.1:1'), fileMonitor('link')]
    const maintenance = {
      name: 'fibre',
      matchers: [{ name: 'site', value: 'POP-7', operator: '=' as const }],
      when: { cron: '0 2 * * 2', durationMs: 3_600_000, timeZone: 'UTC' },
      origin: 'vigia.yaml:9',
    }
    await api.server.reload(wanted({ channels: [hook], monitors: [link], maintenance: [maintenance] }))
    const created = ['file', 'apply', { created: ['channel hook', 'monitor link', 'maintenance plan fibre'] }]
    assert.deepEqual(await entries(), [created])
    // The same, some lines further down.
    const moved = { ...link, origin: 'vigia.yaml:99' }
    await api.server.reload(wanted({ channels: [hook], monitors: [moved], maintenance: [maintenance] }))
    assert.deepEqual(await entries(), [created])
    await api.server.reload(wanted({ monitors: [{ ...moved, severity: 'LOW' }] }))
    assert.deepEqual(await entries(), [
      ['file', 'apply', { removed: ['channel hook', 'maintenance plan fibre'], changed: ['monitor link'] }],
      created,
    ])
  })

  describe('of the heartbeat', () => {
    let first: HttpSink
    let second: HttpSink
    before(async () => {
      first = await createHttpSink()
      second = await createHttpSink()
    })
    after(async () => {
      await first.close()
      await second.close()
    })

    it('calls whom the file names now, and nobody when it names none', async () => {
      await api.server.reload(wanted({ heartbeat: { url: `${first.url}/first`, everyMs: 20 } }))
      await until(async () => first.requests.length > 1, 'the first calls')
      await api.server.reload(wanted({ heartbeat: { url: `${second.url}/second`, everyMs: 20 } }))
      await until(async () => second.requests.length > 0, 'a call to the second')
      const before = first.requests.length
      await until(async () => second.requests.length > 5, 'more calls to the second')
      // One may have been under way.
      assert.ok(first.requests.length <= before + 1)
      await api.server.reload(wanted())
    })
  })
})
