import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { AlertOpening } from '#core/alert/alert.ts'
import type { Storage } from '#storage/index.ts'
import { overBothStorages } from '../fixtures/both-engines.ts'
import { someFacts } from '../fixtures/some-facts.ts'

const opening = (subject: string, changes: Partial<AlertOpening> = {}): AlertOpening => ({
  fingerprint: subject,
  ruleId: null,
  monitorId: null,
  subject,
  severity: 'HIGH',
  since: 900,
  openedAt: 1000,
  updatedAt: 1000,
  lastEventId: null,
  resolveAt: null,
  lastToldAt: 1000,
  data: {},
  ...changes,
})
const failedAttempt = {
  at: 1000,
  durationMs: 1,
  ok: false,
  code: null,
  failure: 'timeout',
  error: 'no answer',
  response: null,
} as const
const STEP = '900000 HIGH'

const suite = (open: () => Promise<Storage | { readonly skip: string }>) => {
  const use = (title: string, test: (storage: Storage) => Promise<void>) =>
    it(title, async (context) => {
      const storage = await open()
      if ('skip' in storage) return context.skip(storage.skip)
      try {
        await test(storage)
      } finally {
        await storage.close()
      }
    })

  use('keeps the first value of a setting that many want to set', async ({ settings }) => {
    const values = await Promise.all([1, 2, 3].map((value) => settings.ensure('key', value)))
    assert.equal(new Set(values).size, 1)
    assert.equal(await settings.get('key'), values[0])
  })

  use('finds what nobody takes care of, once per step', async ({ alerts }) => {
    await alerts.open(opening('plain'))
    await alerts.open(opening('low', { severity: 'LOW' }))
    await alerts.open(opening('young', { openedAt: 1001 }))
    await alerts.open(opening('never told', { lastToldAt: null }))
    await alerts.open(opening('taken', { acknowledgedAt: 1, acknowledgedBy: 'x' }))
    await alerts.open(opening('lapsed', { acknowledgedAt: 1, acknowledgedBy: 'x', acknowledgeUntil: 2000 }))
    const told = await alerts.open(opening('told', { escalated: [STEP] }))
    await alerts.open(opening('other step', { escalated: ['1900000 HIGH', '900000 LOW'] }))
    const over = await alerts.open(opening('over'))
    await alerts.update(over.id, { status: 'resolved', resolvedAt: 1500 })
    const wanted = { openedBefore: 1000, severities: ['HIGH', 'CRITICAL'], step: STEP, now: 2000, limit: 10 } as const
    const found = await alerts.unattended({ ...wanted, afterId: 0 })
    assert.deepEqual(
      found.map(({ subject }) => subject),
      ['plain', 'lapsed', 'other step'],
    )
    const rest = await alerts.unattended({ ...wanted, afterId: found[0]!.id, limit: 1 })
    assert.deepEqual(
      rest.map(({ subject }) => subject),
      ['lapsed'],
    )
    assert.deepEqual((await alerts.byId(told.id))!.escalated, [STEP])
    assert.deepEqual((await alerts.update(told.id, { escalated: [STEP, '1 LOW'] })).escalated, [STEP, '1 LOW'])
    assert.deepEqual((await alerts.byId(found[0]!.id))!.escalated, [])
  })

  use('reads how many alerts stand in one question, as it reads one; what is gone is left out', async ({ alerts }) => {
    const over = await alerts.open(opening('over'))
    await alerts.update(over.id, { status: 'resolved', resolvedAt: 1500 })
    const taken = { acknowledgedAt: 1, acknowledgedBy: 'x', acknowledgeNote: 'mine', acknowledgeUntil: 2000 }
    await alerts.open(opening('taken', taken))
    const { id } = await alerts.open(opening('plain'))
    const ids = Array.from({ length: id }, (_, index) => index + 1)
    const each = await Promise.all(ids.map(alerts.attended))
    assert.equal(each[1]?.acknowledgedBy, 'x')
    const byId = (one: { readonly id: number }, other: { readonly id: number }) => one.id - other.id
    assert.deepEqual((await alerts.attendedAll([...ids, id + 1, id + 1])).sort(byId), each)
    assert.deepEqual(await alerts.attendedAll([]), [])
    // More than one question has.
    const many = Array.from({ length: 1301 }, (_, index) => id + 1300 - index)
    assert.deepEqual(await alerts.attendedAll(many), [each.at(-1)])
  })

  use('an attempt of what was deleted meanwhile is forgotten', async ({ channels, notifications }) => {
    await channels.save({ name: 'one', type: 'webhook', options: {}, enabled: true }, 1)
    const to = { alertId: null, channelId: 1, payload: someFacts(), createdAt: 1000, reason: 'test' } as const
    const [id] = await notifications.insert([to])
    const settlement = { attempt: failedAttempt, after: { status: 'failed' }, reference: null } as const
    await notifications.settle([
      { ...settlement, id: id! + 1 },
      { ...settlement, id: id! },
    ])
    assert.equal((await notifications.byId(id!))?.status, 'failed')
    assert.equal((await notifications.attemptsOf(id!)).length, 1)
    assert.equal((await notifications.attemptsOf(id! + 1)).length, 0)
  })

  use('finds what was tried in vain for long, and not its copies', async ({ alerts, channels, notifications }) => {
    await channels.save({ name: 'one', type: 'webhook', options: {}, enabled: true }, 1)
    const { id: alertId } = await alerts.open(opening('x'))
    const about = { alertId, payload: someFacts(), createdAt: 1000 } as const
    const [first, second, copy] = await notifications.insert([
      { ...about, channelId: 1, reason: 'first' },
      { ...about, channelId: 1, reason: 'resolved', createdAt: 1500 },
      { ...about, channelId: 1, reason: 'first', uid: 'abc.fallback' },
    ])
    const [one] = await notifications.claim({ channelId: 1, now: 1000, leaseMs: 10, limit: 1 })
    assert.equal(one!.id, first)
    assert.equal(await notifications.undeliveredSince(1), null)
    assert.deepEqual(await notifications.undelivered(1, 1000, 10), [])
    const after = { status: 'retry', at: 1000 } as const
    await notifications.settle([{ id: first!, attempt: failedAttempt, after, reference: null }])
    assert.equal(await notifications.undeliveredSince(1), 1000)
    assert.deepEqual(await notifications.undelivered(1, 999, 10), [])
    const ids = async () => (await notifications.undelivered(1, 1000, 10)).map(({ id }) => id)
    assert.deepEqual(await ids(), [first])
    assert.deepEqual(
      (await notifications.behind(one!)).map(({ id }) => id),
      [second, copy],
    )
    assert.equal(await notifications.sameOn(1, one!), first)
    assert.equal(await notifications.sameOn(2, one!), undefined)
    await notifications.fellBack(first!, 99)
    assert.deepEqual(await ids(), [])
    assert.equal((await notifications.byId(first!))!.fallbackId, 99)
    assert.equal((await notifications.byId(copy!))!.uid, 'abc.fallback')
    assert.equal(await notifications.firstToldAt(alertId), 1000)
    assert.equal(await notifications.firstToldAt(4711), null)
  })
}

overBothStorages('storage of attention', suite)
