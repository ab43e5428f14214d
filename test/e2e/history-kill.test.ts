import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { openHistoryStore } from '#storage/history/store.ts'
import { BATCH_MS, MONITORS } from '../fixtures/history-writer.ts'

const WRITER = join(import.meta.dirname, '../fixtures/history-writer.ts')
const KILLS = 5
const HOUR = 3_600_000

describe('the history, killed at any moment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-history-kill-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** Writes from batch `first` on until `batches` are acknowledged, and a random moment longer; the last one's number. */
  const writeAndKill = async (path: string, first: number, batches: number): Promise<number> => {
    const writer = spawn(process.execPath, [WRITER, path, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    writer.stdout.setEncoding('utf8').on('data', (text) => {
      said += text
      if (said.split('\n').length > batches) setTimeout(() => writer.kill('SIGKILL'), Math.random() * 30)
    })
    const [, signal] = await once(writer, 'close')
    assert.equal(signal, 'SIGKILL', said)
    return Number(said.trimEnd().split('\n').at(-1))
  }

  it('loses no batch that was written, repeats none, and counts each once in its roll-ups', {
    timeout: 120_000,
  }, async (context) => {
    const path = join(folder, 'history.db')
    let written = 0
    let unacknowledged = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      const acknowledged = await writeAndKill(path, written + 1, 30 + Math.floor(Math.random() * 60))
      const store = openHistoryStore(path, 20 * MONITORS)
      const counts = Array.from(
        { length: MONITORS },
        (_, index) => store.range(index + 1, 0, Number.MAX_SAFE_INTEGER).at.length,
      )
      // Of the batch under way all or nothing is there, for every monitor alike.
      assert.equal(new Set(counts).size, 1)
      assert.ok(counts[0] === acknowledged || counts[0] === acknowledged + 1, `${counts[0]} of ${acknowledged}`)
      unacknowledged += counts[0]! - acknowledged
      written = counts[0]!
      const { at } = store.range(MONITORS, 0, Number.MAX_SAFE_INTEGER)
      assert.deepEqual(
        at,
        at.map((_, index) => (index + 1) * BATCH_MS + MONITORS - 1),
      )
      store.close()
    }
    const store = openHistoryStore(path)
    while (store.compact(Number.MAX_SAFE_INTEGER) > 0);
    const end = (written + 1) * BATCH_MS
    for (const monitorId of [1, MONITORS])
      for (const step of [HOUR, 24 * HOUR]) {
        const points = store.series(monitorId, 0, end, step)
        assert.equal(
          points.reduce((sum, { total }) => sum + total, 0),
          written,
        )
      }
    store.close()
    context.diagnostic(
      `${KILLS} kills, ${written * MONITORS} results, lost 0, repeated 0, ${unacknowledged} batches whole but unacknowledged`,
    )
  })
})
