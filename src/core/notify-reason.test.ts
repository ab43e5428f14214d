import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Alert } from './alert.ts'
import { type NotifyPolicy, nextReminderAt, notifyReason } from './notify-reason.ts'

const MINUTE = 60_000
const alert = (changes: Partial<Alert> = {}): Alert => ({
  id: 1,
  fingerprint: 'monitor:1',
  ruleId: null,
  monitorId: 1,
  subject: 'POP-07',
  severity: 'HIGH',
  status: 'firing',
  since: 0,
  openedAt: 0,
  updatedAt: 0,
  resolvedAt: null,
  resolvedBy: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  acknowledgeNote: null,
  acknowledgeUntil: null,
  count: 1,
  lastEventId: null,
  nextDueAt: null,
  lastToldAt: null,
  reminders: 0,
  data: {},
  ...changes,
})
const policy = (changes: Partial<NotifyPolicy> = {}): NotifyPolicy => ({
  reminderMs: [60 * MINUTE, 240 * MINUTE],
  cooldownMs: 30 * MINUTE,
  repeats: true,
  notifyRecovery: true,
  ...changes,
})
const told = { lastToldAt: 0, reminders: 0 }

describe('notify reason', () => {
  it('tells an opening at once', () => {
    assert.deepEqual(notifyReason('opened', alert(), policy(), 0, { lastToldAt: null, reminders: 0 }), {
      reason: 'first',
    })
  })

  it('holds a further event until the cooldown ends, to the millisecond', () => {
    const end = 30 * MINUTE
    assert.deepEqual(notifyReason('updated', alert(), policy(), end - 1, told), {
      reason: null,
      held: 'cooldown',
      until: end,
    })
    assert.deepEqual(notifyReason('updated', alert(), policy(), end, told), { reason: 'repeat' })
    assert.deepEqual(notifyReason('updated', alert(), policy({ cooldownMs: 0 }), 0, told), { reason: 'repeat' })
  })

  it('reminds after each wait of the list, the last one going on', () => {
    assert.equal(nextReminderAt(policy(), told), 60 * MINUTE)
    assert.equal(nextReminderAt(policy(), { lastToldAt: 60 * MINUTE, reminders: 1 }), 300 * MINUTE)
    assert.equal(nextReminderAt(policy(), { lastToldAt: 300 * MINUTE, reminders: 2 }), 540 * MINUTE)
    assert.deepEqual(notifyReason('tick', alert(), policy(), 60 * MINUTE, told), { reason: 'reminder' })
    assert.equal(notifyReason('tick', alert(), policy(), 59 * MINUTE, told).held, 'not_due')
    assert.equal(notifyReason('tick', alert(), policy({ reminderMs: [] }), 9e9, told).held, 'no_reminders')
  })

  it('an acknowledgement ends reminders and repeats until it expires, never the recovery', () => {
    const acknowledged = alert({ acknowledgedAt: 1, acknowledgeUntil: 100 * MINUTE })
    assert.equal(notifyReason('tick', acknowledged, policy(), 99 * MINUTE, told).held, 'acknowledged')
    assert.equal(notifyReason('updated', acknowledged, policy(), 99 * MINUTE, told).held, 'acknowledged')
    assert.equal(notifyReason('tick', acknowledged, policy(), 100 * MINUTE, told).reason, 'reminder')
    assert.equal(notifyReason('resolved', acknowledged, policy(), 99 * MINUTE, told).reason, 'resolved')
  })

  it('a recovery needs that its problem was told and that the rule wants it', () => {
    assert.equal(notifyReason('resolved', alert(), policy(), 0, { lastToldAt: null, reminders: 0 }).held, 'never_told')
    assert.equal(notifyReason('resolved', alert(), policy({ notifyRecovery: false }), 0, told).held, 'recovery_off')
  })
})
