import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Monitor, State } from '#core/monitor/monitor.ts'
import { createTopology } from '#core/monitor/topology.ts'
import { createNetwork, type Network, type NetworkDeps } from './network.ts'

const MINUTE = 60_000
const POP = 1
const CPE = 2

const monitor = (id: number, name: string, parents: Monitor['parents'] = []): Monitor => ({
  id,
  name,
  type: 'icmp',
  options: {},
  intervalMs: 20_000,
  timeoutMs: 1000,
  failures: { count: 3, of: 3 },
  successes: { count: 3, of: 3 },
  retryIntervalMs: 5000,
  recoveryIntervalMs: 15_000,
  resetFailures: 'never',
  severity: 'HIGH',
  degradedSeverity: 'MEDIUM',
  labels: {},
  parents,
  channels: [],
  reminderMs: [],
  notifyRecovery: true,
  paused: false,
})
const monitors = [monitor(POP, 'pop'), monitor(CPE, 'cpe', [['pop']])]

describe('network', () => {
  let deps: NetworkDeps
  let network: Network
  /** When each monitor was last seen well. */
  let well: Map<number, number>
  /** When the last look at each failed. */
  let failed: Map<number, number>

  beforeEach(() => {
    well = new Map()
    failed = new Map()
    const topology = createTopology(monitors)
    deps = {
      topology: () => topology,
      monitor: (id) => ({ monitor: monitors.find((one) => one.id === id)!, target: '' }) as never,
      seenWellSince: (id, since) => (well.get(id) ?? Number.NEGATIVE_INFINITY) >= since,
      failedSince: (id, since) => (failed.get(id) ?? Number.NEGATIVE_INFINITY) >= since,
    }
    network = createNetwork(deps)
  })

  const change = (monitorId: number, from: State, to: State, at: number) =>
    network.note({ monitorId, from, to, at, since: at, previousSince: 0, code: 'ok', cause: undefined, facts: {} })

  describe('planned work', () => {
    it('is known by the windows that run, and anew when they or the network are others', () => {
      const window = (name: string, startsAt: number, endsAt: number) => ({
        matchers: [{ name: 'monitor', operator: '=' as const, value: name }],
        startsAt,
        endsAt,
        behind: false,
      })
      let topology = createTopology(monitors)
      const planned = createNetwork({ ...deps, topology: () => topology })
      const [first, second] = [window('pop', 0, 10), window('pop', 10, 20)]
      assert.equal(planned.inMaintenance(CPE, [first, second], 5), first)
      assert.equal(planned.inMaintenance(CPE, [first, second], 15), second)
      assert.equal(planned.inMaintenance(CPE, [first, second], 20), undefined)
      topology = createTopology([monitor(POP, 'pop'), monitor(CPE, 'cpe')])
      assert.equal(planned.inMaintenance(CPE, [first, second], 15), undefined, 'nothing is behind it any more')
      assert.equal(planned.inMaintenance(POP, [first, second], 15), second)
    })
  })

  describe('what stands behind', () => {
    it('is told apart from what does not answer, which is measured', () => {
      change(POP, 'up', 'down', 10 * MINUTE)
      assert.deepEqual(network.affected(POP), { count: 1, silent: 0, answering: 0, names: ['cpe'], down: [] })
      failed.set(CPE, 11 * MINUTE)
      assert.equal(network.affected(POP)?.silent, 1)
      well.set(CPE, 12 * MINUTE)
      assert.deepEqual(network.affected(POP), { count: 1, silent: 0, answering: 1, names: ['cpe'], down: [] })
    })

    it('is cut off from its fall to the answer of what stands above, and after that down by itself', () => {
      change(POP, 'up', 'down', 10 * MINUTE)
      assert.equal(network.cutOff().size, 0)
      change(CPE, 'up', 'down', 10 * MINUTE)
      assert.deepEqual([...network.cutOff()], [[CPE, [POP]]])
      assert.equal(network.cutOff(), network.cutOff(), 'kept until something changes')
      change(POP, 'down', 'up', 11 * MINUTE)
      assert.equal(network.cutOff().size, 0)
    })

    it('stays folded while what stands above flaps', () => {
      change(POP, 'up', 'down', 0)
      change(CPE, 'up', 'down', 0)
      change(POP, 'down', 'up', MINUTE)
      change(POP, 'up', 'down', 2 * MINUTE)
      assert.ok(network.flaps(POP))
      assert.deepEqual([...network.cutOff()], [[CPE, [POP]]])
    })
  })

  describe('flapping', () => {
    beforeEach(() => {
      change(POP, 'up', 'down', 0)
      change(POP, 'down', 'up', MINUTE)
      change(POP, 'up', 'down', 2 * MINUTE)
      assert.ok(network.flaps(POP))
    })

    it('is over when it stays down without an answer', () => {
      assert.deepEqual(network.calmed(7 * MINUTE - 1), [])
      assert.deepEqual(network.calmed(7 * MINUTE), [POP])
      assert.equal(network.flaps(POP), undefined)
    })

    it('goes on while it answers now and then, though never for long enough to be up', () => {
      for (let minute = 3; minute <= 60; minute++) {
        well.set(POP, minute * MINUTE)
        assert.deepEqual(network.calmed(minute * MINUTE), [], `minute ${minute}`)
      }
      assert.deepEqual(network.calmed(64 * MINUTE), [])
      assert.deepEqual(network.calmed(65 * MINUTE), [POP])
    })

    it('nobody saw it stay down while no server ran', () => {
      const states = [{ monitorId: POP, state: 'down' as const, since: 2 * MINUTE }]
      network.restore({ states, recent: [], flapping: [], open: [] }, 9 * MINUTE)
      assert.deepEqual(network.calmed(30 * MINUTE), [])
      network.begin(30 * MINUTE)
      assert.deepEqual(network.calmed(30 * MINUTE), [])
      assert.deepEqual(network.calmed(35 * MINUTE), [POP])
    })

    it('goes on after a restart, although no change of it is recent enough to be remembered', () => {
      const late = createNetwork(deps)
      const states = [{ monitorId: POP, state: 'up' as const, since: 0 }]
      late.restore({ states, recent: [], flapping: [POP], open: [POP] }, 60 * MINUTE)
      late.begin(60 * MINUTE)
      assert.ok(late.flaps(POP))
      assert.deepEqual(late.calmed(69 * MINUTE), [])
      assert.deepEqual(late.calmed(71 * MINUTE), [POP])
    })

    it('is not over at the first change after a long time of answers now and then', () => {
      for (let minute = 3; minute <= 60; minute++) {
        well.set(POP, minute * MINUTE)
        network.calmed(minute * MINUTE)
      }
      change(POP, 'down', 'up', 61 * MINUTE)
      assert.deepEqual(network.calmed(70 * MINUTE), [])
      assert.deepEqual(network.calmed(80 * MINUTE), [POP])
    })

    it('explains that of a child, and for a while after; what the child does later is its own', () => {
      for (const [from, to, at] of [
        ['up', 'down', 1],
        ['down', 'up', 2],
        ['up', 'down', 3],
        ['down', 'up', 10],
      ] as const)
        change(CPE, from, to, at * MINUTE)
      change(POP, 'down', 'up', 4 * MINUTE)
      const now = 10 * MINUTE
      const held = { kind: 'parent', until: now + 5 * MINUTE, monitors: [POP] }
      assert.deepEqual(network.hindrance(monitors[1]!, MINUTE, MINUTE, now), held)
      assert.deepEqual(network.calmed(24 * MINUTE), [POP, CPE])
      for (const minute of [25, 26, 27])
        change(CPE, minute % 2 ? 'up' : 'down', minute % 2 ? 'down' : 'up', minute * MINUTE)
      const soon = network.hindrance(monitors[1]!, 25 * MINUTE, 25 * MINUTE, 27 * MINUTE)
      assert.deepEqual(soon?.monitors, [POP])
      change(CPE, 'down', 'up', 29 * MINUTE)
      assert.equal(network.hindrance(monitors[1]!, 25 * MINUTE, 25 * MINUTE, 29 * MINUTE), undefined)
    })

    it('an answer from before it fell again is none', () => {
      well.set(POP, MINUTE)
      assert.deepEqual(network.calmed(7 * MINUTE), [POP])
    })
  })

  describe('a child that falls before anybody looked at its parent', () => {
    const hindrance = (now: number) => network.hindrance(monitors[1]!, 0, 0, now)?.kind

    beforeEach(() => change(CPE, 'up', 'down', 0))

    it('waits for as long as a verdict about the parent takes', () => {
      assert.equal(hindrance(30_000), 'parent_pending')
      assert.equal(hindrance(MINUTE), undefined)
    })

    it('waits as long again after a restart, for nobody looked meanwhile', () => {
      const states = [{ monitorId: CPE, state: 'down' as const, since: 0 }]
      network.restore({ states, recent: [], flapping: [], open: [] }, 3 * MINUTE)
      assert.equal(hindrance(4 * MINUTE + 30_000), 'parent_pending', 'nobody looks yet')
      network.begin(5 * MINUTE)
      assert.equal(hindrance(5 * MINUTE + 30_000), 'parent_pending')
      assert.equal(hindrance(6 * MINUTE), undefined)
    })
  })
})
