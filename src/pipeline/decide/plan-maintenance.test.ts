import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { applyMaintenance } from '#config/apply-quiets.ts'
import { planSteps } from '#config/plan/quiet-steps.ts'
import { occurrences as within } from '#core/maintenance/recurrence.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { planMaintenance } from './plan-maintenance.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const occurrences = (table: { cron: string; timeZone: string }, from: number, to: number) =>
  within(table, from, to, 100)
const between = (cron: string, timeZone: string, from: string, to: string) =>
  occurrences({ cron, timeZone }, Date.parse(from), Date.parse(to)).map((at) => new Date(at).toISOString())

describe('occurrences', () => {
  it('follows the clock of the zone over a change of the clocks', () => {
    assert.deepEqual(between('0 4 * * *', 'Europe/Madrid', '2026-03-28T00:00Z', '2026-03-31T00:00Z'), [
      '2026-03-28T03:00:00.000Z',
      '2026-03-29T02:00:00.000Z',
      '2026-03-30T02:00:00.000Z',
    ])
  })

  it('begins once in an hour that comes twice, and does not drop the day on which the hour is skipped', () => {
    assert.equal(between('30 2 * * *', 'Europe/Madrid', '2026-10-25T00:00Z', '2026-10-25T12:00Z').length, 1)
    assert.equal(between('30 2 * * *', 'Europe/Madrid', '2026-03-29T00:00Z', '2026-03-29T12:00Z').length, 1)
  })

  it('begins where cron itself runs what the change of clocks skips: when they have gone forward', () => {
    const newYork = (from: string, to: string) => between('30 2 * * *', 'America/New_York', from, to)
    // 03:00, the first moment that is not before 02:30; in autumn the first 01:30 alone.
    assert.deepEqual(newYork('2027-03-14T00:00Z', '2027-03-15T00:00Z'), ['2027-03-14T07:00:00.000Z'])
    assert.deepEqual(between('30 1 * * *', 'America/New_York', '2027-11-07T00:00Z', '2027-11-08T00:00Z'), [
      '2027-11-07T05:30:00.000Z',
    ])
  })

  it('counts a begin at the first moment, and not one at the last', () => {
    const at = Date.parse('2026-11-24T02:00Z')
    assert.deepEqual(occurrences({ cron: '0 2 * * 2', timeZone: 'UTC' }, at, at + HOUR), [at])
    assert.deepEqual(occurrences({ cron: '0 2 * * 2', timeZone: 'UTC' }, at - HOUR, at), [])
  })
})

const openFolder = async (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-plans-'))
  const storage = await openStorage({ dataDir: folder })
  t.after(async () => {
    await storage.close()
    rmSync(folder, { recursive: true })
  })
  return storage
}

describe('windows of a time table', () => {
  const now = Date.parse('2026-11-24T10:05Z')
  const DAILY = { cron: '0 10 * * *', durationMs: HOUR / 2, timeZone: 'UTC' }
  const begins = async (storage: Storage) => (await storage.maintenance.list(1000)).map(({ startsAt }) => startsAt)

  it('are written down for the whole day ahead, however many they are', async (t) => {
    const storage = await openFolder(t)
    const { maintenancePlans } = storage
    const when = { cron: '*/5 * * * *', durationMs: 120_000, timeZone: 'UTC' }
    await maintenancePlans.save({
      name: 'often',
      matchers: [],
      when,
      plannedUntil: 0,
      createdBy: 'eva',
      createdAt: now,
    })
    while (await planMaintenance(storage, now));
    const found = await begins(storage)
    assert.deepEqual(
      found.toReversed(),
      Array.from({ length: (24 * HOUR) / 300_000 }, (_, index) => now + index * 300_000),
    )
  })

  it('begin with the rest of the one that runs when the file brings the plan, or changes it', async (t) => {
    const storage = await openFolder(t)
    const apply = (durationMs: number) =>
      storage.transaction(async (repositories) => {
        const wanted = [{ name: 'daily', matchers: [], when: { ...DAILY, durationMs }, origin: 'vigia.yaml:1' }]
        const present = { plans: await repositories.maintenancePlans.list() }
        const steps = planSteps(wanted, present, { as: 'reload', prune: false }, () => undefined)
        await applyMaintenance(steps, now, { by: 'file', touch: () => {} }, repositories)
      })
    await apply(HOUR / 2)
    await planMaintenance(storage, now)
    assert.deepEqual(await begins(storage), [now - 5 * MINUTE + 24 * HOUR, now - 5 * MINUTE])
    await apply(HOUR)
    await planMaintenance(storage, now)
    const running = (await storage.maintenance.list(1000)).filter((one) => one.startsAt <= now && one.endsAt > now)
    assert.deepEqual(
      running.map(({ endsAt }) => endsAt),
      [now + 55 * MINUTE],
    )
  })
})

describe('a window by a word of cron', () => {
  it('comes', () => {
    const at = Date.parse('2026-11-24T00:00Z')
    assert.deepEqual(occurrences({ cron: '@daily', timeZone: 'UTC' }, at, at + 48 * HOUR), [at, at + 24 * HOUR])
  })
})

describe('a window that comes once', () => {
  it('is written down once, also long before it begins, and not when it is over', async (t) => {
    const storage = await openFolder(t)
    const now = Date.parse('2026-11-24T02:00Z')
    const plan = (name: string, startsAt: number) =>
      storage.maintenancePlans.save({
        name,
        matchers: [],
        when: { startsAt, endsAt: startsAt + HOUR },
        plannedUntil: 0,
        createdBy: 'file',
        createdAt: now,
        origin: 'vigia.yaml:1',
      })
    await plan('far', now + 1000 * HOUR)
    await plan('over', now - 2 * HOUR)
    assert.deepEqual([await planMaintenance(storage, now), await planMaintenance(storage, now)], [true, false])
    assert.deepEqual(
      (await storage.maintenance.list(10)).map(({ name, startsAt, endsAt }) => [
        name,
        startsAt - now,
        endsAt - startsAt,
      ]),
      [['far', 1000 * HOUR, HOUR]],
    )
  })
})
