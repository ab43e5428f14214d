import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type EscalationStep, escalationDueAt, severitiesOf } from './escalation.ts'

const STEP: EscalationStep = { afterMs: 100, severity: 'HIGH', channels: ['sms'] }
const NOBODY = { acknowledgedAt: null, acknowledgeUntil: null }

describe('escalation', () => {
  it('counts from the moment at which people were told', () => {
    assert.equal(escalationDueAt(NOBODY, 1000, STEP, 5000), 1100)
  })

  it('rests while somebody takes care, and counts anew when that has run out', () => {
    assert.equal(escalationDueAt({ acknowledgedAt: 1050, acknowledgeUntil: null }, 1000, STEP, 5000), null)
    const anHour = { acknowledgedAt: 1050, acknowledgeUntil: 4000 }
    assert.equal(escalationDueAt(anHour, 1000, STEP, 3999), null)
    assert.equal(escalationDueAt(anHour, 1000, STEP, 4000), 4100)
  })

  it('is for its severity and above', () => {
    assert.deepEqual(severitiesOf(STEP), ['HIGH', 'CRITICAL'])
  })
})
