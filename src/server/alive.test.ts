import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BELIEVED_AFTER_MS } from '#core/trusted-time.ts'
import type { Gap } from '#storage/gaps.ts'
import type { Storage } from '#storage/index.ts'
import { openAlive } from './alive.ts'

const START = 1e12
const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR

/** Times of this machine that a test moves, and a store that can refuse. */
const createScene = async () => {
  const gaps: Gap[] = []
  const warned: string[] = []
  const stored = new Map<string, unknown>()
  const time = { awake: 0, whole: 0, clock: START, boot: 'one' }
  let refuses = false
  const repositories = {
    gaps: { insert: async (gap: Gap) => void gaps.push(gap) },
    settings: {
      get: async (name: string) => stored.get(name),
      set: async (name: string, value: unknown) => void stored.set(name, value),
    },
  }
  const storage = {
    ...repositories,
    transaction: async (work: (given: typeof repositories) => Promise<void>) => {
      if (refuses) throw new Error('disk full')
      await work(repositories)
    },
  } as unknown as Storage
  const open = () =>
    openAlive({
      storage,
      clock: { now: () => time.clock, monotonic: () => time.awake },
      log: { warn: (_: unknown, text: string) => warned.push(text), info: () => {} } as never,
      elapsed: () => ({ awake: time.awake, whole: time.whole }),
      boot: time.boot,
    })
  let alive = await open()
  const pass = ({ awake = 10_000, asleep = 0, set = 0 } = {}) => {
    time.awake += awake
    time.whole += awake + asleep
    time.clock += awake + asleep + set
  }
  return {
    gaps,
    warned,
    time,
    trusted: () => alive.trusted(),
    refuse: (now: boolean) => {
      refuses = now
    },
    turn: async (change = {}) => {
      pass(change)
      alive.beat()
      await alive.write().catch(() => {})
    },
    restart: async ({ off = 0, set = 0, boot = time.boot } = {}) => {
      if (boot !== time.boot) time.whole = 0
      else time.whole += off
      time.awake = 0
      time.boot = boot
      time.clock += off + set
      alive = await open()
    },
  }
}

describe('a server that runs', () => {
  it('has no gap, whatever its clock is set to', async () => {
    const { turn, gaps } = await createScene()
    for (const set of [0, HOUR, 0, -2 * HOUR, 0]) await turn({ set })
    assert.deepEqual(gaps, [])
  })

  it('has one where the machine slept, or the process was stopped', async () => {
    const { turn, gaps } = await createScene()
    await turn()
    await turn({ asleep: HOUR })
    await turn({ awake: 60_000 })
    assert.deepEqual(gaps, [
      { from: START + 10_000, to: START + 3_620_000, reason: 'not_running' },
      { from: START + 3_620_000, to: START + 3_680_000, reason: 'not_running' },
    ])
  })

  it('has none for the time in which the store took no writes, and loses none then', async () => {
    const { turn, gaps, refuse } = await createScene()
    refuse(true)
    for (let turns = 0; turns < 10; turns++) await turn()
    await turn({ asleep: 60_000 })
    assert.deepEqual(gaps, [])
    refuse(false)
    await turn()
    await turn()
    assert.equal(gaps.length, 1)
  })

  it('notes also a shorter absence, for those who call', async () => {
    const { turn, gaps, restart } = await createScene()
    await turn({ awake: 20_000 })
    await restart({ off: 5000 })
    assert.deepEqual(gaps, [
      { from: START, to: START + 20_000, reason: 'not_listening' },
      { from: START + 20_000, to: START + 25_000, reason: 'not_listening' },
    ])
  })

  it('has one where none ran', async () => {
    const { turn, gaps, restart, time } = await createScene()
    await turn()
    await restart({ off: HOUR })
    assert.deepEqual(gaps, [{ from: START + 10_000, to: time.clock, reason: 'not_running' }])
  })
})

describe('what is old', () => {
  it('is counted back from the clock, also after a sleep and after a stop', async () => {
    const { turn, trusted, restart, time, warned } = await createScene()
    await turn({ asleep: HOUR })
    await turn()
    assert.equal(trusted(), time.clock)
    await restart({ off: 5 * HOUR })
    assert.equal(trusted(), time.clock)
    assert.deepEqual(warned, [])
  })

  it('is not older because the clock jumps ahead, and that is said once', async () => {
    const { turn, trusted, warned } = await createScene()
    await turn({ set: YEAR })
    await turn()
    assert.equal(trusted(), START + 20_000)
    await turn({ set: -YEAR })
    assert.equal(trusted(), START + 30_000)
    assert.equal(warned.length, 1)
  })

  it('is not older because a machine starts years ahead, until it has stayed there for a day', async () => {
    const { turn, trusted, restart, time, warned } = await createScene()
    await turn()
    await restart({ set: YEAR, boot: 'two' })
    assert.equal(trusted(), START + 10_000)
    assert.equal(warned.length, 1)
    await turn({ awake: BELIEVED_AFTER_MS / 2 })
    // The waiting goes on over a restart.
    await restart({ off: 1000 })
    assert.equal(trusted(), START + 10_000 + BELIEVED_AFTER_MS / 2 + 1000)
    await turn({ awake: BELIEVED_AFTER_MS / 2 })
    assert.equal(trusted(), time.clock)
  })

  it('is not older because a machine starts in 1970, nor when its clock is right again', async () => {
    const { turn, trusted, restart, time } = await createScene()
    await turn()
    await restart({ set: -START, boot: 'two' })
    await turn()
    await turn({ set: START })
    assert.ok(trusted() < START + 40_000)
    await turn({ awake: BELIEVED_AFTER_MS })
    assert.equal(trusted(), time.clock)
  })
})
