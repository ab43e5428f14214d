import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import { openStorage } from '#storage/index.ts'
import { createSchedules } from './schedules.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2027, 0, 5, 12)

it('a clock that was set back delays nothing: an interval is over at once, a time of the calendar comes next', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-schedules-'))
  const storage = await openStorage({ dataDir: folder })
  let now = NOON + 365 * 24 * HOUR
  const ran: string[] = []
  const job = (name: string, timing: { everyMs: number } | { cron: string }) => ({
    name,
    title: name,
    'x-es': { title: name },
    timing,
    run: async () => {
      ran.push(name)
      return because('work_done')
    },
  })
  const schedules = createSchedules({
    storage,
    jobs: [job('hourly', { everyMs: HOUR }), job('daily', { cron: '0 8 * * *' })],
    now: () => now,
    timeZone: () => 'UTC',
    onFailure: (_, error) => assert.fail(String(error)),
  })
  await schedules.run('hourly')
  await schedules.run('daily')
  now = NOON
  await schedules.tick()
  assert.deepEqual(ran, ['hourly', 'daily', 'hourly'])
  now += HOUR
  await schedules.tick()
  assert.deepEqual(ran.slice(3), ['hourly'])
  now = NOON + 20 * HOUR
  await schedules.tick()
  assert.deepEqual(ran.slice(4), ['hourly', 'daily'])
  await storage.close()
  rmSync(folder, { recursive: true })
})
