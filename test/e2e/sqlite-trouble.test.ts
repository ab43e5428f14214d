import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createFailingFlush } from '../fixtures/failing-flush.ts'
import { startUnderLoad, type UnderLoad } from '../fixtures/under-load.ts'
import { endAll, until } from './server-process.ts'

/** Longer than anybody waits for a lock. */
const HELD_MS = 5000

describe('SQLite in trouble while there is something to tell', { timeout: 110_000 }, () => {
  let folder: string
  let load: UnderLoad

  afterEach(async () => {
    await load.close()
    endAll()
    rmSync(folder, { recursive: true, force: true })
  })

  const goesOn = async () => {
    const [changes, acknowledged] = [load.changes(), load.acknowledged()]
    const ended = () => load.server.child.exitCode !== null
    await until(() => ended() || (load.changes() > changes + 3 && load.acknowledged() > acknowledged + 3))
    assert.equal(load.server.child.exitCode, null, load.server.log().slice(-3000))
  }

  /** That nothing came of it but answers 503, and that /readyz said why. */
  const nothingCameOfIt = async (why: RegExp) => {
    const { answers, reasons, untold, twice, wrongStates, wrongWords } = await load.finish(30_000)
    const nothing = { untold: [], twice: [], wrongStates: [], wrongWords: [] }
    assert.deepEqual({ untold, twice, wrongStates, wrongWords }, nothing)
    const { 200: _well, 202: _taken, 503: unavailable, ...others } = answers
    assert.deepEqual(others, {})
    assert.ok(unavailable! > 0)
    assert.ok(
      reasons.some((reason) => why.test(reason)),
      reasons.join('\n'),
    )
    assert.doesNotMatch(load.server.log(), /"msg":"internal error"/)
  }

  it('a lock that another process holds loses no change, and keeps nobody waiting', async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-sqlite-lock-'))
    load = await startUnderLoad({ folder, targets: 6, posters: 3 })
    await goesOn()
    // The server may hold the lock itself at this moment.
    const other = new DatabaseSync(join(folder, 'data/vigia.db'), { timeout: 5000 })
    other.exec('begin immediate')
    await pause(HELD_MS)
    other.exec('rollback')
    other.close()
    await goesOn()
    await nothingCameOfIt(/vigia\.db is held by another process/)
  })

  it('a disk that fails to flush is said, and nothing is acknowledged that it may lose', async (test) => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-sqlite-flush-'))
    const flush = createFailingFlush(folder)
    load = await startUnderLoad({ folder, targets: 6, posters: 3, environment: flush?.environment ?? {} })
    if (!flush) return test.skip('no C compiler')
    await goesOn()
    flush.fail()
    await pause(HELD_MS)
    const before = load.acknowledged()
    await pause(500)
    assert.equal(load.acknowledged(), before)
    flush.heal()
    await goesOn()
    await nothingCameOfIt(/the disk reports an error or is full/)
  })
})
