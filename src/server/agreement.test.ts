import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { State } from '#core/monitor/monitor.ts'
import type { Transition } from '#core/monitor/transition.ts'
import type { LatestResult } from '#core/result/latest-results.ts'
import { type AgreementDeps, createAgreement } from './agreement.ts'

const CAUSE = because('connection_refused', { target: '192.0.2.1:22' })
const MONITORS = Array.from({ length: 30 }, (_, index) => index + 1)
const ROUND = 12

const scene = () => {
  let now = 1000
  const stored = new Map<number, State>(MONITORS.map((id) => [id, 'up']))
  const seen = new Map<number, State>(MONITORS.map((id) => [id, 'up']))
  const sinces = new Map<number, number>()
  const [waits, held, paused] = [new Set<number>(), new Set<number>(), new Set<number>()]
  const recorded: Transition[] = []
  const monitor = (id: number) => ({ monitor: { id, name: `m${id}`, paused: paused.has(id) } })
  const agreement = createAgreement({
    storage: {
      states: {
        well: async (from: number, to: number) => {
          const up = MONITORS.filter((id) => id >= from && id <= to && stored.get(id) === 'up')
          return { count: up.length, ids: up.reduce((sum, id) => sum + id, 0) }
        },
        verdicts: async (from: number, to: number) =>
          MONITORS.filter((id) => id >= from && id <= to).flatMap((monitorId: number) => {
            const state = stored.get(monitorId)
            return state ? [{ monitorId, state, since: sinces.get(monitorId) ?? 500 }] : []
          }),
      },
    },
    registry: { monitors: () => MONITORS.map(monitor), monitor },
    latest: {
      stateOf: (id: number) => seen.get(id),
      get: (id: number) => ({ at: 2000, state: seen.get(id), code: 'refused', cause: CAUSE }) as LatestResult,
    },
    recording: {
      record: (transitions: readonly Transition[]) => void recorded.push(...transitions),
      waits: (id: number) => waits.has(id),
    },
    sight: { holds: (id: number) => held.has(id) },
    now: () => now,
    log: { warn: () => {} },
  } as unknown as AgreementDeps)
  agreement.renew()
  return {
    ...agreement,
    stored,
    sinces,
    seen,
    waits,
    held,
    paused,
    recorded,
    advance: (ms: number) => {
      now += ms
    },
    round: async () => {
      for (let look = 0; look <= ROUND; look++) await agreement.look()
    },
  }
}

describe('agreement of engine and store', () => {
  it('is looked at within a round, and what the store lacks is recorded once it differs twice', async () => {
    const { seen, stored, round, recorded } = scene()
    seen.set(17, 'down')
    await round()
    const { at: _at, facts: _facts, ...change } = recorded[0]!
    assert.deepEqual(change, {
      monitorId: 17,
      from: 'up',
      to: 'down',
      since: 2000,
      previousSince: 500,
      code: 'refused',
      cause: CAUSE,
    })
    stored.set(17, 'down')
    await round()
    assert.equal(recorded.length, 1)
  })

  it('is looked at for all at once after trouble', async () => {
    const { seen, look, lookAtAll, recorded } = scene()
    seen.set(30, 'down')
    lookAtAll()
    await look()
    assert.deepEqual(recorded, [])
    await look()
    assert.deepEqual(
      recorded.map(({ monitorId }) => monitorId),
      [30],
    )
  })

  it('says nothing of what is on its way, kept back, paused, or older than the engine', async () => {
    const { seen, waits, held, paused, advance, renew, round, recorded } = scene()
    for (const id of [1, 2, 3]) seen.set(id, 'down')
    waits.add(1)
    held.add(2)
    paused.add(3)
    await round()
    assert.deepEqual(recorded, [])
    waits.clear()
    held.clear()
    paused.clear()
    advance(5000)
    renew()
    await round()
    assert.deepEqual(recorded, [])
  })

  it('lets what is only late arrive', async () => {
    const { seen, stored, look, lookAtAll, recorded } = scene()
    seen.set(5, 'down')
    lookAtAll()
    await look()
    stored.set(5, 'down')
    await look()
    assert.deepEqual(recorded, [])
  })

  it('takes changes that overtake it twice for no lack', async () => {
    const { seen, sinces, look, lookAtAll, recorded } = scene()
    seen.set(5, 'down')
    lookAtAll()
    await look()
    // It was stored, came back, and falls again as it is looked at.
    sinces.set(5, 900)
    await look()
    assert.deepEqual(recorded, [])
    await look()
    assert.equal(recorded.length, 1)
  })
})
