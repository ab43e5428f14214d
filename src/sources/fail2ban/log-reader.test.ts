import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createLogReader } from './log-reader.ts'

const reader = (changes = {}) => createLogReader({ timeZone: 'UTC', ...changes })
const at = (time: string) => Date.parse(`2026-11-20T${time}Z`)
const line = (time: string, module: string, level: string, message: string) =>
  `2026-11-20 ${time.replace('.', ',')} ${`fail2ban.${module}`.padEnd(24)}[4711]: ${level.padEnd(8)}${message}`
const notice = (time: string, message: string) => line(time, 'actions', 'NOTICE', message)
const info = (time: string, module: string, message: string) => line(time, module, 'INFO', message)

const kinds = (lines: readonly string[], log = reader()) =>
  [...log.read(lines), ...log.settle()].map(({ kind, jail, ip }) => `${kind} ${jail} ${ip}`)

describe("fail2ban's log", () => {
  it('tells a ban with its failures, time and end', () => {
    const log = reader()
    const changes = log.read([
      info('10:00:00.000', 'jail', "Creating new jail 'nginx-http-auth'"),
      info('10:00:00.001', 'filter', '  findtime: 600'),
      info('10:00:00.002', 'actions', '  banTime: 3600'),
      info('10:00:01.000', 'filter', '[nginx-http-auth] Found 2001:db8::bad:1 - 2026-11-20 10:00:00'),
      info('10:00:02.000', 'filter', '[nginx-http-auth] Found 2001:db8::bad:1 - 2026-11-20 10:00:01'),
      info(
        '10:00:02.500',
        'observer',
        '[nginx-http-auth] Found 2001:db8::bad:1, bad - 2026-11-20 10:00:01, 1 # -> 2, Ban',
      ),
      notice('10:00:03.250', '[nginx-http-auth] Ban 2001:db8::bad:1'),
    ])
    assert.deepEqual(changes, [
      {
        kind: 'ban',
        jail: 'nginx-http-auth',
        ip: '2001:db8::bad:1',
        at: at('10:00:03.250'),
        expiresAt: at('11:00:03.250'),
        failures: 2,
        bantime: 3600,
        restored: false,
        timestamp: '2026-11-20 10:00:03',
      },
    ])
  })

  it('reads networks, old lines without a process, and permanent bans', () => {
    assert.deepEqual(
      kinds([
        notice('10:00:00.000', '[test] Ban 203.0.113.0/28'),
        '2014-10-14 12:58:56,964 fail2ban.actions: WARNING [ssh] Ban 122.225.97.85',
        notice('10:00:03.000', "[test] Reban 203.0.113.7, action 'nftables'"),
      ]),
      ['ban test 203.0.113.0/28', 'ban ssh 122.225.97.85', 'ban test 203.0.113.7'],
    )
    const log = reader()
    log.learn('test', -1)
    const [ban] = log.read([notice('10:00:00.000', '[test] Ban 192.0.2.1')])
    assert.equal(ban?.kind === 'ban' && ban.expiresAt, null)
    assert.equal(ban?.kind === 'ban' && ban.bantime, -1)
  })

  it('does not take a setting that was changed later for that of the jail named last', () => {
    const [ban] = reader().read([
      info('10:00:00.000', 'jail', "Creating new jail 'sshd'"),
      info('10:00:00.000', 'actions', '  banTime: 60'),
      info('10:00:00.000', 'jail', "Jail 'sshd' started"),
      info('10:00:01.000', 'actions', '  banTime: 5'),
      notice('10:00:02.000', '[sshd] Ban 192.0.2.1'),
    ])
    assert.equal(ban?.kind === 'ban' && ban.bantime, 60)
  })

  it('moves the end when the ban is made longer', () => {
    const changes = reader().read([
      notice('10:00:00.000', '[incr] Ban 192.0.2.9'),
      line(
        '10:00:00.010',
        'observer',
        'INFO',
        '[incr] IP 192.0.2.9 is bad: 1 # last 2026-11-20 09:00:00 - incr 3s to 6s',
      ),
      line('10:00:00.020', 'observer', 'NOTICE', '[incr] Increase Ban 192.0.2.9 (2 # 6s -> 2026-11-20 10:00:06)'),
      line('10:00:00.030', 'observer', 'NOTICE', '[incr] Increase Ban 192.0.2.8 (9 # permanent -> infinite)'),
    ])
    assert.deepEqual(
      changes.map((change) => [change.kind, 'expiresAt' in change && change.expiresAt]),
      [
        ['ban', null],
        ['extended', at('10:00:06')],
        ['extended', null],
      ],
    )
  })

  it('says what only the list of fail2ban tells: ends that may have moved, and jails that were stopped alone', () => {
    const log = reader()
    const after = (text: string) => {
      log.read([text])
      return log.doubts()
    }
    log.read([
      info('10:00:00.000', 'jail', "Creating new jail 'sshd'"),
      info('10:00:00.000', 'actions', '  banTime: 60'),
      info('10:00:00.000', 'jail', "Jail 'sshd' started"),
      notice('10:00:02.000', '[sshd] Ban 192.0.2.1'),
    ])
    assert.deepEqual(log.doubts(), { ends: false, stopped: false })
    assert.deepEqual(after(notice('10:00:03.000', '[sshd] 192.0.2.1 already banned')), { ends: true, stopped: false })
    assert.deepEqual(log.doubts(), { ends: false, stopped: false })
    assert.deepEqual(after(info('10:00:04.000', 'actions', '  banTime: 900')), { ends: true, stopped: false })
    log.read([info('10:00:04.500', 'jail', "Reload jail 'sshd'")])
    assert.equal(after(info('10:00:04.510', 'actions', '  banTime: 60')).ends, false, 'as it was')
    assert.equal(after(info('10:00:04.520', 'actions', '  banTime: 600')).ends, true)
    assert.deepEqual(after(info('10:00:05.000', 'jail', "Jail 'sshd' stopped")), { ends: false, stopped: true })
    log.read([info('10:00:06.000', 'server', 'Stopping all jails')])
    assert.deepEqual(after(info('10:00:07.000', 'jail', "Jail 'web' stopped")), { ends: false, stopped: false })
  })

  it('takes what a stop lifts and a start sets again for state', () => {
    const stop = [
      notice('10:00:00.000', '[sshd] Ban 192.0.2.1'),
      info('10:00:05.000', 'server', 'Shutdown in progress...'),
      info('10:00:05.040', 'server', 'Stopping all jails'),
      notice('10:00:05.100', '[sshd] Unban 192.0.2.1'),
      info('10:00:09.000', 'jail', "Jail 'sshd' stopped"),
      info('10:00:09.001', 'server', 'Exiting Fail2ban'),
      info('10:00:20.000', 'server', 'Starting Fail2ban v1.0.2'),
      notice('10:00:20.500', '[sshd] Restore Ban 192.0.2.1'),
    ]
    assert.deepEqual(kinds(stop), ['ban sshd 192.0.2.1', 'ban sshd 192.0.2.1'])
    const log = reader()
    const restored = log.read(stop).filter((change) => change.kind === 'ban' && change.restored)
    assert.equal(restored.length, 1)
    assert.deepEqual(kinds([notice('10:30:00.000', '[sshd] Unban 192.0.2.1')], log), ['unban sshd 192.0.2.1'])
  })

  it('holds a lifted ban back until no stop can follow', () => {
    const log = reader()
    assert.deepEqual(log.read([notice('10:00:00.000', '[sshd] Unban 192.0.2.1')]), [])
    assert.equal(log.waiting(), true)
    assert.deepEqual(log.read([info('10:00:01.900', 'filter', '[sshd] Found 192.0.2.7 - 2026-11-20 10:00:01')]), [])
    assert.equal(log.read([info('10:00:02.000', 'filter', '[sshd] Found 192.0.2.7 - 2026-11-20 10:00:01')]).length, 1)
    assert.deepEqual(
      kinds([
        notice('11:00:00.000', '[a] Unban 192.0.2.1'),
        notice('11:00:00.000', '[b] Unban 192.0.2.1'),
        info('11:00:01.000', 'jail', "Jail 'a' stopped"),
      ]),
      ['unban b 192.0.2.1'],
    )
    assert.deepEqual(
      kinds([notice('11:00:00.000', '[a] Unban 192.0.2.1'), info('11:00:01.000', 'server', 'Stopping all jails')]),
      [],
    )
    assert.deepEqual(
      kinds([notice('11:00:00.000', '[a] Unban 192.0.2.1'), notice('11:00:01.000', '[a] Ban 192.0.2.1')]),
      ['unban a 192.0.2.1', 'ban a 192.0.2.1'],
    )
  })

  it('goes on where a restart cut it, mid-stop and mid-attack', () => {
    const lines = [
      info('10:00:00.000', 'jail', "Creating new jail 'sshd'"),
      info('10:00:00.000', 'actions', '  banTime: 60'),
      info('10:00:01.000', 'filter', '[sshd] Found 192.0.2.1 - 2026-11-20 10:00:00'),
      info('10:00:01.000', 'filter', '[sshd] Found 192.0.2.1 - 2026-11-20 10:00:00'),
      notice('10:00:02.000', '[sshd] Ban 192.0.2.1'),
      notice('10:00:03.000', '[sshd] Unban 192.0.2.2'),
      info('10:00:05.000', 'server', 'Shutdown in progress...'),
      notice('10:00:05.100', '[sshd] Unban 192.0.2.1'),
    ]
    const whole = reader()
    const wanted = [...whole.read(lines), ...whole.settle()]
    for (let cut = 0; cut <= lines.length; cut++) {
      const before = reader()
      const first = before.read(lines.slice(0, cut))
      const stored = JSON.parse(JSON.stringify(before.state()))
      const later = reader({ state: stored })
      assert.deepEqual([...first, ...later.read(lines.slice(cut)), ...later.settle()], wanted)
    }
  })

  it('reads a duplicated log once', () => {
    const lines = [notice('10:00:00.000', '[sshd] Ban 192.0.2.1'), notice('10:05:00.000', '[sshd] Ban 192.0.2.2')]
    assert.equal(kinds([...lines, ...lines]).length, 2)
  })

  it('says which action failed', () => {
    const changes = reader().read([
      line(
        '10:00:00.000',
        'actions',
        'ERROR',
        "Failed to execute ban jail 'sshd' action 'nftables' info 'ActionInfo({'ip': '192.0.2.1', 'family': 'inet4', 'fid': <function Actions.ActionInfo.<lambda> at 0x7f>})': Error banning 192.0.2.1",
      ),
    ])
    assert.deepEqual(changes, [
      { kind: 'failed', jail: 'sshd', ip: '192.0.2.1', what: 'ban', action: 'nftables', at: at('10:00:00') },
    ])
  })

  it('counts what it cannot use', () => {
    const log = reader()
    const changes = log.read([
      notice('10:00:00.000', '[test] Ban not_an_ip'),
      notice('10:00:00.000', '[test] Ban not_an_ip; reboot'),
      'Traceback (most recent call last):',
      '2026-99-99 10:00:00,000 fail2ban.actions [1]: NOTICE [x] Ban 192.0.2.1',
      '',
    ])
    assert.deepEqual(changes, [])
    assert.deepEqual(log.stats(), { lines: 5, unknown: 2, notAddresses: 2 })
  })

  it('holds back no more than it can', () => {
    const log = reader()
    const lines = Array.from({ length: 20_000 }, (_, n) =>
      notice('10:00:00.000', `[sshd] Unban 10.0.${n >> 8}.${n & 255}`),
    )
    const changes = log.read(lines)
    assert.equal(changes.length, 15_000)
    assert.deepEqual(
      [...changes, ...log.settle()].map(({ ip }) => ip),
      lines.map((one) => one.split(' ').at(-1)),
    )
  })

  it('survives anything', () => {
    const word = fc.constantFrom(
      'Ban',
      'Unban',
      '[',
      ']',
      '[a] ',
      '192.0.2.1',
      '::1/64',
      'Found',
      'Increase Ban',
      "'",
      '#',
      '->',
      'Jail',
      ' - ',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(word, { maxLength: 12 }).map((words) => notice('10:00:00.000', words.join(' '))),
    )
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), (lines) => {
        const log = reader()
        for (const change of [...log.read(lines), ...log.settle()]) assert.match(change.ip, /^[\da-f:./]+$/i)
        assert.equal(log.stats().lines, lines.length)
      }),
      { numRuns: 2000 },
    )
  })
})
