import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createBoundedMap } from './bounded-map.ts'

describe('bounded map', () => {
  it('keeps what was set last and forgets what was not, within its bound', () => {
    const operation = fc.tuple(fc.constantFrom('set', 'set', 'set', 'delete'), fc.nat(30))
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), fc.integer({ min: 1, max: 10 }), (operations, most) => {
        const map = createBoundedMap<number, number>(most)
        let recent: number[] = []
        const value = new Map<number, number>()
        for (const [step, [what, key]] of operations.entries()) {
          recent = recent.filter((one) => one !== key)
          if (what === 'delete') {
            map.delete(key)
            assert.equal(map.get(key), undefined)
            continue
          }
          map.set(key, step)
          value.set(key, step)
          recent.push(key)
          for (const kept of recent.slice(-most)) assert.equal(map.get(kept), value.get(kept))
          assert.ok(map.entries().length < 2 * most || most === 1)
          for (const [one, held] of map.entries()) assert.equal(map.get(one), held)
        }
      }),
    )
  })
})
