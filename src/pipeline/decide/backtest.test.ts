import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { NewEvent } from '#core/event/event.ts'
import { RULE_DEFAULTS, type RuleSpec } from '#core/rule/rule-spec.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { createBacktest } from './backtest.ts'
import { createBacktestJudge } from './backtest-judge.ts'
import { unsavedRule } from './unsaved-rule.ts'

const START = 1_700_006_400_000
const HOUR = 3_600_000

const event = (index: number, changes: Partial<NewEvent> = {}): NewEvent => ({
  type: 'fail2ban_ban',
  source: 'api',
  severity: 'MEDIUM',
  subject: `host-${index % 2}`,
  at: START + index * HOUR,
  receivedAt: START + index * HOUR,
  monitorId: null,
  data: { count: index },
  ...changes,
})

const spec: RuleSpec = {
  ...RULE_DEFAULTS,
  name: 'tried',
  type: 'fail2ban_ban',
  conditions: { count: { operator: '>=', value: 4 } },
  severity: 'MEDIUM',
  cooldownMs: 3 * HOUR,
}

describe('back-test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-backtest-'))
  let storage: Storage
  before(async () => {
    storage = await openStorage({ dataDir: folder })
    await storage.transaction(({ events }) =>
      events.insertAll([
        ...Array.from({ length: 2500 }, (_, index) => event(index)),
        event(3000, { severity: 'LOW' }),
        event(3001, { data: { count: 5, status: 'resolved' } }),
        event(3002, { type: 'elsewhere' }),
      ]),
    )
  })
  after(async () => {
    await storage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** In a thread as on the embedded engine, and in slices as on a database server. */
  const both = async (tried: RuleSpec, from: number) => {
    const inThread = await createBacktest({ storage, timers: systemTimers }, Number.POSITIVE_INFINITY)(
      unsavedRule(tried)!,
      from,
    )
    const inSlices = await createBacktest(
      { storage: { ...storage, path: undefined }, timers: systemTimers },
      Number.POSITIVE_INFINITY,
    )(unsavedRule(tried)!, from)
    assert.deepEqual(inThread, inSlices)
    return inThread
  }

  it('counts by the days of a zone, also where its clocks are changed', () => {
    const daysIn = (timeZone: string, times: readonly string[]) => {
      const { judge, result } = createBacktestJudge(
        unsavedRule({ ...spec, conditions: {}, cooldownMs: 0 })!,
        3_600_000,
        timeZone,
      )
      for (const time of times) judge({ ...event(0, {}), id: 1, at: Date.parse(time), receivedAt: Date.parse(time) })
      return result().days.map(({ day, wouldSend }) => [day, wouldSend])
    }
    const late = ['2026-11-30T01:19:00Z', '2026-11-30T01:20:00Z', '2026-11-30T02:59:59Z', '2026-11-30T03:00:00Z']
    assert.deepEqual(daysIn('America/Argentina/Cordoba', late), [
      ['2026-11-29', 3],
      ['2026-11-30', 1],
    ])
    // A day of 25 hours.
    const autumn = ['2026-10-24T22:30:00Z', '2026-10-25T22:30:00Z', '2026-10-25T23:30:00Z']
    assert.deepEqual(daysIn('Europe/Madrid', autumn), [
      ['2026-10-25', 2],
      ['2026-10-26', 1],
    ])
  })

  it('counts what would be sent and what the cooldown holds, by day', async () => {
    const result = await both(spec, START)
    // Each subject has an event every second hour, so every other one falls within its cooldown.
    assert.deepEqual([result.events, result.matched, result.wouldSend, result.heldByCooldown], [2502, 2496, 1248, 1248])
    assert.deepEqual(result.days[0], { day: '2023-11-15', wouldSend: 10, heldByCooldown: 10 })
    assert.deepEqual(
      result.samples.slice(0, 3).map(({ data }) => data.count),
      [4, 5, 8],
    )
  })

  it('begins where it is told to', async () => {
    const result = await both(spec, START + 2400 * HOUR)
    assert.equal(result.events, 102)
  })

  it('counts what a rate does not reach', async () => {
    const result = await both({ ...spec, cooldownMs: 0, rate: { atLeast: 3, withinMs: 5 * HOUR } }, START)
    assert.deepEqual([result.belowRate, result.wouldSend], [4, 2492])
  })

  it('looks at types without rules of their own when the rule is a custom one', async () => {
    const result = await both({ ...spec, type: 'custom', conditions: {} }, START)
    assert.deepEqual([result.events, result.wouldSend], [1, 1])
  })
})
