import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTopology } from '../monitor/topology.ts'
import { type MapMonitor, networkMap } from './network-map.ts'

interface Row {
  readonly id: number
  readonly name: string
  readonly state?: MapMonitor['state']
  readonly site?: string
  readonly parents?: readonly string[]
  readonly at?: readonly [number, number]
  readonly loss?: number
}

const mapOf = (
  rows: readonly Row[],
  places: readonly [string, number, number][],
  cut: readonly [number, number[]][] = [],
) => {
  const monitors = rows.map(
    ({ id, name, state = 'up', site, at, loss = Number.NaN }): MapMonitor => ({
      monitor: {
        id,
        name,
        labels: site === undefined ? {} : { site },
        paused: false,
        ...(at && { lat: at[0], lon: at[1], origin: 'vigia.yaml:1' }),
      },
      state,
      loss,
    }),
  )
  const topology = createTopology(
    rows.map(({ id, name, parents }) => ({ id, name, ...(parents && { parents: [parents] }) })),
  )
  const named = places.map(([name, lat, lon]) => ({ name, lat, lon }))
  return networkMap(monitors, named, 'site', { topology, cutOff: new Map(cut) })
}

describe('the map of a network', () => {
  it('puts each monitor where itself, a name or its site says, and draws what is reached through what', () => {
    const { nodes, links, tree } = mapOf(
      [
        { id: 1, name: 'core', at: [-31, -64] },
        { id: 2, name: 'POP-7', state: 'down', parents: ['core'], loss: 1 },
        { id: 3, name: 'cpe-1', state: 'down', site: 'south', parents: ['POP-7'] },
        { id: 4, name: 'cpe-2', state: 'down', site: 'south', parents: ['POP-7'], loss: 0.5 },
        { id: 5, name: 'nowhere' },
      ],
      [
        ['core', 1, 1],
        ['POP-7', -32, -65],
        ['south', -33, -66],
        ['of nobody', 0, 0],
      ],
      [
        [3, [2]],
        [4, [2]],
      ],
    )
    assert.equal(tree, false)
    assert.deepEqual(
      nodes.map(({ key, place, state, fixed }) => [key, place?.lat, state, fixed]),
      [
        ['m1', -31, 'up', true],
        ['m2', -32, 'down', false],
        ['ssouth', -33, 'cut_off', false],
      ],
    )
    assert.deepEqual(nodes[2]!.counts, { down: 0, degraded: 0, cut_off: 2, unknown: 0, up: 0 })
    assert.deepEqual(links, [
      { from: 'm1', to: 'm2', state: 'down', loss: 1 },
      { from: 'm2', to: 'ssouth', state: 'cut_off', loss: 0.5 },
    ])
  })

  it('is a tree where nothing has a place, in which many leaves are counted with what they are reached through', () => {
    const leaves = Array.from({ length: 300 }, (_, index) => ({
      id: 10 + index,
      name: `cpe-${index}`,
      parents: ['POP'],
      state: index < 5 ? ('down' as const) : ('up' as const),
    }))
    const { nodes, links, tree } = mapOf(
      [{ id: 1, name: 'core' }, { id: 2, name: 'POP', parents: ['core'] }, ...leaves],
      [],
    )
    assert.equal(tree, true)
    assert.deepEqual(
      nodes.map(({ key, state, counts }) => [key, state, counts.down, counts.up]),
      [
        ['m1', 'up', 0, 1],
        ['m2', 'up', 5, 296],
      ],
    )
    assert.deepEqual(links, [{ from: 'm1', to: 'm2', state: 'up', loss: null }])
  })
})
