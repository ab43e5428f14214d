import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { State } from '#core/monitor.ts'
import type { Transition } from '#core/transition.ts'
import { createSightWatch, type SightWatchDeps } from './sight-watch.ts'

const WITNESS = 1
const HOST = 7
const START = 1_000_000

describe('sight watch', () => {
  /** A watch whose file can be changed; what it lets through. */
  const watchOf = (witnesses: readonly string[]) => {
    let [names, now] = [witnesses, START]
    const recorded: string[] = []
    const configuration = {
      wanted: () =>
        names.length > 0 ? { witnesses: { monitors: names, blindIf: 1, holdMs: 1000, channels: [] } } : {},
      registry: { monitors: () => [{ monitor: { id: WITNESS, name: 'gate' } }] },
    } as unknown as SightWatchDeps['configuration']
    const watch = createSightWatch({
      configuration,
      latest: { get: () => undefined },
      record: (transitions) => recorded.push(...transitions.map(({ from, to }) => `${from} ${to}`)),
      ingest: async () => {},
      now: () => now,
      faults: { bug: assert.ifError, passing: assert.ifError },
      log: { info: () => {}, error: () => {} },
    })
    const look = (code: number) => watch.results({ count: 1, monitorIds: [WITNESS], at: [now], codes: [code] } as never)
    const change = (from: State, to: State) =>
      watch.take([{ monitorId: HOST, from, to, at: now, since: now } as Transition])
    return {
      recorded,
      look,
      change,
      later: () => {
        now += 100
      },
      name: (next: readonly string[]) => {
        names = next
        watch.renew()
      },
    }
  }

  it('forgets nothing when the configuration is taken over and the witnesses are the same', () => {
    const { look, change, name, recorded, later } = watchOf(['gate'])
    look(1)
    change('up', 'down')
    assert.deepEqual(recorded, ['up unknown'])
    later()
    name(['gate'])
    change('down', 'up')
    assert.deepEqual(recorded, ['up unknown', 'unknown up'])
  })
})
