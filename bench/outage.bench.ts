import type { Monitor, State } from '#core/monitor/monitor.ts'
import { createTopology } from '#core/monitor/topology.ts'
import { createNetwork } from '#pipeline/decide/network.ts'
import { monitor as monitorSpec } from '../test/fixtures/world.ts'
import { atMost, type Benchmark, median, type Row } from './row.ts'

const POPS = 100
const MONITORS = 10_000
const RUNS = 5
const CORE = 1
const MINUTE = 60_000

const parentsOf = (id: number): string[] => {
  if (id === CORE) return []
  return id <= POPS + 1 ? ['core'] : [`pop-${2 + (id % POPS)}`]
}
const nameOf = (id: number): string => (id === CORE ? 'core' : id <= POPS + 1 ? `pop-${id}` : `device-${id}`)

const monitorOf = (id: number): Monitor => ({
  ...monitorSpec(nameOf(id), { parents: parentsOf(id).map((name) => [name]) }),
  id,
})

const megabytes = () => process.memoryUsage().heapUsed / 1e6

/**
 * A core router dies, and everything behind it is found down, the devices before what they hang on: what is asked of
 * each change is whether it may be told, and once of the core whom it cuts off.
 */
const outage = () => {
  const monitors = Array.from({ length: MONITORS }, (_, index) => monitorOf(index + 1))
  const topology = createTopology(monitors)
  const known = monitors.map((monitor) => ({ monitor, target: '' }))
  const network = createNetwork({
    topology: () => topology,
    monitor: (id) => known[id - 1] as never,
    seenWellSince: () => false,
    failedSince: () => false,
  })
  network.begin(0)
  const change = (monitor: Monitor, from: State, to: State, at: number) => {
    const { id } = monitor
    network.note({
      monitorId: id,
      from,
      to,
      at,
      since: at,
      previousSince: 0,
      code: 'timeout',
      cause: undefined,
      facts: {},
    })
    return to === 'down' ? network.hindrance(monitor, at, at, at) : undefined
  }
  for (const monitor of monitors) change(monitor, 'unknown', 'up', 0)
  const heap = megabytes()
  const before = process.cpuUsage()
  for (const monitor of monitors.toReversed()) change(monitor, 'up', 'down', MINUTE)
  const affected = network.affected(CORE)
  // What waited for its parents is asked once more.
  const told = monitors.filter((monitor) => network.hindrance(monitor, MINUTE, MINUTE, MINUTE + 1000) === undefined)
  const { user, system } = process.cpuUsage(before)
  if (affected?.count !== MONITORS - 1 || told.length !== 1) throw new Error('the core alone was to be told')
  return { cpuMs: (user + system) / 1000, heapMb: megabytes() - heap }
}

/** A core outage among ten thousand monitors with parents. */
export const benchmark: Benchmark = {
  names: ['outage.10000'],
  run: async (): Promise<readonly Row[]> => {
    const runs = Array.from({ length: RUNS }, outage)
    const row = (what: string, unit: string, ours: number, bound: number) =>
      atMost({ name: 'outage.10000', n: MONITORS, what, unit, ours }, bound)
    return [
      row('a core outage, who is told: CPU', 'ms', median(runs.map(({ cpuMs }) => cpuMs)), 200),
      row('the same, memory besides', 'MB', Math.max(...runs.map(({ heapMb }) => heapMb)), 50),
    ]
  },
}
