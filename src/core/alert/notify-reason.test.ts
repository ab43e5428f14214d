import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Alert } from './alert.ts'
import { type NotifyPolicy, nextReminderAt, notifyReason } from './notify-reason.ts'

const MINUTE = 60_000
const alert = (changes: Partial<Alert> = {}): Alert => ({
  facts: {},
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
  firstLookAt: null,
  count: 1,
  lastEventId: null,
  nextDueAt: null,
  resolveAt: null,
  toldSeverity: null,
  toldState: null,
  lastToldAt: null,
  reminders: 0,
  escalated: [],
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
const told = alert({ lastToldAt: 0 })

describe('notify reason', () => {
  it('tells an opening at once', () => {
    assert.deepEqual(notifyReason('opened', alert(), policy(), 0), {
      reason: 'first',
    })
  })

  it('holds a further event until the cooldown ends, to the millisecond', () => {
    const end = 30 * MINUTE
    assert.deepEqual(notifyReason('updated', told, policy(), end - 1), {
      reason: null,
      held: 'cooldown',
      until: end,
    })
    assert.deepEqual(notifyReason('updated', told, policy(), end), { reason: 'repeat' })
    assert.deepEqual(notifyReason('updated', told, policy({ cooldownMs: 0 }), 0), { reason: 'repeat' })
  })

  it('tells at once what is worse than was told: no cooldown and no acknowledgement holds that', () => {
    const medium = alert({ lastToldAt: 0, toldSeverity: 'MEDIUM', severity: 'CRITICAL', monitorId: null })
    assert.deepEqual(notifyReason('updated', medium, policy(), 1), { reason: 'repeat' })
    const attended = { ...medium, acknowledgedAt: 1, acknowledgedBy: 'eva' }
    assert.deepEqual(notifyReason('updated', attended, policy(), 2), { reason: 'repeat' })
    assert.deepEqual(notifyReason('tick', attended, policy(), 2), { reason: 'repeat' })
    const same = { ...attended, severity: 'MEDIUM' as const }
    assert.equal(notifyReason('updated', same, policy(), 2).held, 'acknowledged')
    assert.equal(notifyReason('unattended', attended, policy(), 2).held, 'acknowledged')
    const before = { toldBefore: 0, severityBefore: 'LOW' } as const
    assert.deepEqual(notifyReason('opened', alert(), policy(), 1, before), { reason: 'first' })
    assert.equal(notifyReason('opened', alert({ severity: 'LOW' }), policy(), 1, before).held, 'cooldown')
  })

  it('tells another state of a monitor, if not at once then when the cooldown ends', () => {
    const degraded = alert({ lastToldAt: 0, toldSeverity: 'HIGH', toldState: 'degraded', facts: { state: 'down' } })
    assert.deepEqual(notifyReason('updated', degraded, policy(), 1), { reason: 'repeat' })
    const better = { ...degraded, toldState: 'down', facts: { state: 'degraded' } }
    const held = { reason: null, held: 'cooldown', until: 30 * MINUTE, again: true }
    assert.deepEqual(notifyReason('updated', better, policy(), 1), held)
    assert.deepEqual(notifyReason('tick', better, policy(), 30 * MINUTE), { reason: 'repeat' })
    // What opens again after its end was told would leave a false word.
    const again = { toldBefore: 0, severityBefore: 'HIGH', endTold: true } as const
    assert.deepEqual(notifyReason('opened', alert(), policy(), 1, again), held)
    assert.deepEqual(notifyReason('tick', alert(), policy(), 30 * MINUTE, again), { reason: 'first' })
  })

  it('reminds after each wait of the list, the last one going on', () => {
    assert.equal(nextReminderAt(policy(), told), 60 * MINUTE)
    assert.equal(nextReminderAt(policy(), { lastToldAt: 60 * MINUTE, reminders: 1 }), 300 * MINUTE)
    assert.equal(nextReminderAt(policy(), { lastToldAt: 300 * MINUTE, reminders: 2 }), 540 * MINUTE)
    assert.deepEqual(notifyReason('tick', told, policy(), 60 * MINUTE), { reason: 'reminder' })
    assert.equal(notifyReason('tick', told, policy(), 59 * MINUTE).held, 'not_due')
    assert.equal(notifyReason('tick', told, policy({ reminderMs: [] }), 9e9).held, 'no_reminders')
  })

  it('an acknowledgement ends reminders and repeats until it expires, never the recovery', () => {
    const acknowledged = alert({ lastToldAt: 0, acknowledgedAt: 1, acknowledgeUntil: 100 * MINUTE })
    assert.equal(notifyReason('tick', acknowledged, policy(), 99 * MINUTE).held, 'acknowledged')
    assert.equal(notifyReason('updated', acknowledged, policy(), 99 * MINUTE).held, 'acknowledged')
    assert.equal(notifyReason('tick', acknowledged, policy(), 100 * MINUTE).reason, 'reminder')
    assert.equal(notifyReason('resolved', acknowledged, policy(), 99 * MINUTE).reason, 'resolved')
  })

  it('a silence or a window holds everything but the recovery, and what it held is told when it ends', () => {
    const quiet = { kind: 'silenced', until: 90 * MINUTE } as const
    for (const change of ['opened', 'updated', 'tick'] as const)
      assert.deepEqual(notifyReason(change, alert(), policy(), 0, { quiet }), {
        reason: null,
        held: 'silenced',
        until: 90 * MINUTE,
      })
    assert.equal(notifyReason('resolved', told, policy(), 0, { quiet }).reason, 'resolved')
    assert.equal(notifyReason('tick', alert(), policy(), 90 * MINUTE).reason, 'first')
  })

  it('a cooldown holds nothing by a telling that lies ahead: the clock was set back since', () => {
    const told = alert({ lastToldAt: 60 * MINUTE })
    assert.deepEqual(notifyReason('updated', told, policy(), 60 * MINUTE - 1), { reason: 'repeat' })
    const before = { toldBefore: 60 * MINUTE }
    assert.deepEqual(notifyReason('opened', alert(), policy(), 10 * MINUTE, before), { reason: 'first' })
  })

  it('a cooldown goes on over the end of an alert, and what it held is no repeat', () => {
    const before = { toldBefore: 0 }
    assert.equal(notifyReason('opened', alert(), policy(), 29 * MINUTE, before).held, 'cooldown')
    assert.equal(notifyReason('updated', alert(), policy(), 29 * MINUTE, before).held, 'cooldown')
    assert.equal(notifyReason('updated', alert(), policy(), 30 * MINUTE, before).reason, 'first')
  })

  it('a recovery needs that its problem was told and that the rule wants it', () => {
    assert.equal(notifyReason('resolved', alert(), policy(), 0).held, 'never_told')
    assert.equal(notifyReason('resolved', told, policy({ notifyRecovery: false }), 0).held, 'recovery_off')
  })
})
