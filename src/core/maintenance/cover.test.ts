import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTopology } from '../monitor/topology.ts'
import { type CoverWindow, createCover } from './cover.ts'

const HOUR = 3_600_000
const NETWORK = [
  { id: 1, name: 'core-1' },
  { id: 2, name: 'core-2' },
  { id: 3, name: 'pop', parents: [['core-1', 'core-2']] },
  { id: 4, name: 'olt', parents: [['pop']] },
  { id: 5, name: 'client', parents: [['olt']] },
  { id: 6, name: 'two-ways', parents: [['pop', 'core-1']] },
  { id: 7, name: 'round-1', parents: [['round-2']] },
  { id: 8, name: 'round-2', parents: [['round-1']] },
]
const family = (down: readonly number[] = []) => ({
  parentsOf: createTopology(NETWORK).parentsOf,
  facts: (id: number) => {
    const found = NETWORK.find((one) => one.id === id)
    return (
      found && {
        subject: found.name,
        severity: 'HIGH' as const,
        type: 'monitor_state',
        rule: null,
        monitor: found.name,
        labels: {},
      }
    )
  },
  isDown: (id: number) => down.includes(id),
})
const window = (name: string, changes: Partial<CoverWindow> = {}): CoverWindow => ({
  matchers: [{ name: 'monitor', operator: '=', value: name }],
  startsAt: 0,
  endsAt: HOUR,
  behind: false,
  ...changes,
})
const covered = (windows: readonly CoverWindow[], down?: readonly number[], now = 1) => {
  const cover = createCover(windows, family(down))
  return NETWORK.filter(({ id }) => cover.at(id, now) !== undefined).map(({ name }) => name)
}

describe('whom a maintenance window covers', () => {
  it('is what it matches, and what can be reached through nothing else', () => {
    assert.deepEqual(covered([window('pop')]), ['pop', 'olt', 'client'])
    assert.deepEqual(covered([window('core-1')]), ['core-1'], 'pop has another way')
    assert.deepEqual(covered([window('core-1'), window('core-2')]), [
      'core-1',
      'core-2',
      'pop',
      'olt',
      'client',
      'two-ways',
    ])
  })

  it('with all behind it is whatever is reached through it, by other ways too', () => {
    assert.deepEqual(covered([window('core-1', { behind: true })]), ['core-1', 'pop', 'olt', 'client', 'two-ways'])
  })

  it('takes a parent that is down for one that is away', () => {
    assert.deepEqual(covered([window('core-1')], [2]), ['core-1', 'pop', 'olt', 'client', 'two-ways'])
    assert.deepEqual(covered([], [1, 2]), [], 'without a window nothing is planned')
  })

  it('ends with the first of the windows that it needs, and bears a circle', () => {
    const cover = createCover([window('core-1'), window('core-2', { endsAt: 2 * HOUR })], family())
    assert.equal(cover.at(3, 1)?.endsAt, HOUR)
    assert.equal(cover.at(3, HOUR), undefined)
    assert.deepEqual(covered([window('round-1')]), ['round-1', 'round-2'])
    assert.equal(createCover([window('round-1')], family()).at(99, 1), undefined, 'nor does it know a stranger')
  })

  it('is left out of uptime for as long as all ways are covered', () => {
    const cover = createCover([window('core-1'), window('core-2', { startsAt: HOUR / 2, endsAt: 2 * HOUR })], family())
    assert.deepEqual(cover.spans(4), [{ from: HOUR / 2, to: HOUR }])
    assert.deepEqual(createCover([window('pop', { behind: true })], family()).spans(5)[0], { from: 0, to: HOUR })
    assert.deepEqual(createCover([window('round-1')], family()).spans(8), [{ from: 0, to: HOUR }])
  })
})
