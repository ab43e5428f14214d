import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type LatestResult, troubleOf } from './latest-results.ts'

it('a monitor without a verdict says what its last look said; one with a verdict, why it changed', () => {
  const latest: LatestResult = {
    at: 1,
    state: 'unknown',
    code: 'no_permission',
    latencyMs: Number.NaN,
    loss: Number.NaN,
    message: 'this machine may not ping',
  }
  const well = { cause: null, code: null }
  assert.deepEqual(troubleOf(undefined, undefined), well)
  assert.deepEqual(troubleOf(undefined, { ...latest, message: undefined }), well)
  assert.deepEqual(troubleOf(undefined, latest), { cause: 'this machine may not ping', code: 'no_permission' })
  assert.deepEqual(troubleOf({ state: 'down', cause: 'refused', code: 'refused' }, latest), {
    cause: 'refused',
    code: 'refused',
  })
  assert.deepEqual(troubleOf({ state: 'up', cause: '', code: 'ok' }, latest), well)
})
