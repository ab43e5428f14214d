import assert from 'node:assert/strict'
import { it } from 'node:test'
import { own } from './own.ts'

it('a table holds its own keys, and none that every object has', () => {
  const table = { a: 1, b: 2 }
  assert.deepEqual([own(table, 'a'), own(table, 'c')], [1, undefined])
  for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) assert.equal(own(table, key), undefined)
  assert.equal(own(JSON.parse('{"__proto__": 3}') as Record<string, number>, '__proto__'), 3)
})
