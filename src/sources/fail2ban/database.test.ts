import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { inEnglish } from '#templates/said.ts'
import { readFail2banDatabase } from './database.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigia-fail2ban-db-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const NOW = 1_795_000_000_000
const SECONDS = NOW / 1000
let files = 0

const make = (current: boolean, rows: readonly (readonly [string, string, number, number, unknown])[]) => {
  const path = join(folder, `${++files}.sqlite3`)
  const database = new DatabaseSync(path)
  const table = current ? 'bips' : 'bans'
  database.exec(
    'create table jails (name text, enabled integer); create table bans (jail text, ip text, timeofban integer, bantime integer, data json)',
  )
  if (current) database.exec('create table bips (ip text, jail text, timeofban integer, bantime integer, data json)')
  database.exec("insert into jails values ('sshd', 1), ('off', 0)")
  const insert = database.prepare(`insert into ${table} (jail, ip, timeofban, bantime, data) values (?, ?, ?, ?, ?)`)
  for (const row of rows) insert.run(...(row as readonly (string | number)[]))
  database.close()
  return path
}

describe("fail2ban's database", () => {
  it('lists what is in force', () => {
    const path = make(true, [
      ['sshd', '203.0.113.7', SECONDS - 10, 60, Buffer.from('{"failures": 5, "matches": []}')],
      ['sshd', '2001:DB8::1', SECONDS - 100, -1, '{"failures": "many"}'],
      ['sshd', '203.0.113.8', SECONDS - 100, 60, null],
      ['sshd', 'not_an_ip; reboot', SECONDS, 60, null],
    ])
    const before = readFileSync(path)
    assert.deepEqual(readFail2banDatabase(path, NOW), {
      ok: true,
      jails: ['sshd'],
      bans: [
        { jail: 'sshd', ip: '203.0.113.7', since: NOW - 10_000, expiresAt: NOW + 50_000, failures: 5 },
        { jail: 'sshd', ip: '2001:db8::1', since: NOW - 100_000, expiresAt: null, failures: null },
      ],
    })
    assert.deepEqual(readFileSync(path), before)
  })

  it('takes the newest of each where there is only the table of all bans', () => {
    const path = make(false, [
      ['sshd', '203.0.113.7', SECONDS - 30, 60, '{}'],
      ['sshd', '203.0.113.7', SECONDS - 10, 60, '{"failures": 7}'],
    ])
    const listed = readFail2banDatabase(path, NOW)
    assert.ok(listed.ok)
    assert.deepEqual(
      listed.bans.map(({ since, failures }) => [since, failures]),
      [[NOW - 10_000, 7]],
    )
  })

  it('says what is wrong with a file', () => {
    const text = join(folder, 'text')
    writeFileSync(text, 'no database '.repeat(1000))
    const other = join(folder, 'other')
    new DatabaseSync(other).close()
    for (const path of [text, other, folder, join(folder, 'none')]) {
      const listed = readFail2banDatabase(path, NOW)
      assert.ok(!listed.ok, path)
      assert.match(inEnglish(listed.why), /cannot be read|does not exist/)
    }
  })
})
