import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { State } from '#core/monitor.ts'
import { createTopology } from '#core/topology.ts'
import type { Transition } from '#core/transition.ts'
import { createSightWatch, type SightWatchDeps } from './sight-watch.ts'

const WITNESS = 1
const HOST = 7
const START = 1_000_000

describe('sight watch', () => {
  /** A watch whose file can be changed; what it lets through. */
  const watchOf = (witnesses: readonly string[], blindSince: number | null = null) => {
    let [names, now] = [witnesses, START]
    const recorded: string[] = []
    const told: string[] = []
    const configuration = {
      wanted: () =>
        names.length > 0 ? { witnesses: { monitors: names, blindIf: 1, holdMs: 1000, channels: [] } } : {},
      registry: {
        monitors: () => [{ monitor: { id: WITNESS, name: 'gate' } }],
        topology: () => createTopology([]),
        monitor: () => undefined,
      },
    } as unknown as SightWatchDeps['configuration']
    const watch = createSightWatch({
      configuration,
      latest: { get: () => undefined },
      network: { state: () => 'up' },
      blindSince,
      record: (transitions) => recorded.push(...transitions.map(({ from, to }) => `${from} ${to}`)),
      ingest: async (events) => void told.push(...events.map(({ data }) => String(data.status))),
      now: () => now,
      faults: { bug: assert.ifError, passing: assert.ifError },
      log: { info: () => {}, error: () => {} },
    })
    const look = (code: number) => watch.results({ count: 1, monitorIds: [WITNESS], at: [now], codes: [code] } as never)
    const change = (from: State, to: State) =>
      watch.take([{ monitorId: HOST, from, to, at: now, since: now } as Transition])
    return {
      recorded,
      told,
      look,
      link: watch.link,
      change,
      later: (ms = 100) => {
        now += ms
        watch.tick()
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

  it('goes on blind when other witnesses are named, and believes what was kept back when there are none', () => {
    const { look, change, name, recorded, later, told } = watchOf(['gate'])
    look(1)
    change('up', 'down')
    name(['gate', 'another'])
    later(5000)
    assert.deepEqual([recorded, told], [['up unknown'], ['firing']])
    name([])
    assert.deepEqual([recorded, told], [['up unknown', 'unknown down'], ['firing']])
  })

  it('tells the end of a blindness that a server before it told', () => {
    const { look, later, told } = watchOf(['gate'], START - 60_000)
    look(1)
    assert.deepEqual(told, [])
    look(0)
    later(1000)
    assert.deepEqual(told, ['resolved'])
  })

  it('without witnesses tells that this machine is cut off, and ends it when it no longer is', () => {
    const { link, later, told, change, recorded } = watchOf([])
    link(undefined)
    assert.deepEqual(told, [])
    link('no link')
    change('up', 'unknown')
    assert.deepEqual([told, recorded], [['firing'], ['up unknown']])
    link(undefined)
    later(30_000)
    link(undefined)
    assert.deepEqual(told, ['firing', 'resolved'])
  })

  it('leaves it to the witnesses where there are any, and takes over what they told', () => {
    const { look, link, later, told, name } = watchOf(['gate'])
    link('no link')
    assert.deepEqual(told, [])
    look(1)
    assert.deepEqual(told, ['firing'])
    name([])
    link('no link')
    assert.deepEqual(told, ['firing'])
    link(undefined)
    later(30_000)
    link(undefined)
    assert.deepEqual(told, ['firing', 'resolved'])
  })

  it('without witnesses, ends as well what a server before it told', () => {
    const { link, later, told } = watchOf([], START - 60_000)
    link(undefined)
    later(30_000)
    link(undefined)
    assert.deepEqual(told, ['resolved'])
  })
})
