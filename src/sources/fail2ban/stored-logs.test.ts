import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync, constants as zlib } from 'node:zlib'
import type { BanChange } from '#core/ban/ban.ts'
import type { FileReport } from '../stored-file.ts'
import { findStoredLog, readStoredLogs } from './stored-logs.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigia-stored-'))
after(() => rmSync(folder, { recursive: true }))

const ban = (second: number, ip: string) =>
  `2026-11-25 10:01:${String(second).padStart(2, '0')},123 fail2ban.actions [77]: NOTICE [sshd] Ban ${ip}`

describe('a stored log of fail2ban', () => {
  it('whose archive was cut off bans nobody by the beginning of an address', async () => {
    const path = join(folder, 'fail2ban.log.1.gz')
    const text = `${ban(1, '203.0.113.7')}\n${ban(2, '198.51.100.4')}`
    // Flushed, so that all of the text can be unpacked, but never ended.
    writeFileSync(path, gzipSync(text, { finishFlush: zlib.Z_SYNC_FLUSH }))
    const log = await findStoredLog({ path, bytes: statSync(path).size }, 'UTC')
    const reports: FileReport[] = []
    const changes: BanChange[] = []
    for await (const some of readStoredLogs([log!], 'UTC', { onFile: (report) => reports.push(report) }))
      changes.push(...some)
    assert.deepEqual(
      changes.map(({ ip }) => ip),
      ['203.0.113.7'],
    )
    assert.match(reports[0]!.problem ?? '', /unexpected end/)
  })
})
