import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { NewEvent } from '#core/event/event.ts'
import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { type Bans, createBans } from '#pipeline/ban/bans.ts'
import { createFail2banClient } from '#sources/fail2ban/client.ts'
import { readFail2banDatabase } from '#sources/fail2ban/database.ts'
import { type Fail2banSource, startFail2banSource } from '#sources/fail2ban/fail2ban-source.ts'
import { readerState } from '#sources/fail2ban/log-reader.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { createFail2ban, fail2banMissing, type TestFail2ban } from '../fixtures/fail2ban.ts'

const missing = fail2banMissing()
const STATE = 'fail2ban:test'

/** Waits until `holds`, a bounded time. */
const until = async (what: string, holds: () => boolean | Promise<boolean>) => {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await holds()) return
    await pause(100)
  }
  throw new Error(`not reached: ${what}`)
}

const ANA: By = { actor: 'user:ana', name: 'ana', address: null }

/** The part of a server that has to do with fail2ban; may be started and stopped like one. */
const watch = async (fail2ban: TestFail2ban, storage: Storage, events: NewEvent[], now = Date.now) => {
  const ending = new AbortController()
  const client = createFail2banClient({ command: fail2ban.client })
  const bans: Bans = createBans({
    storage,
    record: (work) =>
      storage.transaction(async (repositories) => {
        events.push(...(await work(repositories)))
      }),
    clients: new Map([['test', client]]),
    limits: () => ({ allowed: [], longestMs: 86_400_000 }),
    audit: async () => {},
    language: () => 'en',
    now,
  })
  const source: Fail2banSource = startFail2banSource({
    name: 'test',
    log: fail2ban.log,
    client,
    database: fail2ban.database,
    state: readerState(await storage.settings.get<JsonObject>(STATE)),
    positions: storage.followOffsets,
    timers: systemTimers,
    wall: Date.now,
    signal: ending.signal,
    pollMs: 200,
    onBatch: async ({ changes, position, state }) => {
      await bans.apply('test', changes, async (repositories) => {
        await repositories.settings.set(STATE, state as unknown as JsonObject)
        if (position) await repositories.followOffsets.save(position.log, position.position)
      })
    },
    onListing: async (listing) => void (await bans.reconcile(listing)),
  })
  return {
    bans,
    source,
    client,
    stop: async () => {
      ending.abort()
      await source.ended
    },
  }
}

describe('a real fail2ban', { skip: missing ?? false }, () => {
  let fail2ban: TestFail2ban
  let storage: Storage
  let dataDir: string
  const events: NewEvent[] = []

  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'vigia-security-'))
    storage = await openStorage({ dataDir })
    fail2ban = createFail2ban({ 'web-auth': '', sshd: 'maxretry = 1000', broken: 'maxretry = 1000\naction = broken' })
    await fail2ban.start()
  })
  after(async () => {
    await fail2ban.remove()
    await storage.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const startWatching = () => watch(fail2ban, storage, events)

  /** What its database holds, once the bans in it are as they should be. */
  const written = async (holds: (ips: readonly string[]) => boolean) => {
    let listed = readFail2banDatabase(fail2ban.database, Date.now())
    await until('it to be written down', () => {
      listed = readFail2banDatabase(fail2ban.database, Date.now())
      return listed.ok && holds(listed.bans.map(({ ip }) => ip))
    })
    assert.ok(listed.ok)
    return listed
  }

  const told = (ip: string) =>
    events
      .filter(({ subject }) => subject === ip)
      .map(({ type, data }) => (type === 'fail2ban_ban' ? (data.manual ? 'manual' : 'ban') : data.action))
  const run = (...words: string[]) =>
    execFileSync(fail2ban.client[0]!, [...fail2ban.client.slice(1), ...words], { encoding: 'utf8' })
  const logs = (text: string) => readFileSync(fail2ban.log, 'utf8').includes(text)

  it('asks and tells it through its client', async () => {
    const client = createFail2banClient({ command: fail2ban.client })
    assert.deepEqual((await client.jails()).ok && (await client.jails()), {
      ok: true,
      value: ['broken', 'sshd', 'web-auth'],
    })
    assert.deepEqual(await client.bantime('web-auth'), { ok: true, value: 600 })
    assert.deepEqual(await client.ban('sshd', '2001:DB8::BAD:1'), { ok: true, value: 1 })
    assert.deepEqual(await client.ban('sshd', '2001:db8::bad:1'), { ok: true, value: 0 })
    assert.deepEqual(await client.ban('sshd', '198.51.100.0/28'), { ok: true, value: 1 })
    const listed = await client.banned('sshd')
    assert.ok(listed.ok)
    assert.deepEqual(listed.value.map(({ ip }) => ip).toSorted(), ['198.51.100.0/28', '2001:db8::bad:1'])
    for (const { since, expiresAt } of listed.value) assert.equal(expiresAt! - since!, 600_000)
    // It writes a ban into its database a moment after it tells of it: a lift that came before would stay a ban there.
    await written((bans) => bans.length === 2)
    const status = await client.status('sshd')
    assert.deepEqual(status.ok && status.value.bannedIps.toSorted(), ['198.51.100.0/28', '2001:db8::bad:1'])
    assert.deepEqual(await client.unban('sshd', '198.51.100.0/28'), { ok: true, value: 1 })
    assert.deepEqual(await client.unban('sshd', '198.51.100.0/28'), { ok: true, value: 0 })
    assert.deepEqual(await client.unban('sshd', '2001:db8::bad:1'), { ok: true, value: 1 })
    await written((bans) => bans.length === 0)
    const nowhere = await client.ban('nojail', '192.0.2.1')
    assert.equal(!nowhere.ok && nowhere.fault, 'no_such_jail')
    for (const ip of ['not_an_ip', 'not_an_ip; reboot', '--all']) {
      const refused = await client.ban('sshd', ip)
      assert.equal(!refused.ok && refused.fault, 'refused')
    }
    for (const jail of ['--all', 'a b', '', '-x']) assert.equal((await client.ban(jail, '192.0.2.1')).ok, false)
  })

  it('tells of each ban exactly once, over rotation, restarts of ours and of fail2ban', async () => {
    let watching = await startWatching()
    fail2ban.attack('203.0.113.7', 3)
    await until('the first ban', () => told('203.0.113.7').length > 0)
    const event = events.find(({ subject }) => subject === '203.0.113.7')!
    assert.deepEqual(
      [event.type, event.severity, event.data.jail, event.data.failures, event.data.bantime, event.data.manual],
      ['fail2ban_ban', 'MEDIUM', 'web-auth', 3, 600, false],
    )
    assert.ok(Math.abs(Date.parse(String(event.data.expiry)) - event.at - 600_000) < 1000)

    const outcome = await watching.bans.ban({ ip: '203.0.113.8', jail: 'sshd', minutes: 5, reason: 'by hand' }, ANA)
    assert.ok(outcome.ok)
    await until('the log to repeat it', () => logs('Ban 203.0.113.8'))
    await watching.source.readNow()
    assert.deepEqual(told('203.0.113.8'), ['manual'])

    await watching.stop()
    fail2ban.attack('203.0.113.9', 3)
    await until('a ban while we are away', () => logs('Ban 203.0.113.9'))
    renameSync(fail2ban.log, `${fail2ban.log}.1`)
    run('flushlogs')
    fail2ban.attack('203.0.113.10', 3)
    await until('a ban in the new log', () => logs('Ban 203.0.113.10'))

    watching = await startWatching()
    await watching.source.readNow()
    await fail2ban.stop()
    await fail2ban.start()
    // Each jail sets its own again: one that is lifted before would be set again after it.
    await until('bans set again', () => logs('Restore Ban 203.0.113.10') && logs('Restore Ban 203.0.113.8'))
    fail2ban.attack('203.0.113.11', 3)
    await until('a ban after the restart', () => told('203.0.113.11').length > 0)
    for (const [ip, wanted] of [
      ['203.0.113.7', ['ban']],
      ['203.0.113.8', ['manual']],
      ['203.0.113.9', ['ban']],
      ['203.0.113.10', ['ban']],
      ['203.0.113.11', ['ban']],
    ] as const)
      assert.deepEqual(told(ip), wanted, ip)
    const listed = (await watching.bans.list({ limit: 100 })).map(({ ip }) => ip).toSorted()
    assert.deepEqual(listed, ['203.0.113.10', '203.0.113.11', '203.0.113.7', '203.0.113.8', '203.0.113.9'])

    assert.deepEqual(await watching.bans.unban({ ip: '203.0.113.8', jail: 'sshd' }, ANA), {
      ok: true,
      value: true,
    })
    run('set', 'web-auth', 'unbanip', '203.0.113.7')
    await until('the unban at the console', () => told('203.0.113.7').length > 1)
    assert.deepEqual(told('203.0.113.7'), ['ban', 'unban'])
    assert.deepEqual(told('203.0.113.8'), ['manual', 'unban'])
    assert.equal(watching.source.stats().unknown, 0)
    await watching.stop()
  })

  it('says when an action fails, and knows the bans from the database', async () => {
    const watching = await startWatching()
    run('set', 'broken', 'banip', '203.0.113.50')
    await until('the failure', () => told('203.0.113.50').includes('ban_failed'))
    await watching.stop()
    // It holds its database now and then, and writes down what it did a moment after it tells of it.
    const listed = await written((bans) => bans.includes('203.0.113.11') && !bans.includes('203.0.113.8'))
    assert.ok(listed.jails.includes('web-auth'))
    const known = listed.bans.find(({ ip }) => ip === '203.0.113.11')
    assert.deepEqual([known?.jail, known?.failures], ['web-auth', 3])
  })

  it('says what is wrong when it is away, and goes on without it', async () => {
    await fail2ban.stop()
    const client = createFail2banClient({ command: fail2ban.client })
    const answer = await client.jails()
    assert.equal(!answer.ok && answer.fault, 'not_running')
    const watching = await startWatching()
    await watching.source.readNow()
    assert.equal(await watching.source.reconcile(), true)
    await watching.stop()
  })
})

describe('jails of a real fail2ban', { skip: missing ?? false }, () => {
  const ODD = ['my jail', 'a/b', 'correo-ñ', 'nginx (bots)']
  let fail2ban: TestFail2ban
  let storage: Storage
  let dataDir: string
  let ahead = 0
  const events: NewEvent[] = []
  const now = () => Date.now() + ahead

  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'vigia-jails-'))
    storage = await openStorage({ dataDir })
    const never = 'maxretry = 1000'
    fail2ban = createFail2ban({
      ...Object.fromEntries(ODD.map((name) => [name, never])),
      short: never,
      forever: `${never}\nbantime = -1`,
    })
    await fail2ban.start()
  })
  after(async () => {
    await fail2ban.remove()
    await storage.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const told = (ip: string) =>
    events.filter(({ subject }) => subject === ip).map(({ type, data }) => data.action ?? type)
  const run = (...words: string[]) =>
    execFileSync(fail2ban.client[0]!, [...fail2ban.client.slice(1), ...words], { encoding: 'utf8' })
  const logs = (text: string) => readFileSync(fail2ban.log, 'utf8').includes(text)

  it('ban and lift whatever they are called, as fail2ban lists them', async () => {
    const client = createFail2banClient({ command: fail2ban.client })
    const listed = await client.jails()
    assert.deepEqual(listed.ok && listed.value.toSorted(), [...ODD, 'forever', 'short'].toSorted())
    for (const jail of ODD) {
      assert.deepEqual(await client.ban(jail, '203.0.113.60'), { ok: true, value: 1 }, jail)
      const banned = await client.banned(jail)
      assert.deepEqual(banned.ok && banned.value.map(({ ip }) => ip), ['203.0.113.60'], jail)
      assert.deepEqual(await client.unban(jail, '203.0.113.60'), { ok: true, value: 1 }, jail)
    }
    assert.equal((await client.ban('no such jail', '203.0.113.60')).ok, false)
  })

  it('keep bans while they are stopped: one by hand is lifted when they set it again, others end as they would have', async () => {
    const watching = await watch(fail2ban, storage, events, now)
    const banned = await watching.bans.ban({ ip: '203.0.113.61', jail: 'short', minutes: 1, reason: '' }, ANA)
    assert.ok(banned.ok)
    run('set', 'short', 'banip', '203.0.113.62')
    run('set', 'forever', 'banip', '203.0.113.63')
    await until('the bans', () => told('203.0.113.62').length + told('203.0.113.63').length === 2)
    await until('it to be written down', () => {
      const written = readFail2banDatabase(fail2ban.database, Date.now())
      return written.ok && written.bans.length >= 3
    })
    run('stop', 'short')
    run('stop', 'forever')
    await until('the stops', () => logs("Jail 'forever' stopped"))
    ahead = 61_000
    await watching.bans.tick()
    await watching.source.reconcile()
    assert.deepEqual(told('203.0.113.61'), ['fail2ban_ban'])
    const inForce = (await watching.bans.list({ limit: 10 })).map(({ ip }) => ip)
    assert.ok(!inForce.includes('203.0.113.63'), 'nobody is kept out by a jail that is stopped')

    ahead = 92_000
    run('reload')
    await until('it to be set again', () => logs('Restore Ban 203.0.113.62') && logs('Restore Ban 203.0.113.61'))
    await watching.source.readNow()
    await until('it to be lifted', async () => {
      // A fail2ban that could not answer just then is asked again after a while.
      ahead += 1000
      await watching.bans.tick()
      return told('203.0.113.61').length > 1
    })
    assert.deepEqual(told('203.0.113.61'), ['fail2ban_ban', 'unban'])
    const there = await watching.client.banned('short')
    assert.ok(there.ok)
    assert.deepEqual(
      there.value.map(({ ip }) => ip),
      ['203.0.113.62'],
    )
    await until('the old end', async () => {
      const [known] = (await watching.bans.list({ limit: 10 })).filter(({ ip }) => ip === '203.0.113.62')
      return known?.expiresAt === there.value[0]!.expiresAt
    })
    assert.deepEqual(told('203.0.113.62'), ['fail2ban_ban'])
    await watching.stop()
  })
})
