import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { lacksNamespaces } from '../fixtures/machine.ts'

const PROGRAM = resolve(import.meta.dirname, '../fixtures/hanging-system.ts')

/** What the program prints in a network and with settings of its own. */
const runApart = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-system-'))
  try {
    writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:30 attempts:5\n')
    writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files dns\n')
    const bind = ['resolv.conf', 'nsswitch.conf'].map((name) => `mount --bind "$0/${name}" /etc/${name}`).join(' && ')
    const command = `ip link set lo up && ${bind} && exec "$@"`
    const run = ['--net', '--mount', 'sh', '-c', command, folder, process.execPath, PROGRAM]
    const { stdout } = await promisify(execFile)('unshare', run)
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("names in the system's own resolver, which hangs", { skip: lacksNamespaces('unshare', 'mount') }, () => {
  let seen: Awaited<ReturnType<typeof runApart>>
  before(async () => {
    seen = await runApart()
  })

  it('hold up none that is answered, asked for before it or after', () => {
    const { good, later, hanging } = seen.crowd
    assert.deepEqual(new Set(good), new Set(['ok']))
    assert.deepEqual(new Set(later), new Set(['ok']))
    assert.equal(hanging.includes('ok'), false)
  })

  it('are given up with their process; the next one is asked for the others', () => {
    const { ends, pids } = seen.replaced
    assert.deepEqual(ends, [{ code: 'EAI_AGAIN' }, { addresses: ['127.0.0.1'] }])
    assert.notEqual(pids[0], pids[1])
  })

  it('are asked for anew where the process dies', () => {
    const { killed, pids } = seen.replaced
    assert.deepEqual(killed, { addresses: ['127.0.0.1'] })
    assert.notEqual(pids[1], pids[2])
  })
})
