import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because, type Cause } from '#core/cause/cause.ts'
import type { EngineStats } from '#engine/messages.ts'
import { manualClock } from '../../test/fixtures/manual-clock.ts'
import { createHealth, type HealthDeps } from './health.ts'

const STATS = { lateness: { p50: 0, p99: 0, max: 0 }, names: {} } as unknown as EngineStats

const said = (words: string): Cause => because('as_said', { words })

const healthOf = () => {
  const clock = manualClock(1_000_000)
  const none = undefined as Cause | undefined
  const troubles = { refused: none, silent: none, late: none }
  let oldest: number | null = null
  const health = createHealth({
    storage: {},
    watch: { oldestPending: () => oldest, trouble: () => troubles.silent, fault: () => undefined },
    persistence: { trouble: () => troubles.refused, fault: () => undefined },
    late: { note: () => {}, trouble: () => troubles.late },
    clock,
  } as unknown as HealthDeps)
  health.hear(STATS)
  return {
    ...health,
    clock,
    troubles,
    waits: (since: number | null) => {
      oldest = since
    },
  }
}

describe('how the server does', () => {
  it('is well while nothing keeps it from its work', async () => {
    assert.equal(await healthOf().trouble(), undefined)
  })

  it('is in trouble while results cannot be kept, and well when they can again', async () => {
    const { hearHistory, trouble } = healthOf()
    hearHistory(said('the disk is full'))
    assert.equal(await trouble(), 'results cannot be kept: the disk is full')
    hearHistory(undefined)
    assert.equal(await trouble(), undefined)
  })

  it('is in trouble when the engine says nothing, or that it reaches nobody', async () => {
    const { hear, trouble, clock } = healthOf()
    clock.advance(10_001)
    assert.equal(await trouble(), 'no results from the probe engine for 10 s')
    hear({ ...STATS, cutOff: said('no link') })
    assert.equal(await trouble(), 'no link')
    hear(STATS)
    assert.equal(await trouble(), undefined)
  })

  it('is in trouble when what people are to be told does not leave', async () => {
    const { trouble, waits, clock } = healthOf()
    waits(clock.now() - 599_999)
    assert.equal(await trouble(), undefined)
    waits(clock.now() - 600_001)
    assert.equal(await trouble(), 'notifications have waited for 10 min')
  })

  it('says first that the store takes nothing', async () => {
    const { troubles, hearHistory, trouble } = healthOf()
    hearHistory(said('the disk is full'))
    troubles.refused = said('vigia.db is read-only')
    assert.equal(await trouble(), 'vigia.db is read-only')
  })

  it('is in trouble while the database does not answer', async () => {
    const { troubles, trouble, status } = healthOf()
    troubles.silent = said('it hangs')
    assert.equal(await trouble(), 'the database does not answer: it hangs')
    assert.deepEqual((await status()).trouble, { code: 'store_silent', facts: { reason: said('it hangs') } })
  })

  it('counts the threads that ended by themselves', () => {
    const { restarted, restarts } = healthOf()
    restarted('history')
    restarted('history')
    assert.deepEqual(restarts(), { engine: 0, history: 2 })
  })
})
