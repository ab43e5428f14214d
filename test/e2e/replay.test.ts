import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')
const folder = mkdtempSync(join(tmpdir(), 'vigia-replay-'))
after(() => rmSync(folder, { recursive: true }))

const scan = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) =>
    JSON.stringify({
      ts: 1_772_323_200 + from + index,
      'id.orig_h': '198.51.100.7',
      'id.orig_p': 40_000,
      'id.resp_h': '192.0.2.5',
      'id.resp_p': 1000 + from + index,
      proto: 'tcp',
      conn_state: 'S0',
      history: 'S',
    }),
  ).join('\n')

writeFileSync(join(folder, 'conn.1.log.gz'), gzipSync(scan(10, 20)))
writeFileSync(join(folder, 'conn.log'), `${scan(0, 10)}\nrubbish\n`)

const replay = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((done) => {
    execFile(process.execPath, [BIN, 'replay', ...args], (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    )
  })

describe('vigia replay', () => {
  it('prints one event a line, and tells the rest on stderr', async () => {
    const { code, out, err } = await replay(join(folder, 'conn.log'), join(folder, 'conn.1.log.gz'), '--json')
    assert.equal(code, 0)
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.equal(events.length, 1)
    assert.partialDeepStrictEqual(events[0], {
      type: 'zeek_detection',
      detection_type: 'port_scan',
      ip: '198.51.100.7',
      dest_ip: '192.0.2.5',
      severity: 'LOW',
      first_seen: '2026-03-01T00:00:00.000Z',
    })
    assert.match(err, /conn\.log: 1 of 11 lines left out \(no header before it: 1\)/)
    assert.match(err, /20 records of 2 files/)
  })

  it('ends well when it finds nothing', async () => {
    const { code, out } = await replay(join(folder, 'conn.log'), '--detectors', 'dga,beaconing', '--json')
    assert.deepEqual([code, out], [0, ''])
  })

  describe('with the logs of fail2ban beside', () => {
    const line = (time: string, text: string) =>
      `2026-03-01 ${time},000 fail2ban.actions        [42]: NOTICE  ${text}\n`
    const mixed = join(folder, 'mixed')
    const rules = join(folder, 'rules.yaml')
    mkdirSync(mixed)
    const older = [line('00:00:01', '[web-auth] Ban 192.0.2.44'), line('00:00:02', '[sshd] Ban 2001:db8::7')]
    const newer = [
      line('00:00:12', '[sshd] Ban 198.51.100.7'),
      line('00:00:13', '[sshd] Restore Ban 192.0.2.45'),
      line('00:00:14', '[sshd] Ban not_an_ip; reboot'),
      line('00:00:15', '[sshd] Unban 2001:db8::7'),
    ]
    writeFileSync(join(mixed, 'fail2ban.log.1.gz'), gzipSync(older.join('')))
    writeFileSync(join(mixed, 'fail2ban.log'), newer.join(''))
    writeFileSync(join(mixed, 'conn.log'), scan(0, 30))
    writeFileSync(
      rules,
      `channels: [{ name: noc, type: webhook, options: { url: "\${NOT_SET_HERE}" } }]
rules:
  - { name: bans, type: fail2ban_ban, channels: [noc], cooldown: 1h }
  - { name: scans, type: zeek_detection, conditions: { detection_type: "== port_scan" }, severity: LOW, channels: [noc] }
  - { name: stories, type: correlation, channels: [noc] }
  - { name: off, type: fail2ban_ban, enabled: false, channels: [noc] }
`,
    )

    it('tells bans and detections in the order of their time, and what rules would have sent', async () => {
      const { code, out, err } = await replay(mixed, '--json', '--time-zone', 'UTC', '--rules', rules)
      assert.equal(code, 0, err)
      const told = out
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text))
        .map(({ type, ip, would_send: sent }) => [type, ip, sent.map(({ rule }: { rule: string }) => rule).join()])
      assert.deepEqual(told, [
        ['fail2ban_ban', '192.0.2.44', 'bans'],
        ['fail2ban_ban', '2001:db8::7', 'bans'],
        ['fail2ban_ban', '198.51.100.7', 'bans'],
        ['correlation', '198.51.100.7', 'stories'],
        ['zeek_detection', '198.51.100.7', ''],
        ['fail2ban_action', '2001:db8::7', ''],
      ])
      assert.match(err, /fail2ban\.log: 1 of 4 lines left out \(a ban of what is no address: 1\)/)
      assert.match(err, /rule bans: 3 events matched, 3 would have been sent/)
      assert.match(err, /rule scans: 1 events matched, 0 would have been sent \(1 told by a story about the address\)/)
      assert.doesNotMatch(err, /rule off/)
    })

    it('expects whom the command names, and whom the file tells its own detectors', async () => {
      const scans = async (...words: string[]) => {
        const { code, out, err } = await replay(mixed, '--json', '--detectors', 'port_scan', ...words)
        assert.equal(code, 0, err)
        return out.split('\n').filter((text) => text.includes('zeek_detection')).length
      }
      const file = join(folder, 'expected.yaml')
      const zeek = 'sources: { zeek: { ignore: [198.51.100.0/24] } }\n'
      writeFileSync(file, `${zeek}rules: [{ name: scans, type: zeek_detection, channels: [] }]\n`)
      assert.deepEqual(
        [await scans(), await scans('--ignore', '198.51.100.7'), await scans('--rules', file)],
        [1, 0, 0],
      )
      assert.match((await replay(mixed, '--ignore', 'here')).err, /--ignore here: not an address or a network/)
    })

    it('says what is wrong with rules', async () => {
      const wrong = join(folder, 'wrong.yaml')
      writeFileSync(wrong, 'rules:\n  - { name: a, type: b, conditions: { f: { operator: almost, value: 1 } } }\n')
      const { code, err } = await replay(mixed, '--rules', wrong)
      assert.equal(code, 2)
      assert.match(err, /wrong\.yaml:2:.*almost/)
      assert.equal((await replay(mixed, '--rules', '--data', folder)).code, 1)
      assert.match((await replay(mixed, '--time-zone', 'Mars/Base')).err, /Mars\/Base: not a time zone/)
    })
  })

  it('says what is wrong with its arguments', async () => {
    const unknown = await replay(folder, '--detectors', 'ports')
    assert.equal(unknown.code, 2)
    assert.match(unknown.err, /no detector is called "ports"; there are port_scan, /)
    const gone = await replay(join(folder, 'gone'))
    assert.equal(gone.code, 2)
    assert.match(gone.err, /gone: no such file or folder/)
  })
})
