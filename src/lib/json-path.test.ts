import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readJsonPath, sameJson, valueAtPath } from './json-path.ts'

const DOCUMENT = {
  status: 'ok',
  'core.db': { 'up.since': 7 },
  nested: { 'x y': 1, "it's": 2 },
  arr: [{ name: 'a', up: true }, { name: 'b' }],
  orders: [1, 2, 3],
  length: 'own',
  a: { b: 1 },
  'a.b': 2,
  '@type': 't',
  '*': 'star',
}

describe('paths of JSON', () => {
  const found: readonly (readonly [string, unknown])[] = [
    ['$.status', 'ok'],
    ['status', 'ok'],
    ['$.arr[0].up', true],
    ['arr.1.name', 'b'],
    ["$['core.db']['up.since']", 7],
    ['$["core.db"]', { 'up.since': 7 }],
    ['core.db.up.since', 7],
    ["$.nested['x y']", 1],
    ["nested.['x y']", 1],
    ["$.nested['it\\'s']", 2],
    ['$.nested["it\'s"]', 2],
    ['$.nested.x y', 1],
    ['$.orders.length', 3],
    ['$.status.length', 2],
    ['$.length', 'own'],
    ["$.orders['length']", undefined],
    ['$.a.b', 1],
    ["$['a.b']", 2],
    ['$.@type', 't'],
    ["$['*']", 'star'],
    ['$', DOCUMENT],
    ['$.orders[3]', undefined],
    ['$.status.more', undefined],
    ['$.constructor', undefined],
    ['$.orders.map', undefined],
  ]
  for (const [path, value] of found)
    it(`${path} is ${JSON.stringify(value)?.slice(0, 40)}`, () => {
      const steps = readJsonPath(path)
      assert.ok(steps)
      assert.deepEqual(valueAtPath(DOCUMENT, steps), value)
    })

  for (const path of [
    '$.arr[*].up',
    '$.arr[?(@.name==1)].up',
    '$..up',
    '$.arr[-1]',
    '$.*',
    'a..b',
    "$['a",
    '$.a]',
    '$.arr[0:2]',
    '.a',
  ])
    it(`${path} is no path of one value`, () => assert.equal(readJsonPath(path), undefined))

  it('finds each key of an object that is quoted', () =>
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (key, value) => {
        const document = Object.fromEntries([[key, value]])
        const path = readJsonPath(`$["${key.replace(/[\\"]/g, '\\$&')}"]`)
        return sameJson(valueAtPath(document, path!), value)
      }),
    ))

  it('compares by value, whatever the order of keys', () => {
    assert.ok(sameJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }))
    for (const [one, other] of [
      [{ a: 1 }, { a: 1, b: 2 }],
      [
        { a: 1, c: 2 },
        { a: 1, b: 2 },
      ],
      [[1], [1, 2]],
      [[], {}],
      [null, {}],
      ['1', 1],
    ])
      assert.ok(!sameJson(one, other), JSON.stringify([one, other]))
  })
})
