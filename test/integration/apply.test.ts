import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Wanted } from '#config/apply.ts'
import { openStorage } from '#storage/index.ts'
import { applyQuietly } from '../fixtures/apply-quietly.ts'
import { monitor } from '../fixtures/world.ts'

test('a wish that was granted before writes nothing, and a changed one only what changed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-apply-'))
  const storage = await openStorage({ dataDir: folder, databaseUrl: undefined })
  t.after(async () => {
    await storage.close()
    rmSync(folder, { recursive: true })
  })
  const wish = (second: number): Wanted => ({
    channels: [],
    monitors: [monitor('a'), monitor('b', { intervalMs: second })],
  })
  const writtenAt = () => {
    const database = new DatabaseSync(join(folder, 'vigia.db'), { readOnly: true })
    const rows = database.prepare('select name, updated_at from monitors order by name').all()
    database.close()
    return rows.map(({ name, updated_at }) => [name, updated_at])
  }
  const first = await applyQuietly(storage, wish(1000), 1)
  await applyQuietly(storage, wish(1000), 2)
  assert.deepEqual(writtenAt(), [
    ['a', 1],
    ['b', 1],
  ])
  const changed = await applyQuietly(storage, wish(2000), 3)
  assert.deepEqual(writtenAt(), [
    ['a', 1],
    ['b', 3],
  ])
  assert.deepEqual(
    changed.monitors.map(({ id }) => id),
    first.monitors.map(({ id }) => id),
  )
})
