import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { causeOf, laterFacts, partsOf } from './alert-facts.ts'

const REFUSED = {
  cause: 'connection to 10.0.0.1:22 refused',
  cause_code: 'connection_refused',
  cause_facts: { target: '10.0.0.1:22' },
}
const event = (type: string, data: object) => ({ type, source: 'api', monitorId: null, data: data as never })

describe('the cause of an alert', () => {
  it('has code and facts where the server says it, and a sender has none of ours', () => {
    assert.deepEqual(causeOf(partsOf(event('vigia_blind', REFUSED))), REFUSED)
    const { facts, data } = partsOf(event('backup_failed', REFUSED))
    assert.deepEqual([facts, data], [{ event_type: 'backup_failed' }, REFUSED])
    assert.deepEqual(causeOf({ facts, data }), { cause: REFUSED.cause })
    assert.deepEqual(causeOf({ facts: {}, data: {} }), { cause: null })
  })

  it('takes its code and facts along when another one comes, and keeps them while none does', () => {
    assert.deepEqual(laterFacts(REFUSED, { cause: 'of an older version' }), { cause: 'of an older version' })
    assert.deepEqual(laterFacts(REFUSED, { cause: '', state: 'up' }), { cause: '', state: 'up' })
    assert.deepEqual(laterFacts(REFUSED, { state: 'down' }), { ...REFUSED, state: 'down' })
    const other = { cause: 'x does not exist', cause_code: 'name_missing', cause_facts: { name: 'x' } }
    assert.deepEqual(laterFacts(REFUSED, other), other)
  })
})
