import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { State } from '#core/monitor/monitor.ts'
import { createTopology } from '#core/monitor/topology.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { createSightWatch, type SightWatchDeps } from './sight-watch.ts'

const WITNESS = 1
const HOST = 7
const START = 1_000_000

describe('sight watch', () => {
  /** A watch whose file can be changed; what it lets through. */
  const watchOf = (witnesses: readonly string[], blindSince: number | null = null) => {
    let [names, now] = [witnesses, START]
    let code: string | undefined
    const causes: string[] = []
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
      latest: {
        get: () => (code === undefined ? undefined : ({ at: now, code } as never)),
        codeOf: () => code as never,
      },
      network: { state: () => 'up' },
      blindSince,
      record: (transitions) => recorded.push(...transitions.map(({ from, to }) => `${from} ${to}`)),
      tell: ({ data }) => {
        told.push(String(data.status))
        causes.push(String(data.cause))
      },
      now: () => now,
      log: { info: () => {}, error: () => {} },
    })
    const look = (code: number) => watch.results({ count: 1, monitorIds: [WITNESS], at: [now], codes: [code] } as never)
    const change = (from: State, to: State) =>
      watch.take([{ monitorId: HOST, from, to, at: now, since: now } as Transition])
    return {
      recorded,
      told,
      causes,
      results: (next: string) => {
        code = next
      },
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
    link(because('no_link', { interfaces: 'eth0' }))
    change('up', 'unknown')
    assert.deepEqual([told, recorded], [['firing'], ['up unknown']])
    link(undefined)
    later(30_000)
    link(undefined)
    assert.deepEqual(told, ['firing', 'resolved'])
  })

  it('without witnesses tells once that it has no descriptors to look with, and that it has some again', () => {
    const { link, later, told, causes, results } = watchOf([])
    const seconds = (count: number) => {
      for (let second = 0; second < count; second++) {
        link(undefined)
        later(1000)
      }
    }
    results('ok')
    seconds(20)
    assert.deepEqual(told, [])
    results('no_descriptors')
    seconds(60)
    assert.deepEqual([told, causes], [['firing'], ['this process has too many open files']])
    results('ok')
    seconds(60)
    assert.deepEqual(told, ['firing', 'resolved'])
  })

  it('leaves it to the witnesses where there are any, and takes over what they told', () => {
    const { look, link, later, told, name } = watchOf(['gate'])
    link(because('no_link', { interfaces: 'eth0' }))
    assert.deepEqual(told, [])
    look(1)
    assert.deepEqual(told, ['firing'])
    name([])
    link(because('no_link', { interfaces: 'eth0' }))
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
