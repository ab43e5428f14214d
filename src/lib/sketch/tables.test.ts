import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createDistinctCounter } from './distinct-counter.ts'
import { createFrequentCounter } from './frequent-counter.ts'
import { hashText, mixHash } from './hash.ts'
import { createRecentMap } from './recent-map.ts'
import { createSightingTable } from './sighting-table.ts'

describe('a map of the most recent', () => {
  it('behaves as a list that is kept in order of touching', () => {
    const step = fc.tuple(fc.constantFrom('set', 'touch', 'delete', 'get'), fc.nat(12))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = createRecentMap<number, number>(5)
        let plain: number[] = []
        for (const [what, key] of steps) {
          const known = plain.includes(key)
          if (what === 'set') map.set(key, key)
          else if (what === 'touch') assert.equal(map.touch(key), known ? key : undefined)
          else if (what === 'get') assert.equal(map.get(key), known ? key : undefined)
          else map.delete(key)
          if (what === 'delete') plain = plain.filter((one) => one !== key)
          else if (what === 'set' || (what === 'touch' && known))
            plain = [...plain.filter((one) => one !== key), key].slice(-5)
        }
        assert.deepEqual([...map.values()], plain)
      }),
    )
  })

  it('forgets in constant time', () => {
    const map = createRecentMap<number, number>(50_000)
    for (let key = 0; key < 500_000; key++) map.set(key, key)
    assert.deepEqual(
      [map.size, map.forgotten(), map.get(449_999), map.get(450_000)],
      [50_000, 450_000, undefined, 450_000],
    )
  })
})

describe('a table of sightings', () => {
  const see = (table: ReturnType<typeof createSightingTable>, key: number, second: number) =>
    table.see(mixHash(key), mixHash(~key), second, key)

  it('hands out what it noted, once, for each of very many', () => {
    const table = createSightingTable()
    for (let round = 0; round < 3; round++)
      for (let key = 0; key < 50_000; key++) assert.equal(see(table, key, 100 + round), undefined)
    for (let key = 0; key < 50_000; key += 7)
      assert.deepEqual(see(table, key, 200), {
        times: [100, 101, 102],
        sizes: new Array(3).fill(Math.min(key, 65_535)),
      })
    assert.equal(see(table, 7, 201), 'promoted')
    assert.equal(table.size, 50_000)
  })

  it('notes what comes in any order, remembers a tag, and begins anew where half a day lies between', () => {
    const moment = fc.tuple(fc.nat(40), fc.integer({ min: -3000, max: 60_000 }), fc.nat(70_000))
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 300 }), (moments) => {
        const table = createSightingTable()
        const plain = new Map<number, { times: number[]; sizes: number[]; tag: number }>()
        for (const [key, at, size] of moments) {
          const known = plain.get(key) ?? { times: [], sizes: [], tag: 0 }
          const first = plain.size
          plain.set(key, known)
          const seen = table.see(mixHash(key), mixHash(~key), 100_000 + at, size)
          assert.equal(table.isFirst, plain.size > first)
          if (known.times.length === 4) {
            assert.equal(seen, 'promoted')
            assert.equal(table.tag, known.tag)
            table.attach(++known.tag)
            continue
          }
          const offset = 100_000 + at - (known.times[0] ?? 0)
          const anew = known.times.length > 0 && known.times.length < 3 && (offset < -16_384 || offset >= 49_152)
          if (anew) Object.assign(known, { times: [], sizes: [] })
          if (known.times.length === 3) assert.deepEqual(seen, { times: known.times, sizes: known.sizes })
          else assert.equal(seen, undefined)
          known.times = [...known.times, 100_000 + at]
          known.sizes = [...known.sizes, Math.min(size, 65_535)]
        }
        assert.equal(table.size, plain.size)
      }),
      { numRuns: 60 },
    )
  })

  it('forgets what is old, and what there is no room for', () => {
    const table = createSightingTable(1 << 15)
    see(table, 1, 10)
    see(table, 2, 90_000)
    table.forgetBefore(100)
    assert.equal(table.size, 1)
    for (let key = 0; key < 100_000; key++) see(table, key, 90_000 + key)
    assert.ok(table.size < 1 << 15)
    assert.ok(table.forgotten() > 50_000)
  })
})

describe('counting without keeping', () => {
  it('different things, within a few per cent', () => {
    const counter = createDistinctCounter()
    for (let index = 0; index < 20_000; index++) counter.add(hashText(`thing ${index % 10_000}`))
    assert.ok(Math.abs(counter.estimate() - 10_000) < 400, String(counter.estimate()))
  })

  it('frequent things, never too low', () => {
    const counter = createFrequentCounter()
    let count = 0
    for (let index = 0; index < 100_000; index++) {
      counter.add(hashText(`rare ${index}`))
      if (index % 10 === 0) count = counter.add(hashText('frequent'))
    }
    assert.ok(count >= 10_000 && count < 10_100, String(count))
  })
})
