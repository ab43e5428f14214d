import assert from 'node:assert/strict'
import { it } from 'node:test'
import { withNumbers } from './say-cause.ts'

it('a sentence that was said already is read with the numbers of the reader, and no address is touched', () => {
  const english = (value: number) => value.toLocaleString('en')
  const facts = { ports: { code: 'ports', facts: { count: 4504 } }, hosts: { code: 'hosts', facts: { count: 12 } } }
  assert.equal(withNumbers('4504 ports of 12 hosts', facts, english), '4,504 ports of 12 hosts')
  assert.equal(withNumbers('10.0.0.1:4504 refused', { count: 4504 }, english), '10.0.0.1:4504 refused')
  assert.equal(withNumbers('as it is', undefined, english), 'as it is')
})
