import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { because } from '#core/cause/cause.ts'
import { openStorage } from '#storage/index.ts'
import { StorageError } from '#storage/storage-error.ts'
import { CommandError } from '../../src/cli/command.ts'
import { withStorage } from '../../src/cli/with-storage.ts'
import { channel, createWorld, monitor } from '../fixtures/world.ts'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')

describe('commands that work on the store', () => {
  const root = mkdtempSync(join(tmpdir(), 'vigia-commands-'))
  const folder = join(root, 'data')
  before(async () => {
    const world = await createWorld(folder)
    world.answer = () => ({
      ok: false,
      kind: 'permanent',
      reason: 'message_refused',
      cause: because('as_said', { words: 'no' }),
    })
    await world.configure({ channels: [channel('one')], monitors: [monitor('a')] })
    await world.change('a', 'up', 'down')
    await world.deliver()
    await world.storage.close()
  })
  after(() => rmSync(root, { recursive: true, force: true }))

  it('a message is put back in the folder that was named, wherever in the line it was', async () => {
    const run = (...args: readonly string[]) =>
      promisify(execFile)(process.execPath, [BIN, 'outbox', ...args], { cwd: root })
    const { stdout } = await run('--json', '--data', folder)
    const failed = JSON.parse(stdout).filter(({ status }: { status: string }) => status === 'failed')
    assert.equal(failed.length, 1)
    const again = await run('replay', String(failed[0].id), '--data', folder)
    assert.match(again.stdout, /goes again/)
    await assert.rejects(run('--data', folder, 'replay', String(failed[0].id)), /has not failed/)
    const storage = await openStorage({ dataDir: folder })
    assert.equal((await storage.notifications.byId(failed[0].id))?.status, 'pending')
    await storage.close()
  })

  it('a store that fails in the middle is a message for people', async () => {
    const work = async () => {
      throw new StorageError('full', 'the disk is full')
    }
    await assert.rejects(withStorage(folder, work), (error) => {
      assert.ok(error instanceof CommandError)
      assert.deepEqual([error.message, error.exitCode], ['the disk is full', 1])
      return true
    })
  })
})
