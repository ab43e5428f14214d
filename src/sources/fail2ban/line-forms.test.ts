import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLogReader } from './log-reader.ts'

const NOW = Date.UTC(2026, 10, 30)
const readAll = (...lines: string[]) => {
  const reader = createLogReader({ timeZone: 'UTC', now: () => NOW })
  return { changes: [...reader.read(lines), ...reader.settle()], stats: reader.stats() }
}
const AT = Date.UTC(2026, 10, 25, 10, 1, 3)
const BAN = 'NOTICE  [sshd] Ban 203.0.113.7'

describe('forms of the log', () => {
  it('are all read: the file, said more, through syslog and the journal, from a container', () => {
    const own = `2026-11-25 10:01:03,123 fail2ban.actions        [77]: ${BAN}`
    const forms = [
      own,
      ' 2026-11-25 10:01:03,123 148402BC3B08 NOTICE [sshd] Ban 203.0.113.7',
      ' 2026-11-25 10:01:03,123 148402BC3B08 NOTIC [sshd] Ban 203.0.113.7',
      ' 2026-11-25 10:01:03,123 + 1234 148402BC3B08 fail2ban.actions          NOTIC [sshd] Ban 203.0.113.7',
      ' 2026-11-25 10:01:03,123 + 1234 148402BC3B08 fail2ban.actions          NOTIC | actions        -25: __CheckBan           | [sshd] Ban 203.0.113.7',
      `Nov 25 10:01:03 host fail2ban-server[77]: ${own}`,
      `Nov 25 10:01:03 host fail2ban.actions[77]: ${BAN}`,
      `Nov 25 10:01:03 host fail2ban-server[77]: fail2ban.actions        [77]: ${BAN}`,
      `Nov 25 10:01:03 host fail2ban[77]: ${BAN}`,
      'Nov 25 10:01:03 host fail2ban.actions: WARNING [sshd] Ban 203.0.113.7',
      `<29>Nov 25 10:01:03 host fail2ban.actions[77]: ${BAN}`,
      `2026-11-25T11:01:03.123456+01:00 host fail2ban.actions[77]: ${BAN}`,
      JSON.stringify({ log: `${own}\n`, stream: 'stdout', time: '2026-11-25T10:01:03.2Z' }),
      JSON.stringify({ MESSAGE: `fail2ban.actions[77]: ${BAN}`, __REALTIME_TIMESTAMP: String(AT * 1000) }),
      `fail2ban  | ${own}`,
      `2026-11-25T10:01:03.123456789Z stdout F ${own}`,
    ]
    for (const form of forms) {
      const { changes, stats } = readAll(form)
      assert.equal(stats.unknown, 0, form)
      assert.partialDeepStrictEqual(changes, [{ kind: 'ban', jail: 'sshd', ip: '203.0.113.7' }], form)
      assert.equal(Math.floor(changes[0]!.at / 1000) * 1000, AT, form)
    }
  })

  it('of syslog are of the latest year in which they are not ahead', () => {
    assert.equal(
      readAll(`Dec  9 10:01:03 host fail2ban.actions[77]: ${BAN}`).changes[0]!.at,
      Date.UTC(2025, 11, 9, 10, 1, 3),
    )
  })

  it('are never found further on in a line, where strangers may have written it', () => {
    const inner = `2026-11-25 10:01:03,123 fail2ban.actions [77]: ${BAN}`
    for (const line of [
      `2026-11-25 10:01:03,123 fail2ban.utils [77]: ERROR   stdout: ${inner}`,
      `Nov 25 10:01:03 host sshd[9]: ${inner}`,
      `Nov 25 10:01:03 host sshd[9]: Invalid user fail2ban.actions[77]: ${BAN}`,
      `Nov 25 10:01:03 host app[9]: fail2ban.actions[77]: ${BAN}`,
      `   ${inner}`,
      `stdout: ${inner}`,
    ])
      assert.deepEqual(readAll(line).changes, [], line)
  })

  it('a start of an old fail2ban, which bans again what the stop lifted, is no news', () => {
    const say = (time: string, text: string) => `2026-11-25 10:${time},123 fail2ban.actions [77]: ${text}`
    const server = (time: string, text: string) => `2026-11-25 10:${time},123 fail2ban.server [77]: INFO    ${text}`
    const { changes } = readAll(
      say('00:00', BAN),
      say('01:00', 'NOTICE  [sshd] Unban 203.0.113.7'),
      server('01:00', "Jail 'sshd' stopped"),
      server('01:01', 'Exiting Fail2ban'),
      server('01:04', 'Changed logging target to /var/log/fail2ban.log for Fail2ban v0.9.6'),
      server('01:05', "Creating new jail 'sshd'"),
      server('01:05', "Jail 'sshd' started"),
      say('01:06', BAN),
      say('09:00', 'NOTICE  [sshd] Unban 203.0.113.7'),
      say('20:00', BAN),
    )
    assert.deepEqual(
      changes.map((change) => [change.kind, change.kind === 'ban' && change.restored]),
      [
        ['ban', false],
        ['ban', true],
        ['unban', false],
        ['ban', false],
      ],
    )
  })
})
