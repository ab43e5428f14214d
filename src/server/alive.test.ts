import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Gap } from '#storage/gaps.ts'
import type { Storage } from '#storage/index.ts'
import { createAlive } from './alive.ts'

/** Times of this machine that a test moves, and a store that can refuse. */
const scene = () => {
  const gaps: Gap[] = []
  const time = { awake: 0, whole: 0, clock: 1e12 }
  let refuses = false
  const repositories = { gaps: { insert: async (gap: Gap) => void gaps.push(gap) }, settings: { set: async () => {} } }
  const storage = {
    transaction: async (work: (given: typeof repositories) => Promise<void>) => {
      if (refuses) throw new Error('disk full')
      await work(repositories)
    },
  } as unknown as Storage
  const alive = createAlive(
    storage,
    () => time.clock,
    () => ({ ...time }),
  )
  return {
    gaps,
    refuse: (now: boolean) => {
      refuses = now
    },
    turn: async ({ awake = 10_000, asleep = 0, set = 0 } = {}) => {
      time.awake += awake
      time.whole += awake + asleep
      time.clock += awake + asleep + set
      alive.beat()
      await alive.write().catch(() => {})
    },
  }
}

describe('a server that runs', () => {
  it('has no gap, whatever its clock is set to', async () => {
    const { turn, gaps } = scene()
    for (const set of [0, 3_600_000, 0, -7_200_000, 0]) await turn({ set })
    assert.deepEqual(gaps, [])
  })

  it('has one where the machine slept, or the process was stopped', async () => {
    const { turn, gaps } = scene()
    await turn()
    await turn({ asleep: 3_600_000 })
    await turn({ awake: 60_000 })
    assert.deepEqual(gaps, [
      { from: 1e12 + 10_000, to: 1e12 + 3_620_000, reason: 'not_running' },
      { from: 1e12 + 3_620_000, to: 1e12 + 3_680_000, reason: 'not_running' },
    ])
  })

  it('has none for the time in which the store took no writes, and loses none then', async () => {
    const { turn, gaps, refuse } = scene()
    refuse(true)
    for (let turns = 0; turns < 10; turns++) await turn()
    await turn({ asleep: 60_000 })
    assert.deepEqual(gaps, [])
    refuse(false)
    await turn()
    await turn()
    assert.equal(gaps.length, 1)
  })
})
