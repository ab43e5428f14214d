import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { createFail2ban, fail2banMissing, type TestFail2ban } from '../fixtures/fail2ban.ts'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createSmtpSink, type SmtpSink } from '../fixtures/servers/smtp-sink.ts'

const missing = fail2banMissing()

/** What must never reach fail2ban, and why. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['not_an_ip; reboot', /must be an IPv4 or IPv6 address/],
  ['$(reboot)', /must be an IPv4 or IPv6 address/],
  ['--help', /must be an IPv4 or IPv6 address/],
  ['127.0.0.1', /never banned/],
  ['127.0.0.0/30', /never banned/],
  ['::1', /never banned/],
  ['::ffff:127.0.0.1', /never banned/],
  ['0.0.0.0/0', /too wide/],
  ['64:ff9b::/96', /too wide/],
  ['2002::/16', /too wide/],
  ['64:ff9b::7f00:1', /never banned/],
  ['224.0.0.1', /nobody sends from/],
  ['ff02::1', /nobody sends from/],
  ['192.0.2.77', /never banned/],
  ['192.0.2.64/26', /never banned/],
]

describe('bans of a real fail2ban, through a whole server', { skip: missing ?? false }, () => {
  let fail2ban: TestFail2ban
  let smtp: SmtpSink
  let api: TestServer

  before(async () => {
    fail2ban = createFail2ban({ 'web-auth': '', sshd: 'maxretry = 1000' })
    await fail2ban.start()
    smtp = await createSmtpSink()
    const options = {
      to: ['noc@isp.example'],
      from: 'vigia@isp.example',
      smtp: { host: smtp.host, port: smtp.port },
    }
    api = await startTestServer({
      wanted: {
        channels: [fileChannel('mail', '', { type: 'email', options })],
        monitors: [],
        sources: {
          zeek: [],
          fail2ban: [
            {
              name: 'fail2ban',
              log: fail2ban.log,
              client: fail2ban.client,
              database: fail2ban.database,
              timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
              backfill: false,
            },
          ],
        },
        security: { neverBan: ['192.0.2.77'], longestBanMs: 3_600_000 },
      },
    })
    const rule = { type: 'fail2ban_ban', channels: ['mail'], cooldown: '0' }
    await api.post('rules', { ...rule, name: 'each ban', conditions: { jail: { operator: '!=', value: 'none' } } })
  })
  after(async () => {
    await api?.stop()
    await smtp?.close()
    await fail2ban.remove()
  })

  const bans = async () => (await api.get('bans')).items.map(({ ip, jail, manual }: Json) => [ip, jail, manual])
  const eventsOf = async (ip: string) =>
    (await api.get('events?type=fail2ban_ban&limit=100')).items.filter((event: Json) => event.ip === ip)
  const older = (path: string, body?: object) => api.request(body ? 'POST' : 'GET', `/api/fail2ban/${path}`, body)

  it('a ban by lines of a real log is mailed', async () => {
    fail2ban.attack('203.0.113.7', 3)
    await until(async () => smtp.mails.length > 0, 'the mail')
    const [{ raw, to }] = smtp.mails as [Json]
    assert.deepEqual(to, ['noc@isp.example'])
    assert.match(raw, /203\.0\.113\.7/)
    assert.match(raw, /web-auth/)
    assert.deepEqual(await bans(), [['203.0.113.7', 'web-auth', false]])
    const [event] = await eventsOf('203.0.113.7')
    assert.partialDeepStrictEqual(event, {
      jail: 'web-auth',
      failures: 3,
      bantime: 600,
      manual: false,
      severity: 'MEDIUM',
    })
  })

  for (const [ip, why] of REFUSED)
    it(`refuses ${ip}, at both doors`, async () => {
      const refused = await api.request('POST', 'bans', { ip, jail: 'web-auth' })
      assert.equal(refused.status, 400)
      assert.match(refused.body.detail, why)
      const alsoRefused = await older('ban', { ip, jail: 'web-auth' })
      assert.deepEqual([alsoRefused.status, alsoRefused.body.success], [400, false])
      assert.equal((await bans()).length, 1)
    })

  it('refuses a jail that is none, and a ban that lasts too long', async () => {
    for (const jail of ['nojail', 'web-auth; reboot', '-c'])
      assert.equal((await api.request('POST', 'bans', { ip: '198.51.100.9', jail })).status, 400)
    for (const minutes of [61, 0, 0.0001, -1, 1e300])
      assert.equal((await api.request('POST', 'bans', { ip: '198.51.100.9', jail: 'web-auth', minutes })).status, 400)
  })

  it('bans by hand are one event each, whatever the log repeats, and stand in the audit log', async () => {
    const asked = { jail: 'web-auth', minutes: 10, reason: 'scans us' }
    for (const ip of ['198.51.100.9', '2001:db8::9', '198.51.100.16/28'])
      assert.partialDeepStrictEqual(await api.post('bans', { ip, ...asked }), { ip, manual: true, reason: 'scans us' })
    assert.equal((await older('ban', { ip: '198.51.100.40', jail: 'sshd' })).body.success, true)
    const last = await api.post('bans', { ip: '198.51.100.41' })
    assert.equal(last.jail, 'sshd')
    // What the log says of these has been read when it has said what came after.
    fail2ban.attack('203.0.113.8', 3)
    await until(async () => (await eventsOf('203.0.113.8')).length === 1, 'the ban after them')
    for (const ip of ['198.51.100.9', '2001:db8::9', '198.51.100.16/28', '198.51.100.40', '198.51.100.41']) {
      const events = await eventsOf(ip)
      assert.deepEqual(
        events.map(({ manual, severity }: Json) => [manual, severity]),
        [[true, 'HIGH']],
        ip,
      )
    }
    const { items } = await api.get('audit?limit=100')
    assert.equal(items.filter(({ action }: Json) => action === 'ban').length, 5)
  })

  it('lifts them, and is asked as the older panel was, with a token', async () => {
    const { body: listed } = await older('banned-ips?jail=web-auth')
    assert.ok(listed.ips.includes('2001:db8::9') && listed.ips.includes('198.51.100.16/28'))
    const jails = (await older('jails')).body.jails.map(({ name }: Json) => name)
    assert.deepEqual(jails.sort(), ['sshd', 'web-auth'])
    assert.equal((await older('status')).body.running, true)
    assert.equal((await fetch(`${api.url}/api/fail2ban/ban`, { method: 'POST' })).status, 401)
    assert.equal(
      (await api.request('POST', 'bans', { ip: '198.51.100.50' }, { authorization: `Bearer ${api.tokens.viewer}` }))
        .status,
      403,
    )

    const known = () => api.get('addresses/2001:db8::9')
    const inForce = await known()
    assert.deepEqual([inForce.can_ban, inForce.bans.told], [true, []])
    assert.partialDeepStrictEqual(inForce.bans.current, [{ jail: 'web-auth', manual: true, reason: 'scans us' }])
    assert.equal((await api.get('addresses/198.51.100.17')).bans.current[0].ip, '198.51.100.16/28', 'with its network')
    const [there] = (await api.get('bans/jails')).items
    assert.deepEqual([there.server, there.jails.toSorted(), there.fault], ['fail2ban', ['sshd', 'web-auth'], null])
    await api.remove('bans?ip=2001:db8::9&jail=web-auth')
    const [lifted] = (await known()).bans.told
    assert.partialDeepStrictEqual(lifted, { jail: 'web-auth', over: true, by: inForce.bans.current[0].by })
    assert.equal(lifted.lifted_by, lifted.by, 'the same person')
    assert.equal((await older('unban', { ip: '198.51.100.16/28', jail: 'web-auth' })).body.success, true)
    assert.equal((await api.request('DELETE', 'bans?ip=198.51.100.99&jail=web-auth')).status, 404)
    const left = (await bans()).map(([ip]: Json) => ip)
    assert.ok(!left.includes('2001:db8::9') && !left.includes('198.51.100.16/28'))
  })

  describe('a network', () => {
    const NET = '198.18.7.0/24'
    const SINGLES = ['198.18.7.7', '198.18.7.8']
    const ask = (...words: readonly string[]) =>
      execFileSync(fail2ban.client[0]!, [...fail2ban.client.slice(1), ...words], { encoding: 'utf8' })
    const banned = () => ask('get', 'web-auth', 'banip').split(/\s+/)
    const assertSingles = () =>
      assert.deepEqual(
        SINGLES.filter((ip) => banned().includes(ip)),
        SINGLES,
      )
    const gone = () => until(async () => !(await bans()).some(([ip]: Json) => ip === NET), 'the end of its ban')
    const remove = (ip: string) => api.request('DELETE', 'bans', { ip, jail: 'web-auth' })

    it('that is not banned is not found, and nobody inside is set free', async () => {
      for (const ip of SINGLES) ask('set', 'web-auth', 'banip', ip)
      const answer = await remove(NET)
      assert.deepEqual([answer.status, answer.body.detail], [404, `${NET} is not banned in jail web-auth`])
      assertSingles()
    })

    it('is lifted alone by hand', async () => {
      await api.post('bans', { ip: NET, jail: 'web-auth', minutes: 10 })
      assert.ok(banned().includes(NET))
      assert.equal((await remove(NET)).status, 204)
      assert.ok(!banned().includes(NET))
      assertSingles()
      const { items } = await api.get('audit?limit=5')
      const [entry] = items.filter(({ action }: Json) => action === 'unban')
      assert.partialDeepStrictEqual(entry.details, { ip: NET, lifted: true })
    })

    it('is left alone at its end where fail2ban has lifted it in that moment', async () => {
      await api.post('bans', { ip: NET, jail: 'web-auth', minutes: 5 })
      ask('set', 'web-auth', 'unbanip', NET)
      api.advance(5 * 60_000)
      await gone()
      assertSingles()
    })

    it('too wide is not lifted either', async () => {
      for (const ip of ['0.0.0.0/0', '::/0', '64:ff9b::/96']) {
        const answer = await remove(ip)
        assert.deepEqual([answer.status, answer.body.code], [400, 'too_wide'])
      }
      assertSingles()
    })
  })
})
