import assert from 'node:assert/strict'
import { it } from 'node:test'
import { recommendedCooldown } from './rule-spec.ts'

it('a cooldown is proposed for the types that are known, none for others, whatever they are called', () => {
  assert.equal(recommendedCooldown('zeek_detection'), 900_000)
  for (const type of ['something', 'constructor', 'toString', '__proto__']) assert.equal(recommendedCooldown(type), 0)
})
