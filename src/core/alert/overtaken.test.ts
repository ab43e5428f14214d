import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Waiting } from '../message/gather.ts'
import { inTheWay, overtaken } from './overtaken.ts'

const one = (id: number, changes: Partial<Waiting> = {}): Waiting => ({
  id,
  alertId: 1,
  about: 7,
  reason: 'first',
  severity: 'LOW',
  held: false,
  attempts: 0,
  createdAt: 0,
  group: '',
  alone: false,
  together: null,
  ...changes,
})

describe('overtaken', () => {
  it('has a newer episode tell what an older one could not deliver', () => {
    const waiting = [
      one(1, { attempts: 2 }),
      one(2),
      one(3, { alertId: 2 }),
      one(4, { alertId: 2 }),
      one(5, { about: 8 }),
    ]
    assert.deepEqual(overtaken(waiting), [{ by: 3, ids: [1, 2] }])
  })

  it('leaves alone what was not tried yet, what is of one episode, and what is about nothing', () => {
    assert.deepEqual(overtaken([one(1), one(2, { alertId: 2 })]), [])
    assert.deepEqual(overtaken([one(1, { attempts: 2 }), one(2)]), [])
    assert.deepEqual(overtaken([one(1, { attempts: 2, about: null }), one(2, { about: null, alertId: 2 })]), [])
  })
})

describe('inTheWay', () => {
  const urgent = ({ severity }: Pick<Waiting, 'severity'>) => severity === 'CRITICAL'

  it('has what passes tell what is held of its subject, of whatever episode', () => {
    const waiting = [
      one(1, { held: true }),
      one(2, { held: true, about: 8 }),
      one(3, { alertId: 2, severity: 'CRITICAL' }),
    ]
    assert.deepEqual(inTheWay(waiting, urgent), [{ by: 3, ids: [1] }])
  })

  it('leaves held what nothing passes', () => {
    assert.deepEqual(inTheWay([one(1, { held: true }), one(2)], urgent), [])
    assert.deepEqual(inTheWay([one(1, { severity: 'CRITICAL' }), one(2, { held: true })], urgent), [])
  })
})
