import assert from 'node:assert/strict'
import { it } from 'node:test'
import { because, type Cause } from '../cause/cause.ts'
import { type LatestResult, troubleOf } from './latest-results.ts'

const asSaid = (words: string): Cause => because('as_said', { words })
const say = ({ facts }: Cause): string => String(facts.words)

it('a monitor without a verdict says what its last look said; one with a verdict, why it changed', () => {
  const latest: LatestResult = {
    at: 1,
    state: 'unknown',
    code: 'no_permission',
    latencyMs: Number.NaN,
    loss: Number.NaN,
    cause: asSaid('this machine may not ping'),
  }
  const well = { cause: null, code: null }
  assert.deepEqual(troubleOf(undefined, undefined, say), well)
  assert.deepEqual(troubleOf(undefined, { ...latest, cause: undefined }, say), well)
  assert.deepEqual(troubleOf(undefined, latest, say), {
    cause: 'this machine may not ping',
    code: 'no_permission',
    cause_code: 'as_said',
    cause_facts: { words: 'this machine may not ping' },
  })
  assert.deepEqual(troubleOf({ state: 'down', sentence: 'refused', cause: undefined, code: 'refused' }, latest, say), {
    cause: 'refused',
    code: 'refused',
  })
  assert.deepEqual(troubleOf({ state: 'up', sentence: '', cause: undefined, code: 'ok' }, latest, say), well)
})
