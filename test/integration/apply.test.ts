import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { applyWanted, type Wanted } from '#config/apply.ts'
import type { MonitorSpec } from '#core/monitor.ts'
import { probeTypes } from '#probes/index.ts'
import { openStorage } from '#storage/index.ts'

const monitor = (name: string, intervalMs: number): MonitorSpec => ({
  name,
  type: 'icmp',
  options: { host: '127.0.0.1' },
  intervalMs,
  timeoutMs: 1000,
  paused: false,
  failures: { count: 3, of: 3 },
  successes: { count: 3, of: 3 },
  retryIntervalMs: 1000,
  recoveryIntervalMs: 1000,
  resetFailures: 'never',
  severity: 'HIGH',
  degradedSeverity: 'MEDIUM',
  reminderMs: [],
  notifyRecovery: true,
  channels: [],
  labels: {},
  origin: 'vigia.yaml:1',
})

test('a wish that was granted before writes nothing, and a changed one only what changed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-apply-'))
  const storage = await openStorage({ dataDir: folder, databaseUrl: undefined })
  t.after(async () => {
    await storage.close()
    rmSync(folder, { recursive: true })
  })
  const wish = (second: number): Wanted => ({ channels: [], monitors: [monitor('a', 1000), monitor('b', second)] })
  const writtenAt = () => {
    const database = new DatabaseSync(join(folder, 'vigia.db'), { readOnly: true })
    const rows = database.prepare('select name, updated_at from monitors order by name').all()
    database.close()
    return rows.map(({ name, updated_at }) => [name, updated_at])
  }
  const first = await applyWanted(storage, wish(1000), 1, probeTypes)
  await applyWanted(storage, wish(1000), 2, probeTypes)
  assert.deepEqual(writtenAt(), [
    ['a', 1],
    ['b', 1],
  ])
  const changed = await applyWanted(storage, wish(2000), 3, probeTypes)
  assert.deepEqual(writtenAt(), [
    ['a', 1],
    ['b', 3],
  ])
  assert.deepEqual(
    changed.monitors.map(({ id }) => id),
    first.monitors.map(({ id }) => id),
  )
})
