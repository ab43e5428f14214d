import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { commonCauses, type Failed } from './common-cause.ts'

const MINUTE = 60_000
const failed = (alert: number, changes: Partial<Failed> = {}): Failed => ({
  alert,
  since: 0,
  parents: [],
  labels: {},
  ...changes,
})
const told = (all: readonly Failed[], carrying = 3) =>
  commonCauses(all, () => carrying).map(({ kind, name, value, alerts }) => [name ?? kind, value, alerts])

describe('what alerts have in common', () => {
  it('is a parent, a last hop, or a label of which much has failed', () => {
    assert.deepEqual(told([failed(1, { parents: ['pop'] }), failed(2, { parents: ['pop', 'x'] }), failed(3)]), [
      ['parent', 'pop', [1, 2]],
    ])
    assert.deepEqual(told([failed(1, { lastHop: 'core-2' }), failed(2, { lastHop: 'core-2' })]), [
      ['last_hop', 'core-2', [1, 2]],
    ])
    const site = [1, 2, 3].map((id) => failed(id, { labels: { site: 'north' } }))
    assert.deepEqual(told(site), [['site', 'north', [1, 2, 3]]])
    assert.deepEqual(told(site, 1000), [], 'three of a thousand say nothing')
    assert.deepEqual(told(site.slice(1)), [])
  })

  it('names each alert once, in the largest group, and a parent before a label', () => {
    const labels = { site: 'north' }
    const all = [1, 2, 3].map((id) => failed(id, { labels, parents: ['pop'] }))
    assert.deepEqual(told(all), [['parent', 'pop', [1, 2, 3]]])
    assert.deepEqual(told([...all, failed(4, { labels })], 4), [['site', 'north', [1, 2, 3, 4]]])
  })

  it('is nothing to what failed at other times', () => {
    const at = (alert: number, minute: number) => failed(alert, { parents: ['pop'], since: minute * MINUTE })
    assert.deepEqual(told([at(1, 0), at(2, 60)]), [])
    assert.deepEqual(told([at(1, 0), at(2, 60), at(3, 65)]), [['parent', 'pop', [2, 3]]])
  })
})
