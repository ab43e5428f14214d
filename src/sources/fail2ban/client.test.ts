import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { inEnglish } from '#templates/said.ts'
import { createFail2banClient } from './client.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigia-client-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let programs = 0

/** A program in fail2ban-client's place that notes its arguments, one a line, and does what `body` says. */
const program = (body: string) => {
  const path = join(folder, `client-${++programs}`)
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${path}.arguments'\n${body}\n`)
  chmodSync(path, 0o755)
  const words = () =>
    existsSync(`${path}.arguments`) ? readFileSync(`${path}.arguments`, 'utf8').trim().split('\n') : []
  return { path, words }
}

describe("fail2ban's client", () => {
  it('hands words on as they are, without a shell', async () => {
    const { path, words } = program('echo 1')
    const client = createFail2banClient({ command: [path, '-s', '/run/a socket'] })
    assert.deepEqual(await client.ban('web-auth', '2001:DB8::1'), { ok: true, value: 1 })
    assert.deepEqual(words(), ['-s', '/run/a socket', 'set', 'web-auth', 'banip', '2001:db8::1'])
  })

  it('runs nothing for what is no address or no jail', async () => {
    const { path, words } = program('echo 1')
    const client = createFail2banClient({ command: [path] })
    for (const ip of ['not_an_ip; reboot', '$(reboot)', '--all', '', '1.2.3.4 5.6.7.8', '1.2.3.4\n'])
      assert.equal((await client.ban('sshd', ip)).ok, false, ip)
    for (const jail of ['--all', '', 'a b', 'a;b', 'x'.repeat(200)]) {
      assert.equal((await client.ban(jail, '192.0.2.1')).ok, false, jail)
      assert.equal((await client.status(jail)).ok, false, jail)
    }
    // A name with a blank may be one: fail2ban is asked whether it has such a jail, and does not.
    assert.ok(words().every((word) => word === 'status'))
  })

  it('says why it did not work, and the way out', async () => {
    for (const [body, fault, text] of [
      ['echo "Sorry but the jail \'x\' does not exist" >&2; exit 255', 'no_such_jail', /does not exist/],
      [
        'echo "Failed to access socket path: /run/x. Is fail2ban running?" >&2; exit 255',
        'not_running',
        /systemctl start/,
      ],
      ['echo "Permission denied to socket: /run/x, (you must be root)" >&2; exit 255', 'no_permission', /sudo/],
      ['echo "sudo: a password is required" >&2; exit 1', 'no_permission', /sudo/],
      ['echo broken >&2; exit 3', 'refused', /broken/],
    ] as const) {
      const answer = await createFail2banClient({ command: [program(body).path] }).bantime('x')
      assert.ok(!answer.ok)
      assert.equal(answer.fault, fault)
      assert.match(inEnglish(answer.why), text)
    }
    const noise = "2026-11-30 12:19:24,204 fail2ban                [26250]: ERROR   NOK: ('nope',)"
    const jail = program(`echo "${noise}" >&2; echo "Sorry but the jail 'nope' does not exist"; exit 255`)
    const nowhere = await createFail2banClient({ command: [jail.path] }).bantime('nope')
    assert.equal(!nowhere.ok && inEnglish(nowhere.why), "fail2ban refused: Sorry but the jail 'nope' does not exist.")
    const absent = await createFail2banClient({ command: [join(folder, 'nothing')] }).jails()
    assert.equal(!absent.ok && absent.fault, 'absent')
    const slow = await createFail2banClient({ command: [program('exec sleep 30').path], timeoutMs: 50 }).jails()
    assert.equal(!slow.ok && slow.fault, 'timeout')
  })

  it('reads times of bans, and asks older versions without them', async () => {
    const timed = program(
      "printf '203.0.113.7 \\t2026-11-20 23:56:37 + 6 = 2026-11-20 23:56:43\\n::1 \\t2026-11-20 10:00:00 + -1 = 9999-12-31 23:59:59\\nnonsense\\n'",
    )
    const listed = await createFail2banClient({ command: [timed.path], timeZone: 'UTC' }).banned('sshd')
    const at = Date.parse('2026-11-20T23:56:37Z')
    assert.deepEqual(listed.ok && listed.value, [
      { jail: 'sshd', ip: '203.0.113.7', since: at, expiresAt: at + 6000 },
      { jail: 'sshd', ip: '::1', since: Date.parse('2026-11-20T10:00:00Z'), expiresAt: null },
    ])
    const older = program(
      `if [ "$3" = banip ]; then echo 'Invalid command' >&2; exit 255; fi; echo "['203.0.113.7', 'not_an_ip']"`,
    )
    const plain = await createFail2banClient({ command: [older.path] }).banned('sshd')
    assert.deepEqual(plain.ok && plain.value, [{ jail: 'sshd', ip: '203.0.113.7', since: null, expiresAt: null }])
  })

  it('refuses an answer that is something else', async () => {
    assert.equal((await createFail2banClient({ command: [program('echo hello').path] }).bantime('sshd')).ok, false)
    const endless = await createFail2banClient({ command: [program('yes').path], timeoutMs: 5000 }).jails()
    assert.equal(endless.ok, false)
  })
})
