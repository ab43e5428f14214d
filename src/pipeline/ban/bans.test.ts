import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { BanChange } from '#core/ban/ban.ts'
import type { BanAnswer, BanClient } from '#core/ban/ban-client.ts'
import { parseAllowed } from '#core/ban/ban-limits.ts'
import { because } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { By } from '#core/who/by.ts'
import { openStorage } from '#storage/index.ts'
import { manualClock } from '../../../test/fixtures/manual-clock.ts'
import type { BanAudit } from './ban-deps.ts'
import { createBans } from './bans.ts'

const root = mkdtempSync(join(tmpdir(), 'vigia-bans-'))
const open = await openStorage({ dataDir: root })
after(async () => {
  await open.close()
  rmSync(root, { recursive: true, force: true })
})

const START = Date.parse('2026-11-20T10:00:00Z')
const MINUTE = 60_000
let servers = 0

/** A fail2ban that does as it is told, or as `answer` says. */
const setUp = (bantime = 600) => {
  const server = `server-${++servers}`
  const clock = manualClock(START)
  const banned = new Set<string>()
  const calls: string[] = []
  const events: NewEvent[] = []
  const audits: BanAudit[] = []
  const hooks: Partial<Record<'ban' | 'unban', () => Promise<BanAnswer<number> | undefined>>> = {}
  const client: BanClient = {
    jails: async () => ({ ok: true, value: ['sshd'] }),
    status: async () => ({ ok: false, fault: 'refused', why: because('as_said', { words: 'not here' }) }),
    banned: async () => ({ ok: true, value: [] }),
    bantime: async (jail) =>
      jail === 'sshd'
        ? { ok: true, value: bantime }
        : { ok: false, fault: 'no_such_jail', why: because('as_said', { words: 'There is no such jail.' }) },
    ban: async (jail, ip) => {
      calls.push(`ban ${jail} ${ip}`)
      const answer = await hooks.ban?.()
      if (answer) return answer
      const before = banned.size
      banned.add(ip)
      return { ok: true, value: banned.size - before }
    },
    unban: async (jail, ip) => {
      calls.push(`unban ${jail} ${ip}`)
      const answer = await hooks.unban?.()
      if (answer) return answer
      return { ok: true, value: banned.delete(ip) ? 1 : 0 }
    },
  }
  const bans = createBans({
    storage: open,
    record: (work) =>
      open.transaction(async (repositories) => {
        events.push(...(await work(repositories)))
      }),
    clients: new Map([[server, client]]),
    limits: () => ({ allowed: parseAllowed(['10.0.0.0/8', '2001:db8:1::/48']).networks, longestMs: 24 * 60 * MINUTE }),
    audit: async (entry) => void audits.push(entry),
    language: () => 'en',
    now: clock.now,
  })
  const logged = (kind: 'ban' | 'restored' | 'unban', ip: string, at = clock.now()): BanChange =>
    kind === 'unban'
      ? { kind, jail: 'sshd', ip, at }
      : {
          kind: 'ban',
          jail: 'sshd',
          ip,
          at,
          expiresAt: at + bantime * 1000,
          failures: 3,
          bantime,
          restored: kind === 'restored',
        }
  const list = async () => (await bans.list({ limit: 100 })).filter((ban) => ban.server === server)
  return { server, clock, banned, calls, events, audits, hooks, bans, logged, list }
}

const types = (events: readonly NewEvent[]) =>
  events.map(({ type, data }) =>
    type === 'fail2ban_ban' ? `ban ${data.ip} ${data.manual ? 'manual' : 'own'}` : `${data.action} ${data.ip}`,
  )

const ANA: By = { actor: 'user:ana', name: 'ana', address: '203.0.113.200' }

describe('bans', () => {
  it('makes one event of a ban by hand when the answer comes first', async () => {
    const { bans, events, logged, clock, server, audits, list } = setUp()
    const outcome = await bans.ban({ ip: '203.0.113.7', jail: 'sshd', minutes: 5, reason: 'scan' }, ANA)
    assert.equal(outcome.ok, true)
    clock.advance(500)
    await bans.apply(server, [logged('ban', '203.0.113.7')])
    assert.deepEqual(types(events), ['ban 203.0.113.7 manual'])
    assert.deepEqual(events[0]?.data, {
      ip: '203.0.113.7',
      jail: 'sshd',
      failures: null,
      bantime: 300,
      expiry: '2026-11-20T10:05:00.000Z',
      timestamp: '2026-11-20 10:00:00',
      reason: 'IP 203.0.113.7 banned by hand in jail sshd',
      manual: true,
      by: 'ana',
      comment: 'scan',
    })
    assert.equal(events[0]?.severity, 'HIGH')
    assert.deepEqual(
      audits.map(({ by, action }) => [by.actor, action]),
      [['user:ana', 'ban']],
    )
    assert.equal((await list())[0]?.expiresAt, START + 5 * MINUTE)
  })

  it('makes one event of it when the log comes first', async () => {
    const { bans, events, logged, server, hooks } = setUp()
    hooks.ban = async () => {
      await bans.apply(server, [logged('ban', '203.0.113.7')])
      return undefined
    }
    await bans.ban({ ip: '203.0.113.7', jail: 'sshd' }, ANA)
    assert.deepEqual(types(events), ['ban 203.0.113.7 manual'])
  })

  it('makes one event of it when the answer never came but the log shows it', async () => {
    const { bans, events, logged, server, hooks, list } = setUp()
    hooks.ban = async () => ({ ok: false, fault: 'timeout', why: because('as_said', { words: 'no answer' }) })
    const outcome = await bans.ban({ ip: '203.0.113.7', jail: 'sshd' }, ANA)
    assert.equal(!outcome.ok && outcome.code, 'timeout')
    assert.deepEqual(await list(), [])
    await bans.apply(server, [logged('ban', '203.0.113.7')])
    assert.deepEqual(types(events), ['ban 203.0.113.7 manual'])
    assert.equal((await list()).length, 1)
  })

  it('takes a refused ban back, and leaves what fail2ban had banned by itself', async () => {
    const { bans, events, logged, server, hooks, list } = setUp()
    await bans.apply(server, [logged('ban', '203.0.113.8')])
    hooks.ban = async () => ({ ok: false, fault: 'not_running', why: because('as_said', { words: 'away' }) })
    for (const ip of ['203.0.113.7', '203.0.113.8']) assert.equal((await bans.ban({ ip, jail: 'sshd' }, ANA)).ok, false)
    assert.deepEqual(
      (await list()).map(({ ip, manual }) => [ip, manual]),
      [['203.0.113.8', null]],
    )
    assert.deepEqual(types(events), ['ban 203.0.113.8 own'])
  })

  it('refuses what may never be banned, before fail2ban hears of it', async () => {
    const { bans, calls } = setUp()
    const code = async (ip: string, changes: object = {}) => {
      const outcome = await bans.ban({ ip, jail: 'sshd', ...changes }, ANA)
      return outcome.ok ? 'ok' : outcome.code
    }
    for (const ip of [
      '127.0.0.1',
      '::1',
      '::ffff:127.0.0.1',
      '10.1.2.3',
      '10.0.0.0/8',
      '2001:db8:1::5',
      '2001:db8::/32',
      '::ffff:10.0.0.0/112',
    ])
      assert.equal(await code(ip), 'never_banned', ip)
    for (const ip of ['not_an_ip; reboot', '', '1.2.3', 'fe80::1%eth0', '$(reboot)', '--all', '203.0.113.7 '])
      assert.equal(await code(ip), 'invalid_address', ip)
    for (const ip of ['0.0.0.0/0', '::/0', '64.0.0.0/2']) assert.equal(await code(ip), 'too_wide', ip)
    for (const minutes of [0, -1, 24 * 60 + 1, Number.NaN, Number.POSITIVE_INFINITY])
      assert.equal(await code('203.0.113.7', { minutes }), 'invalid_duration')
    assert.equal(await code('203.0.113.7', { jail: 'none' }), 'no_such_jail')
    assert.equal(await code('203.0.113.7', { server: 'none' }), 'no_such_server')
    assert.deepEqual(calls, [])
    assert.equal(await code('2001:DB8::7'), 'ok')
    assert.deepEqual(calls, ['ban sshd 2001:db8::7'])
  })

  it('lifts a ban by hand when its time is over, and renews it when the jail lifts it too early', async () => {
    const { bans, events, banned, logged, clock, server, list } = setUp(600)
    await bans.ban({ ip: '203.0.113.7', jail: 'sshd', minutes: 15 }, ANA)
    clock.advance(10 * MINUTE)
    banned.delete('203.0.113.7')
    await bans.apply(server, [logged('unban', '203.0.113.7')])
    await bans.tick()
    assert.ok(banned.has('203.0.113.7'))
    await bans.apply(server, [logged('ban', '203.0.113.7')])
    clock.advance(5 * MINUTE)
    await bans.tick()
    assert.equal(banned.size, 0)
    await bans.apply(server, [logged('unban', '203.0.113.7')])
    assert.deepEqual(types(events), ['ban 203.0.113.7 manual', 'unban 203.0.113.7'])
    assert.deepEqual(await list(), [])
  })

  it('does not set a ban again that somebody lifted at the console', async () => {
    const { bans, events, logged, clock, server, calls } = setUp(600)
    await bans.ban({ ip: '203.0.113.7', jail: 'sshd', minutes: 60 }, ANA)
    clock.advance(MINUTE)
    await bans.apply(server, [logged('unban', '203.0.113.7')])
    clock.advance(20 * MINUTE)
    await bans.tick()
    assert.deepEqual(calls, ['ban sshd 203.0.113.7'])
    assert.deepEqual(types(events), ['ban 203.0.113.7 manual', 'unban 203.0.113.7'])
  })

  it('keeps what fail2ban had banned before for as long as a person wants', async () => {
    const { bans, banned, logged, clock, server } = setUp(600)
    banned.add('203.0.113.7')
    await bans.apply(server, [logged('ban', '203.0.113.7')])
    clock.advance(5 * MINUTE)
    await bans.ban({ ip: '203.0.113.7', jail: 'sshd', minutes: 30 }, ANA)
    clock.advance(5 * MINUTE)
    banned.delete('203.0.113.7')
    await bans.apply(server, [logged('unban', '203.0.113.7')])
    await bans.tick()
    assert.ok(banned.has('203.0.113.7'))
  })

  it('does not ask a fail2ban that is away every time', async () => {
    const { bans, calls, clock, hooks, list } = setUp(600)
    await bans.ban({ ip: '203.0.113.7', jail: 'sshd', minutes: 5 }, ANA)
    clock.advance(5 * MINUTE)
    hooks.unban = async () => ({ ok: false, fault: 'not_running', why: because('as_said', { words: 'away' }) })
    await bans.tick()
    await bans.tick()
    assert.equal(calls.filter((call) => call.startsWith('unban')).length, 1)
    hooks.unban = async () => undefined
    clock.advance(MINUTE)
    await Promise.all([bans.tick(), bans.tick()])
    assert.equal(calls.filter((call) => call.startsWith('unban')).length, 2)
    assert.deepEqual(await list(), [])
  })

  it('makes one event of an unban by hand, which the log repeats', async () => {
    const { bans, events, logged, clock, server, audits } = setUp()
    await bans.apply(server, [logged('ban', '203.0.113.7')])
    clock.advance(1000)
    await bans.unban({ ip: '203.0.113.7', jail: 'sshd' }, ANA)
    await bans.apply(server, [logged('unban', '203.0.113.7')])
    assert.deepEqual(types(events), ['ban 203.0.113.7 own', 'unban 203.0.113.7'])
    assert.equal(audits[0]?.action, 'unban')
    const absent = await bans.unban({ ip: '203.0.113.99', jail: 'sshd' }, ANA)
    assert.deepEqual(absent, { ok: true, value: false })
  })

  it('takes what is set again after a restart for state', async () => {
    const { bans, events, logged, clock, server, list } = setUp()
    await bans.apply(server, [logged('restored', '203.0.113.1'), logged('ban', '203.0.113.2')])
    clock.advance(MINUTE)
    await bans.apply(server, [logged('restored', '203.0.113.2'), logged('ban', '203.0.113.2', START)])
    assert.deepEqual(types(events), ['ban 203.0.113.2 own'])
    assert.deepEqual((await list()).map(({ ip }) => ip).toSorted(), ['203.0.113.1', '203.0.113.2'])
  })

  it("agrees with fail2ban's own list, without news", async () => {
    const { bans, events, logged, clock, server, list } = setUp()
    await bans.apply(server, [logged('ban', '203.0.113.1'), logged('ban', '203.0.113.2')])
    clock.advance(2 * MINUTE)
    const listed = (ip: string, since: number) => ({ jail: 'sshd', ip, since, expiresAt: START + 90 * MINUTE })
    const done = await bans.reconcile({
      server,
      jails: ['sshd'],
      bans: [listed('203.0.113.1', START), listed('203.0.113.3', START), listed('203.0.113.4', clock.now())],
    })
    assert.deepEqual(done, { added: 1, removed: 1 })
    assert.deepEqual((await list()).map(({ ip, expiresAt }) => [ip, expiresAt]).toSorted(), [
      ['203.0.113.1', START + 90 * MINUTE],
      ['203.0.113.3', START + 90 * MINUTE],
    ])
    assert.equal(events.length, 2)
    await bans.reconcile({ server, jails: ['sshd'], bans: [{ ...listed('203.0.113.1', START), expiresAt: START + 5 }] })
    assert.deepEqual(
      (await list()).map(({ ip, expiresAt }) => [ip, expiresAt]),
      [['203.0.113.1', null]],
      'kept out beyond an end that was moved into the past',
    )
  })

  it('keeps a ban by hand that a jail does not list while it sets its bans again, and gives it up after a minute', async () => {
    const { bans, events, logged, clock, server, list } = setUp()
    await bans.ban({ ip: '203.0.113.7', jail: 'sshd', minutes: 5 }, ANA)
    await bans.apply(server, [logged('ban', '203.0.113.7')])
    clock.advance(2 * MINUTE)
    const none = { server, jails: ['sshd'], bans: [] }
    assert.equal((await bans.reconcile(none)).removed, 0)
    await bans.apply(server, [logged('restored', '203.0.113.7')])
    clock.advance(MINUTE - 1000)
    assert.equal((await bans.reconcile(none)).removed, 0)
    assert.equal((await list())[0]?.manual?.by, 'ana')
    clock.advance(1000)
    assert.equal((await bans.reconcile(none)).removed, 1)
    assert.equal(events.length, 1)
  })

  it('works without a fail2ban', async () => {
    const bans = createBans({
      storage: open,
      record: async () => {},
      clients: new Map(),
      limits: () => ({ allowed: [], longestMs: MINUTE }),
      audit: async () => {},
      language: () => 'es',
      now: () => START,
    })
    const outcome = await bans.ban({ ip: '203.0.113.7', jail: 'sshd' }, ANA)
    assert.equal(!outcome.ok && outcome.code, 'absent')
    await bans.tick()
  })
})
