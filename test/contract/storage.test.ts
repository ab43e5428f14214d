import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { because } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { ChannelSpec } from '#core/message/channel-spec.ts'
import type { MonitorSpec } from '#core/monitor/monitor.ts'
import { RULE_DEFAULTS, type RuleSpec } from '#core/rule/rule-spec.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { StorageError } from '#storage/storage-error.ts'
import type { NewUser } from '#storage/users.ts'
import { freshDatabases } from '../fixtures/both-engines.ts'
import { mayBecomeNobody, NOBODY } from '../fixtures/machine.ts'
import { someFacts } from '../fixtures/some-facts.ts'

const monitor = (name: string, changes: Partial<MonitorSpec> = {}): MonitorSpec => ({
  name,
  type: 'tcp',
  options: { host: '192.0.2.1', port: 22 },
  intervalMs: 60_000,
  timeoutMs: 3000,
  failures: { count: 3, of: 3 },
  successes: { count: 3, of: 3 },
  retryIntervalMs: 5000,
  recoveryIntervalMs: 15_000,
  resetFailures: 'never',
  severity: 'HIGH',
  degradedSeverity: 'MEDIUM',
  labels: { site: 'POP-3' },
  channels: ['noc'],
  reminderMs: [3_600_000],
  notifyRecovery: true,
  paused: false,
  ...changes,
})

const channel = (name: string, changes: Partial<ChannelSpec> = {}): ChannelSpec => ({
  name,
  type: 'webhook',
  options: { url: 'http://127.0.0.1:1/' },
  enabled: true,
  ...changes,
})

const event = (changes: Partial<NewEvent> = {}): NewEvent => ({
  type: 'custom',
  source: 'api',
  severity: 'LOW',
  subject: 'host-1',
  at: 1000,
  receivedAt: 1001,
  monitorId: null,
  data: { nested: { a: [1, 'ñ', null] } },
  ...changes,
})

const opening = (fingerprint: string) => ({
  fingerprint,
  ruleId: null,
  monitorId: null,
  subject: 'host-1',
  severity: 'HIGH' as const,
  since: 900,
  openedAt: 1000,
  updatedAt: 1000,
  lastEventId: null,
  resolveAt: null,
  data: { cause: 'refused' },
})

const rule = (name: string, changes: Partial<RuleSpec> = {}): RuleSpec => ({
  ...RULE_DEFAULTS,
  name,
  type: 'custom',
  conditions: { 'ñ.b': { in: ['x', null, 1.5] } },
  ...changes,
})

const attempt = { at: 5000, durationMs: 12.6, ok: true, code: 200, failure: null, error: null, response: 'ok' }

/** Runs the suite on a store that `open` makes anew for each test. */
const suite = (open: () => Promise<Storage | { readonly skip: string }>) => {
  let storage: Storage

  const use = (title: string, test: () => Promise<void>) =>
    it(title, async (context) => {
      const opened = await open()
      if ('skip' in opened) return context.skip(opened.skip)
      storage = opened
      try {
        await test()
      } finally {
        await storage.close()
      }
    })

  const notification = (channelId: number, alertId: number | null, createdAt = 1000) => ({
    alertId,
    channelId,
    reason: 'first' as const,
    payload: someFacts(),
    createdAt,
  })
  const claim = (channelId: number, now: number, limit = 10) =>
    storage.notifications.claim({ channelId, now, leaseMs: 30_000, limit })

  use('keeps monitors by name; a removed name comes back with its id', async () => {
    const { monitors } = storage
    const id = await monitors.save(monitor('a'), 1)
    const other = await monitors.save(monitor('b'), 1)
    assert.equal(await monitors.save(monitor('a', { intervalMs: 5000 }), 2), id)
    assert.deepEqual(
      (await monitors.list()).map(({ name, intervalMs }) => [name, intervalMs]),
      [
        ['a', 5000],
        ['b', 60_000],
      ],
    )
    await monitors.remove(id, 3)
    assert.deepEqual(
      (await monitors.list()).map(({ name }) => name),
      ['b'],
    )
    assert.equal(await monitors.save(monitor('a'), 4), id)
    assert.equal(await monitors.save(monitor('c'), 5, 'b'), other)
    assert.deepEqual((await monitors.byId(other))?.name, 'c')
  })

  use('a pause by hand survives that the file is read again', async () => {
    const { monitors } = storage
    const id = await monitors.save(monitor('a', { origin: 'vigia.yaml:3' }), 1)
    await monitors.pause(id, true, 2)
    await monitors.save(monitor('a', { origin: 'vigia.yaml:4' }), 3)
    assert.deepEqual([(await monitors.byId(id))?.paused, (await monitors.byId(id))?.pausedAt], [true, 2])
    // Another reason for the same pause: it has lasted since it began.
    await monitors.pause(id, true, 3, { by: 'ana', reason: 'works', until: null })
    assert.equal((await monitors.byId(id))?.pausedAt, 2)
    assert.equal((await monitors.byId(id))?.origin, 'vigia.yaml:4')
    await monitors.pause(id, false, 4)
    assert.deepEqual([(await monitors.byId(id))?.paused, (await monitors.byId(id))?.pausedAt], [false, undefined])
  })

  use('stores nothing of the options of a channel that a file owns', async () => {
    const { channels } = storage
    await channels.save(channel('own'), 1)
    await channels.save(channel('of-file', { origin: 'vigia.yaml:2', options: { url: 'http://secret' } }), 1)
    const [own, ofFile] = await channels.list()
    assert.deepEqual(own?.options, { url: 'http://127.0.0.1:1/' })
    assert.deepEqual(ofFile?.options, {})
  })

  use('keeps the state and the last call of a monitor apart', async () => {
    const id = await storage.monitors.save(monitor('a'), 1)
    const change = {
      monitorId: id,
      from: 'up',
      to: 'down',
      at: 9,
      since: 5,
      previousSince: 1,
      code: 'refused',
      cause: because('connection_refused', { target: '192.0.2.1:22' }),
      sentence: 'no',
      facts: {},
    } as const
    await storage.states.saveSignal(id, { at: 4, ok: true })
    await storage.states.saveAll([change])
    await storage.states.saveAll([{ ...change, from: 'down', to: 'unknown', since: 5 }])
    assert.deepEqual(await storage.states.all(), [
      {
        monitorId: id,
        state: 'unknown',
        beneath: 'down',
        since: 5,
        code: 'refused',
        cause: change.cause,
        sentence: 'no',
        lastSignal: { at: 4, ok: true },
      },
    ])
    await storage.transitions.insertAll([change])
    assert.deepEqual(await storage.transitions.ofMonitor(id, 5), [{ ...change, id: 1 }])
    const cause = because('by_last_known_address', { cause: change.cause, host: 'db.example' })
    const later = [
      { ...change, at: 10, cause },
      { ...change, at: 11, cause: undefined, sentence: 'of an older version' },
    ]
    await storage.transitions.insertAll(later)
    assert.deepEqual(
      (await storage.transitions.ofMonitor(id, 2)).map(({ id: _, ...one }) => one),
      later.toReversed(),
    )
    await storage.states.forget(id)
    assert.deepEqual(await storage.states.all(), [])
  })

  use('returns events as they came, newest first', async () => {
    const first = await storage.events.insert(event())
    const second = await storage.events.insert(event({ type: 'fail2ban_ban', at: 1_700_000_000_123 }))
    assert.deepEqual(await storage.events.byId(first.id), first)
    assert.deepEqual(
      (await storage.events.list({ limit: 10 })).map(({ id }) => id),
      [second.id, first.id],
    )
    assert.deepEqual(await storage.events.list({ limit: 10, before: first.id }), [])
    assert.deepEqual(
      (await storage.events.list({ limit: 10, type: 'fail2ban_ban' })).map(({ at }) => at),
      [1_700_000_000_123],
    )
  })

  use('cuts a page of events, alerts or notifications by its bytes, and leaves nothing out', async () => {
    const large = { text: 'x'.repeat(600_000) }
    for (let count = 0; count < 9; count++) {
      await storage.events.insert(event({ data: large }))
      const { id } = await storage.alerts.open({ ...opening(`large ${count}`), data: large })
      const channelId = await storage.channels.save(channel('large'), 1)
      const told = {
        alertId: id,
        channelId,
        reason: 'first' as const,
        payload: someFacts({ cause: large.text }),
        createdAt: 1,
      }
      await storage.notifications.insert([told])
    }
    for (const list of ['events', 'alerts', 'notifications'] as const) {
      const all = (await storage[list].list({ limit: 1 }))[0]!.id
      const sizes: number[] = []
      const seen: number[] = []
      for (let before: number | undefined = all + 1; before !== undefined; ) {
        const page: { items: readonly { id: number }[]; cut: boolean } = await storage[list].page({ limit: 9, before })
        sizes.push(page.items.length)
        seen.push(...page.items.map(({ id }) => id))
        before = page.cut ? page.items.at(-1)!.id : undefined
      }
      assert.deepEqual(sizes.slice(0, 3), [3, 3, 3], list)
      assert.deepEqual(
        seen.slice(0, 9),
        Array.from({ length: 9 }, (_, index) => all - index),
      )
    }
    assert.deepEqual(await storage.events.page({ limit: 10, type: 'none' }), { items: [], cut: false })
  })

  use('has at most one open alert per fingerprint', async () => {
    const { alerts } = storage
    const alert = await alerts.open(opening('monitor:1'))
    await assert.rejects(alerts.open(opening('monitor:1')))
    assert.equal((await alerts.firing('monitor:1'))?.id, alert.id)
    await alerts.update(alert.id, { nextDueAt: 500 })
    assert.deepEqual((await alerts.due(499, 10)).length, 0)
    assert.deepEqual(
      (await alerts.due(500, 10)).map(({ id }) => id),
      [alert.id],
    )
    const resolved = await alerts.update(alert.id, {
      status: 'resolved',
      resolvedAt: 7,
      resolvedBy: 'recovery',
      data: { b: 1 },
    })
    assert.deepEqual([resolved.status, resolved.resolvedAt, resolved.data], ['resolved', 7, { b: 1 }])
    assert.equal(await alerts.firing('monitor:1'), undefined)
    assert.deepEqual(await alerts.due(500, 10), [])
    const again = await alerts.open(opening('monitor:1'))
    assert.ok(again.id > alert.id)
    assert.deepEqual(
      (await alerts.list({ status: 'firing', limit: 5 })).map(({ id }) => id),
      [again.id],
    )
  })

  use('adds up deliveries, the same before and after the old ones are settled', async () => {
    const { notifications, deliveryTotals, deliveryLog, channels, alerts, rules } = storage
    const [a, b] = [await channels.save(channel('a'), 1), await channels.save(channel('b'), 1)]
    const rule = { ...RULE_DEFAULTS, name: 'scans', type: 'custom' }
    const ruleId = await rules.insert(rule, 'system', 1)
    const { id: alertId } = await alerts.open({ ...opening('f'), ruleId })
    const payload = someFacts()
    const made = (channelId: number, reason: 'first' | 'test') => ({
      ...notification(channelId, reason === 'test' ? null : alertId),
      reason,
      payload,
    })
    const [one, two, test, bad] = await notifications.insert([
      made(a, 'first'),
      made(b, 'first'),
      made(a, 'test'),
      made(b, 'test'),
    ])
    const failure = { ...attempt, ok: false, code: null, failure: 'timeout' as const, error: 'late', response: null }
    const delivered = { after: { status: 'delivered' as const }, reference: null }
    await notifications.settle([
      { ...delivered, id: one!, attempt },
      { id: two!, attempt: { ...failure, at: 4000 }, after: { status: 'retry', at: 6000 }, reference: null },
      { ...delivered, id: test!, attempt: { ...attempt, at: 7000 } },
      { id: bad!, attempt: failure, after: { status: 'failed' }, reference: null },
    ])
    const totals = [
      { channelId: a, ruleId: null, attempts: 1, successes: 1, failures: 0, lastSuccessAt: null, tested: true },
      { channelId: a, ruleId, attempts: 1, successes: 1, failures: 0, lastSuccessAt: 5013, tested: false },
      { channelId: b, ruleId: null, attempts: 0, successes: 0, failures: 1, lastSuccessAt: null, tested: false },
      { channelId: b, ruleId, attempts: 1, successes: 0, failures: 1, lastSuccessAt: null, tested: false },
    ]
    const sorted = async () =>
      (await deliveryTotals.list()).toSorted((x, y) => x.channelId - y.channelId || (x.ruleId ?? 0) - (y.ruleId ?? 0))
    assert.deepEqual(await sorted(), totals)
    // The first of them is younger than ten minutes, then none is; a second time changes nothing.
    for (const now of [604_500, 700_000, 700_000]) {
      await storage.transaction((all) => all.deliveryTotals.settle(now))
      assert.deepEqual(await sorted(), totals)
    }
    await notifications.settle([{ ...delivered, id: two!, attempt: { ...attempt, at: 8000 } }])
    assert.deepEqual((await sorted())[3], { ...totals[3], attempts: 2, successes: 1, lastSuccessAt: 8013 })

    const rows = await deliveryLog.list({ since: 0, limit: 10 })
    assert.deepEqual(
      rows.map(({ at, channelName, ruleName, ok, error }) => [at, channelName, ruleName, ok, error]),
      [
        [8000, 'b', 'scans', true, null],
        [5000, 'a', 'scans', true, null],
        [4000, 'b', 'scans', false, 'late'],
      ],
    )
    const ats = async (filter: object) =>
      (await deliveryLog.list({ since: 0, limit: 10, ...filter })).map(({ at }) => at)
    assert.deepEqual(await ats({ ok: false }), [4000])
    assert.deepEqual(await ats({ severity: 'HIGH', limit: 1 }), [8000])
    assert.deepEqual(await ats({ severity: 'LOW' }), [])
    assert.deepEqual(await ats({ since: 5000 }), [8000, 5000])
    assert.deepEqual(
      (await deliveryLog.counts(0)).toSorted((x, y) => x.count - y.count),
      [
        { severity: 'HIGH', ok: false, count: 1 },
        { severity: 'HIGH', ok: true, count: 2 },
      ],
    )
    assert.deepEqual(await deliveryLog.topRules(0, 5), [{ name: 'scans', count: 3 }])
    // One of them arrived with its second attempt.
    assert.deepEqual(await deliveryLog.messages(0), { delivered: 2, tried: 2 })
    assert.deepEqual(await deliveryLog.messages(9000), { delivered: 0, tried: 0 })
  })

  use('hands out notifications in order per alert and channel, each once', async () => {
    const { notifications } = storage
    const a = await storage.channels.save(channel('a'), 1)
    const b = await storage.channels.save(channel('b'), 1)
    const [first, second, other, elsewhere] = await notifications.insert([
      notification(a, 1),
      notification(a, 1),
      notification(a, 2),
      notification(b, 1),
    ])
    assert.deepEqual((await notifications.dueChannels(1000)).toSorted(), [a, b])
    assert.deepEqual(await notifications.dueChannels(999), [])
    assert.deepEqual(
      (await claim(a, 1000)).map(({ id }) => id),
      [first, other],
    )
    assert.deepEqual(await claim(a, 1000), [])
    assert.deepEqual(
      (await claim(b, 1000)).map(({ id }) => id),
      [elsewhere],
    )
    await notifications.settle([{ id: first!, attempt, after: { status: 'delivered' }, reference: 'ref-1' }])
    const [next] = await claim(a, 1001)
    assert.equal(next?.id, second)
    assert.equal(next?.attempts, 1)
    assert.deepEqual(await notifications.references(1, a), ['ref-1'])
    assert.deepEqual(await notifications.channelsHearing(1), [a, b])
  })

  use('a message that some of its recipients have holds up nothing but what they wait for', async () => {
    const { notifications } = storage
    const a = await storage.channels.save(channel('a'), 1)
    const [first, second, third] = await notifications.insert([
      notification(a, 1),
      notification(a, 1),
      notification(a, 1),
    ])
    const served = { accepted: ['x@isp.example'], refused: [{ recipient: 'y@isp.example', answer: '550 no' }] }
    const partly = { ...attempt, ok: false, failure: 'recipient_refused' as const, error: 'not yet' }
    const wait = (id: number, at: number) =>
      notifications.settle([{ id, attempt: partly, after: { status: 'retry', at }, reference: null, served }])
    await claim(a, 1000)
    assert.equal(await notifications.anyPartly(), false)
    await wait(first!, 5000)
    assert.equal(await notifications.anyPartly(), true)
    const [next] = await claim(a, 1001)
    assert.equal(next?.id, second)
    assert.deepEqual([next?.served, await notifications.partlyServed(next!)], [null, [served]])
    // It may not be held back: some have it.
    assert.deepEqual(
      (await notifications.waiting(a, 2000)).map(({ id }) => id),
      [third],
    )
    await wait(second!, 3000)
    // Behind the first one for whom both wait, but not in the way of the third.
    const claimed = await claim(a, 3000)
    assert.deepEqual(
      claimed.map(({ id }) => id),
      [third],
    )
    assert.deepEqual(
      (await claim(a, 5000)).map((one) => [one.id, one.served]),
      [[first, served]],
    )
    const end = { status: 'delivered' } as const
    await notifications.settle([{ id: first!, attempt: partly, after: end, reference: null, served }])
    assert.deepEqual(
      [await notifications.replay(third!, 6000), await notifications.replay(first!, 6000)],
      [false, true],
    )
    const again = await notifications.byId(first!)
    assert.deepEqual([again?.status, again?.served], ['pending', { ...served, refused: [] }])
  })

  use(
    'keeps the order of what is about the same, over all its alerts and through digests, and blocks nothing else',
    async () => {
      const { notifications } = storage
      const a = await storage.channels.save(channel('a'), 1)
      const about = (subject: number, alertId: number) => ({ ...notification(a, alertId), about: subject })
      const [old, fresh, other] = await notifications.insert([about(7, 1), about(7, 2), about(8, 3)])
      const claimed = async (now: number) => (await claim(a, now)).map(({ id }) => id)
      assert.deepEqual(await claimed(1000), [old, other])
      const later = { status: 'retry', at: 5000 } as const
      await notifications.settle([{ id: old!, attempt: { ...attempt, ok: false }, after: later, reference: null }])
      await notifications.settle([{ id: other!, attempt, after: { status: 'delivered' }, reference: null }])
      assert.deepEqual(await claimed(2000), [])
      assert.deepEqual(
        (await notifications.behind((await notifications.byId(old!))!)).map(({ id }) => id),
        [fresh],
      )
      // A digest leaves after what came before about anything that it tells; what comes after it waits for it.
      const [digest, next, free] = await notifications.insert([
        { ...notification(a, null), reason: 'digest' },
        about(7, 4),
        about(9, 5),
      ])
      await notifications.toldBy([fresh!], digest!)
      assert.deepEqual(await claimed(2000), [free])
      assert.deepEqual(await claimed(6000), [old])
      await notifications.settle([{ id: old!, attempt, after: { status: 'delivered' }, reference: null }])
      assert.deepEqual(await claimed(6000), [digest])
      assert.deepEqual(await claimed(6000), [])
      await notifications.settle([{ id: digest!, attempt, after: { status: 'delivered' }, reference: null }])
      assert.deepEqual(await claimed(6000), [next])
    },
  )

  use('a lease that ends frees its notification, with the attempt counted', async () => {
    const a = await storage.channels.save(channel('a'), 1)
    await storage.notifications.insert([notification(a, 1)])
    await claim(a, 1000)
    assert.deepEqual(await claim(a, 30_999), [])
    const [again] = await claim(a, 31_000)
    assert.deepEqual([again?.attempts, again?.firstAttemptAt], [2, 1000])
  })

  use('retries, fails, replays and remembers each attempt', async () => {
    const { notifications } = storage
    const a = await storage.channels.save(channel('a'), 1)
    const [id] = await notifications.insert([notification(a, 1)])
    await claim(a, 1000)
    const failure = { ...attempt, ok: false, failure: 'timeout' as const, error: 'no answer' }
    await notifications.settle([{ id: id!, attempt: failure, after: { status: 'retry', at: 2000 }, reference: null }])
    assert.equal(await notifications.nextDueAt(1999), 2000)
    assert.equal(await notifications.oldestPending(), 1000)
    assert.deepEqual(await claim(a, 1999), [])
    await claim(a, 2000)
    await notifications.settle([{ id: id!, attempt: failure, after: { status: 'failed' }, reference: null }])
    assert.deepEqual(await notifications.counts(), { failed: 1 })
    assert.equal(await notifications.nextDueAt(0), null)
    assert.equal(await notifications.oldestPending(), null)
    assert.deepEqual(await notifications.channelsHearing(1), [])
    assert.equal((await notifications.attemptsOf(id!)).length, 2)
    assert.equal((await notifications.attemptsOf(id!))[0]?.durationMs, 13)
    assert.equal(await notifications.replay(id!, 3000), true)
    assert.equal(await notifications.replay(id!, 3000), false)
    assert.equal((await claim(a, 3000))[0]?.attempts, 1)
  })

  use('holds back for a digest, and what is held keeps its place', async () => {
    const { notifications } = storage
    const a = await storage.channels.save(channel('a'), 1)
    const [held, later] = await notifications.insert([notification(a, 1), notification(a, 1)])
    await notifications.hold([held!], 'limit')
    assert.deepEqual(await claim(a, 1000), [])
    assert.deepEqual(
      (await notifications.waiting(a, 1000)).map(({ id }) => id),
      [held, later],
    )
    const [digest] = await notifications.insert([{ ...notification(a, null), reason: 'digest' }])
    await notifications.toldBy([held!, later!], digest!)
    const { uid } = (await notifications.byId(digest!))!
    await notifications.renew(digest!)
    assert.deepEqual(
      (await claim(a, 1000)).map(({ id, uid: now }) => [id, now === uid]),
      [[digest, false]],
    )
    assert.deepEqual(
      (await notifications.membersOf(digest!)).map(({ status }) => status),
      ['digested', 'digested'],
    )
    await notifications.settle([{ id: digest!, attempt, after: { status: 'delivered' }, reference: null }])
    assert.deepEqual(await notifications.sentAt(a, 5000, 9000), [5013])
  })

  use('undoes a transaction that throws and no other', async () => {
    const failing = storage.transaction(async ({ events }) => {
      await events.insert(event({ subject: 'lost' }))
      throw new Error('on purpose')
    })
    const kept = storage.transaction(({ events }) => events.insert(event({ subject: 'kept' })))
    await assert.rejects(failing, /on purpose/)
    await kept
    assert.deepEqual(
      (await storage.events.list({ limit: 5 })).map(({ subject }) => subject),
      ['kept'],
    )
  })

  use('transactions that wait for one another all come through', async () => {
    const change = (...names: readonly string[]) =>
      storage.transaction(async ({ settings }) => {
        for (const name of names) {
          await settings.set(`tangled ${name}`, names)
          await pause(50)
        }
      })
    await change('a', 'b')
    await Promise.all([change('a', 'b'), change('b', 'a')])
    assert.equal((await storage.settings.get<string[]>('tangled a'))?.length, 2)
  })

  use('keeps settings and gaps', async () => {
    await storage.settings.set('a', { b: 1 })
    await storage.settings.set('a', { b: 2 })
    assert.deepEqual(await storage.settings.get('a'), { b: 2 })
    assert.equal(await storage.settings.get('none'), undefined)
    await storage.gaps.insert({ from: 10, to: 20, reason: 'stopped' })
    assert.deepEqual(await storage.gaps.between(15, 30), [{ from: 10, to: 20, reason: 'stopped' }])
    assert.deepEqual(await storage.gaps.between(20, 30), [])
    const [short, long] = [
      { from: 30, to: 31, reason: 'not_listening' },
      { from: 40, to: 90, reason: 'not_running' },
    ]
    await storage.gaps.insert(long)
    await storage.gaps.insert(short)
    assert.deepEqual(await storage.gaps.between(25, 100), [long])
    assert.deepEqual(await storage.gaps.absences(0), [short, long])
    assert.deepEqual(await storage.gaps.absences(31), [long])
  })

  const user = (name: string, changes: Partial<NewUser> = {}): NewUser => ({
    name,
    password: '$argon2id$x',
    role: 'administrator',
    language: null,
    createdAt: 1,
    ...changes,
  })
  const session = (userId: number, changes = {}) => ({
    userId,
    createdAt: 10,
    lastUsedAt: 10,
    expiresAt: 100,
    address: '192.0.2.1',
    userAgent: 'a browser',
    ...changes,
  })

  use('knows a user by any spelling of the name, once', async () => {
    const { users } = storage
    assert.equal(await users.count(), 0)
    const id = (await users.insert(user('Ana')))!
    assert.equal(await users.insert(user('ANA')), undefined)
    assert.equal((await users.byName('ana'))?.name, 'Ana')
    assert.equal(await users.byName('an'), undefined)
    await users.change(id, { role: 'viewer', enabled: false })
    await users.change(id, {})
    const expected = {
      id,
      name: 'Ana',
      password: '$argon2id$x',
      role: 'viewer',
      totpSecret: null,
      totpLastStep: null,
      recoveryCodes: [],
      knownPlaces: [],
      language: null,
      enabled: false,
      createdAt: 1,
    }
    assert.deepEqual(await users.byId(id), expected)
    assert.deepEqual(await users.list(), [expected])
  })

  use('takes each second factor once, whoever asks at the same moment', async () => {
    const { users } = storage
    const id = (await users.insert(user('ana')))!
    await users.setTotp(id, { secret: 'sealed', step: 5, recoveryCodes: ['a', 'b'] })
    assert.equal(await users.useTotpStep(id, 5), false)
    const steps = await Promise.all([users.useTotpStep(id, 6), users.useTotpStep(id, 6)])
    assert.deepEqual(steps.toSorted(), [false, true])
    const codes = await Promise.all([1, 2].map(() => users.useRecoveryCode(id, ['a', 'b'], ['b'])))
    assert.deepEqual(codes.toSorted(), [false, true])
    assert.deepEqual((await users.byId(id))?.recoveryCodes, ['b'])
    await users.rememberPlaces(id, ['p', 'q'])
    assert.deepEqual((await users.byId(id))?.knownPlaces, ['p', 'q'])
    await users.setTotp(id, null)
    assert.deepEqual((await users.byId(id))?.totpSecret, null)
  })

  use('two administrators cannot demote one another at the same moment', async () => {
    const ids = [(await storage.users.insert(user('ana')))!, (await storage.users.insert(user('eva')))!]
    await storage.users.insert(user('off'))
    await storage.users.change(3, { enabled: false })
    const demote = (id: number) =>
      storage.transaction(async ({ users }) => {
        if (await users.isLastAdministrator(id)) return false
        await users.change(id, { role: 'viewer' })
        return true
      })
    assert.deepEqual((await Promise.all(ids.map(demote))).toSorted(), [false, true])
  })

  use('opens a session until it ends, its owner is disabled or goes', async () => {
    const { users, sessions } = storage
    const ana = (await users.insert(user('ana', { role: 'operator', language: 'es' })))!
    const eva = (await users.insert(user('eva')))!
    const id = await sessions.insert(session(ana), 'h1')
    assert.deepEqual(await sessions.open('h1', 99), {
      id,
      userId: ana,
      name: 'ana',
      role: 'operator',
      language: 'es',
      lastUsedAt: 10,
      expiresAt: 100,
    })
    assert.equal(await sessions.open('h1', 100), undefined)
    await sessions.touch(id, 50, 150)
    assert.equal((await sessions.open('h1', 100))?.lastUsedAt, 50)
    await users.change(ana, { enabled: false })
    assert.equal(await sessions.open('h1', 100), undefined)
    const other = await sessions.insert(session(eva), 'h2')
    const third = await sessions.insert(session(eva, { lastUsedAt: 20 }), 'h3')
    assert.deepEqual(
      (await sessions.ofUser(eva, 50)).map((one) => one.id),
      [third, other],
    )
    assert.equal(await sessions.remove(id, eva), false)
    await sessions.removeOfUser(eva, third)
    await sessions.removeExpired(100)
    assert.deepEqual(await sessions.ofUser(eva, 0), [])
    assert.equal((await sessions.ofUser(ana, 0)).length, 1)
    await users.remove(ana)
    assert.deepEqual(await sessions.ofUser(ana, 0), [])
  })

  use('keeps tokens, valid until they end or are revoked', async () => {
    const { tokens } = storage
    const token = { name: 'ci', prefix: 'vg_abc', role: 'operator' as const, createdBy: 'cli', createdAt: 1 }
    const id = await tokens.insert({ ...token, expiresAt: 100 }, 'h1')
    const other = await tokens.insert({ ...token, expiresAt: null }, 'h2')
    assert.equal((await tokens.valid('h1', 99))?.id, id)
    assert.equal(await tokens.valid('h1', 100), undefined)
    assert.equal(await tokens.valid('none', 1), undefined)
    await tokens.touch(other, 70)
    assert.equal((await tokens.valid('h2', 1e12))?.lastUsedAt, 70)
    assert.equal(await tokens.revoke(other, 80), true)
    assert.equal(await tokens.revoke(other, 90), false)
    assert.equal(await tokens.valid('h2', 85), undefined)
    assert.deepEqual(await tokens.byId(other), { ...token, id: other, lastUsedAt: 70, expiresAt: null, revokedAt: 80 })
    assert.equal((await tokens.list()).length, 2)
  })

  use('keeps the audit log, newest first, in pages', async () => {
    const { audit } = storage
    const entry = { at: 5, actor: 'user:ana', action: 'create', object: 'user', objectId: 7, details: { a: ['ñ'] } }
    for (const at of [1, 2, 3]) await audit.insert({ ...entry, at, address: null })
    const [newest, second] = await audit.list({ limit: 2 })
    assert.deepEqual([newest?.at, second?.at], [3, 2])
    assert.deepEqual(await audit.list({ limit: 5, before: second!.id }), [
      { ...entry, at: 1, address: null, id: second!.id - 1 },
    ])
    await audit.removeBefore(3)
    assert.equal((await audit.list({ limit: 5 })).length, 1)
  })

  use('keeps rules by id, counts what passed them, and gives a removed name back with its id', async () => {
    const { rules } = storage
    const id = await rules.insert(rule('a', { rate: { atLeast: 3, withinMs: 60_000, distinct: 'ip' } }), 'ana', 1)
    const other = await rules.insert(rule('b', { enabled: false }), 'ana', 1)
    await rules.triggered(id, 3, 50)
    await rules.triggered(id, 2, 60)
    const { triggers, lastTriggeredAt, createdBy, rate, conditions } = (await rules.byId(id))!
    assert.deepEqual([triggers, lastTriggeredAt, createdBy], [5, 60, 'ana'])
    assert.deepEqual([rate, conditions], [{ atLeast: 3, withinMs: 60_000, distinct: 'ip' }, rule('a').conditions])
    await rules.update(id, rule('c', { templates: { text: '{{ ip }}' } }), 'eva', 70)
    const changed = (await rules.byName('c'))!
    assert.deepEqual([changed.id, changed.triggers, changed.createdAt, changed.updatedBy], [id, 5, 1, 'eva'])
    await rules.remove(id, 'eva', 80)
    assert.equal(await rules.byId(id), undefined)
    assert.equal(await rules.byName('c'), undefined)
    assert.deepEqual(
      (await rules.list()).map(({ name, enabled }) => [name, enabled]),
      [['b', false]],
    )
    await rules.update(other, rule('c'), 'eva', 90)
    assert.equal((await rules.byName('c'))?.id, other)
    const again = await rules.insert(rule('c (removed 1)'), 'eva', 100)
    assert.deepEqual([(await rules.byId(again))?.triggers, (await rules.byId(again))?.createdAt], [0, 100])
  })

  use('keeps every decision of an event in its order', async () => {
    const { decisions } = storage
    const decision = (eventId: number, outcome: 'first' | 'cooldown', at = 5) => ({
      eventId,
      ruleId: outcome === 'first' ? null : 7,
      alertId: 3,
      at,
      outcome,
      until: outcome === 'first' ? null : 8_640_000_000_000,
      detail: { notifications: [1, 2], ñ: null },
    })
    const all = [decision(1, 'first'), decision(2, 'first'), decision(1, 'cooldown', 9)]
    await decisions.insert(all)
    await decisions.insert(Array.from({ length: 1200 }, () => decision(3, 'first', 100)))
    assert.deepEqual(await decisions.ofEvent(1), [all[0], all[2]])
    assert.equal((await decisions.ofEvent(3)).length, 1200)
    assert.equal(await decisions.removeBefore(9), 2)
    assert.deepEqual(await decisions.ofEvent(1), [all[2]])
  })

  use('keeps silences and maintenance windows until they are over or ended', async () => {
    const range = {
      matchers: [{ name: 'site', operator: '=~' as const, value: 'POP-*' }],
      startsAt: 10,
      endsAt: 20,
      createdBy: 'ana',
      createdAt: 5,
    }
    for (const [book, own] of [
      [storage.silences, { comment: 'crew' }],
      [storage.maintenance, { name: 'tuesday', behind: false, note: '', told: [] }],
    ] as const) {
      const insert = (changes: object = {}) => book.insert({ ...range, ...own, ...changes } as never)
      const first = await insert()
      const second = await insert({ endsAt: 30 })
      assert.deepEqual(await book.current(20), [{ ...range, ...own, id: second, endsAt: 30 }])
      assert.equal((await book.current(5)).length, 2, 'what begins later is known before')
      assert.deepEqual(
        (await book.list(5)).map(({ id }) => id),
        [second, first],
      )
      assert.deepEqual(
        (await book.list(5, second)).map(({ id }) => id),
        [first],
      )
      assert.equal(await book.end(second, 25), true)
      assert.equal(await book.end(second, 26), false)
      assert.deepEqual(await book.current(25), [])
    }
  })

  use('answers an idempotency key once kept, and lets nobody keep it twice', async () => {
    const { idempotencyKeys } = storage
    assert.equal(await idempotencyKeys.answer('k'), undefined)
    await idempotencyKeys.keep('k', [1, 2], 10)
    assert.deepEqual(await idempotencyKeys.answer('k'), [1, 2])
    await assert.rejects(storage.transaction((inside) => inside.idempotencyKeys.keep('k', [3], 20)))
    assert.deepEqual(await idempotencyKeys.answer('k'), [1, 2])
    assert.equal(await idempotencyKeys.removeBefore(10), 0)
    assert.equal(await idempotencyKeys.removeBefore(11), 1)
    assert.equal(await idempotencyKeys.answer('k'), undefined)
  })

  use('keeps what people set of a schedule apart from how it went', async () => {
    const { schedules } = storage
    await schedules.save('job', { enabled: true, timing: { everyMs: 60_000 } })
    await schedules.started('job', 10)
    const failed = { ok: false, result: 'disk full', cause: undefined }
    await schedules.finished('job', 20, failed)
    const timing = { cron: '0 3 * * *', timeZone: 'America/Lima' }
    await schedules.save('job', { enabled: false, timing })
    assert.deepEqual(await schedules.list(), [
      { name: 'job', enabled: false, timing, startedAt: 10, finishedAt: 20, ...failed },
    ])
    const ended = { ok: true, result: 'events removed: 3', cause: because('events_removed', { count: 3 }) }
    await schedules.finished('job', 30, ended)
    const [after] = await schedules.list()
    assert.deepEqual([after!.result, after!.cause], [ended.result, ended.cause])
  })

  use('stores many events at once in their order, and reads them again in slices', async () => {
    const { events } = storage
    const sent = Array.from({ length: 250 }, (_, n) =>
      event({ type: n % 2 ? 'odd' : 'even', receivedAt: 1000 + n, data: { n } }),
    )
    const stored = await events.insertAll(sent)
    assert.deepEqual(
      stored,
      sent.map((one, n) => ({ ...one, id: stored[0]!.id + n })),
    )
    assert.deepEqual(await events.insertAll([]), [])
    assert.deepEqual(await events.byId(stored[7]!.id), stored[7])
    const read = async (types: readonly string[] | undefined, from: number, limit: number) => {
      const found: number[] = []
      for (let after = 0, more = true; more; ) {
        const slice = await events.scan({ types, from, after, limit })
        found.push(...slice.map(({ data }) => data.n as number))
        more = slice.length === limit
        after = slice.at(-1)?.id ?? 0
      }
      return found
    }
    const every = sent.map((_, n) => n)
    assert.deepEqual(await read(undefined, 0, 60), every)
    assert.deepEqual(
      await read(['odd'], 1100, 10),
      every.filter((n) => n % 2 && n >= 100),
    )
    assert.deepEqual(
      (await events.list({ limit: 2, type: 'even' })).map(({ data }) => data.n),
      [248, 246],
    )
  })

  use('knows when a subject or a rule was told of last, over every alert', async () => {
    const { alerts } = storage
    const tell = async (fingerprint: string, ruleId: number, at: number | null, status: 'firing' | 'resolved') => {
      const { id } = await alerts.open({ ...opening(fingerprint), ruleId })
      await alerts.update(id, { lastToldAt: at, status, toldSeverity: 'LOW' })
      return id
    }
    assert.equal(await alerts.lastTold({ fingerprint: 'a' }, 100), undefined)
    const first = await tell('a', 1, 50, 'resolved')
    await tell('a', 1, null, 'firing')
    await tell('b', 1, 70, 'firing')
    await tell('c', 2, 90, 'firing')
    assert.deepEqual(
      { ...(await alerts.lastTold({ fingerprint: 'a' }, 100)) },
      { id: first, at: 50, severity: 'LOW', status: 'resolved' },
    )
    assert.equal((await alerts.lastTold({ ruleId: 1 }, 100))?.at, 70)
    assert.equal((await alerts.lastTold({ ruleId: 1 }, 69))?.at, 50, 'what lies ahead was told by another clock')
    assert.equal(await alerts.lastTold({ ruleId: 3 }, 100), undefined)
  })

  use('finds the open alerts that end by now, and has the clock look again at what it would see later', async () => {
    const { alerts } = storage
    const open = async (fingerprint: string, resolveAt: number | null, nextDueAt: number | null) => {
      const { id } = await alerts.open({ ...opening(fingerprint), resolveAt })
      await alerts.update(id, { nextDueAt })
      return id
    }
    const soon = await open('soon', 100, 500)
    const sooner = await open('sooner', 90, null)
    const never = await open('never', null, 40)
    const ended = await open('ended', 50, 500)
    await alerts.update(ended, { status: 'resolved' })
    const ids = (found: readonly { id: number }[]) => found.map(({ id }) => id)
    assert.deepEqual(ids(await alerts.ending(99, 9)), [sooner])
    assert.deepEqual(ids(await alerts.ending(100, 9)), [sooner, soon])
    assert.deepEqual(ids(await alerts.ending(100, 1)), [sooner])
    assert.deepEqual(ids(await alerts.due(60, 9)), [never])
    await alerts.lookAgain(60)
    assert.deepEqual(ids(await alerts.due(60, 9)), [never, soon])
    assert.equal((await alerts.byId(sooner))?.nextDueAt, null)
  })

  use('removes old events with their decisions, but none that an open alert refers to', async () => {
    const { events, alerts, decisions, retention } = storage
    const stored = await events.insertAll(Array.from({ length: 10 }, (_, n) => event({ receivedAt: n * 10 })))
    const id = (n: number) => stored[n]!.id
    await decisions.insert(
      stored.map((one) => ({
        eventId: one.id,
        ruleId: null,
        alertId: null,
        at: 1,
        outcome: 'first' as const,
        until: null,
        detail: {},
      })),
    )
    await alerts.open({ ...opening('open'), lastEventId: id(1) })
    const closed = await alerts.open({ ...opening('closed'), lastEventId: id(2) })
    await alerts.update(closed.id, { status: 'resolved' })
    const left = async () => (await events.list({ limit: 20 })).map((one) => one.id - id(0)).reverse()
    assert.equal(await retention.events(40, 1000), 3)
    assert.deepEqual(await left(), [1, 4, 5, 6, 7, 8, 9])
    assert.deepEqual([(await decisions.ofEvent(id(0))).length, (await decisions.ofEvent(id(1))).length], [0, 1])
    assert.equal(await retention.events(0, 2), 4, 'at most so many')
    assert.deepEqual(await left(), [1, 8, 9])
    assert.equal(await retention.events(1000, 1000), 2, 'all of them are old')
    assert.equal(await retention.events(1000, 1000), 0)
    assert.deepEqual(await left(), [1])
  })

  use('removes alerts that ended long ago with their notifications, and nothing that still waits', async () => {
    const { alerts, notifications, retention } = storage
    const channelId = await storage.channels.save(channel('a'), 1)
    const old = await alerts.open({ ...opening('old'), updatedAt: 10 })
    const open = await alerts.open({ ...opening('open'), updatedAt: 10 })
    const young = await alerts.open({ ...opening('young'), updatedAt: 10 })
    await alerts.update(old.id, { status: 'resolved' })
    await alerts.update(young.id, { status: 'resolved', updatedAt: 100 })
    const [ofOld, ofOpen, test, waiting] = await notifications.insert([
      notification(channelId, old.id, 10),
      notification(channelId, open.id, 10),
      notification(channelId, null, 10),
      notification(channelId, null, 10),
    ])
    const delivered = { attempt, after: { status: 'delivered' as const }, reference: null }
    await notifications.settle([
      { id: ofOld!, ...delivered },
      { id: test!, ...delivered },
    ])
    assert.equal(await retention.alerts(50), 2)
    assert.deepEqual(
      [await alerts.byId(old.id), (await alerts.byId(open.id))?.id, (await alerts.byId(young.id))?.id],
      [undefined, open.id, young.id],
    )
    assert.deepEqual([await notifications.byId(ofOld!), await notifications.byId(test!)], [undefined, undefined])
    assert.deepEqual(
      [(await notifications.byId(ofOpen!))?.id, (await notifications.byId(waiting!))?.id],
      [ofOpen, waiting],
    )
    assert.deepEqual(await notifications.attemptsOf(ofOld!), [])
    assert.equal(await retention.alerts(50), 0)
  })

  use('removes old changes of state, and keeps the one of each monitor that held when the rest begins', async () => {
    const change = (monitorId: number, at: number) =>
      storage.transitions.insertAll([
        {
          monitorId,
          from: 'up',
          to: 'down',
          at,
          since: at,
          previousSince: 0,
          code: 'refused',
          cause: undefined,
          sentence: '',
          facts: {},
        },
      ])
    const first = await storage.monitors.save(monitor('a'), 1)
    const second = await storage.monitors.save(monitor('b'), 1)
    for (const at of [10, 20, 30]) await change(first, at)
    await change(second, 10)
    assert.equal(await storage.retention.transitions(25), 1)
    assert.deepEqual(
      (await storage.transitions.covering(first, 25, 40)).map(({ since }) => since),
      [20, 30],
    )
    assert.equal(await storage.retention.transitions(25), 0)
    const left = async (id: number) => (await storage.transitions.ofMonitor(id, 9)).map(({ at }) => at)
    assert.deepEqual([await left(first), await left(second)], [[30, 20], [10]])
  })

  use('keeps the last way of each kind to each monitor', async () => {
    const [a, b] = [await storage.monitors.save(monitor('a'), 1), await storage.monitors.save(monitor('b'), 1)]
    const way = { kind: 'well', at: 5, address: '192.0.2.1', hops: ['198.18.0.1', null], reached: true } as const
    const later = { ...way, monitorId: a, at: 6, hops: [] }
    const broken = { ...way, monitorId: a, kind: 'failing', reached: false } as const
    await storage.paths.save([{ ...way, monitorId: a }, { ...way, monitorId: b }, broken])
    await storage.paths.save([later])
    assert.deepEqual(await storage.paths.ofMonitor(a), { well: later, failing: broken })
    assert.deepEqual(await storage.paths.ofMonitor(4711), {})
    assert.deepEqual(await storage.paths.well([a, 4711]), [later])
    assert.deepEqual(await storage.paths.well(), [later, { ...way, monitorId: b }])
    assert.deepEqual([...(await storage.paths.wellTimes())].toSorted(), [
      [a, 6],
      [b, 5],
    ])
  })

  use('takes a channel out of a monitor and leaves the rest of it alone', async () => {
    const id = await storage.monitors.save(monitor('a', { channels: ['noc', 'sms'] }), 1)
    await storage.monitors.pause(id, true, 2)
    await storage.monitors.replaceChannel(id, 'noc', undefined, 3)
    await storage.monitors.replaceChannel(4711, 'noc', undefined, 3)
    assert.deepEqual(await storage.monitors.byId(id), {
      ...monitor('a', { channels: ['sms'], paused: true }),
      id,
      pausedAt: 2,
    })
  })

  use('serves many claimers at once without handing anything out twice', async () => {
    const a = await storage.channels.save(channel('a'), 1)
    await storage.notifications.insert(Array.from({ length: 300 }, (_, index) => notification(a, index + 1)))
    const taken = await Promise.all(Array.from({ length: 20 }, () => claim(a, 1000, 30)))
    const ids = taken.flat().map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    const rest = await claim(a, 1000, 300)
    assert.equal(ids.length + rest.length, 300)
  })
}

describe('storage on SQLite', () => {
  const folders: string[] = []
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'vigia-storage-'))
    folders.push(path)
    return path
  }
  after(() => {
    for (const path of folders) rmSync(path, { recursive: true, force: true })
  })

  suite(() => openStorage({ dataDir: folder() }))

  const refusal = (fault: string, text: RegExp) => (error: unknown) =>
    error instanceof StorageError && error.fault === fault && text.test(error.message)

  it('refuses a folder that another process uses, and names it', async () => {
    const dataDir = folder()
    const storage = await openStorage({ dataDir })
    await assert.rejects(openStorage({ dataDir }), refusal('in_use', new RegExp(`process ${process.pid}`)))
    await storage.close()
    await (await openStorage({ dataDir })).close()
  })

  it('takes over the lock of a process that is gone', async () => {
    const dataDir = folder()
    writeFileSync(join(dataDir, 'vigia.lock'), '999999999 1\n')
    await (await openStorage({ dataDir })).close()
  })

  it('refuses a damaged database with the way back, and leaves it as it is', async () => {
    const dataDir = folder()
    const path = join(dataDir, 'vigia.db')
    writeFileSync(path, 'not a database at all '.repeat(500))
    await assert.rejects(openStorage({ dataDir }), refusal('corrupted', /vigia restore/))
    const storage = await openStorage({ dataDir: folder() })
    await storage.close()
  })

  it('refuses a database of a newer version', async () => {
    const dataDir = folder()
    await (await openStorage({ dataDir })).close()
    const database = new DatabaseSync(join(dataDir, 'vigia.db'))
    database.exec("insert into migrations values ('9999-future', 1)")
    database.close()
    await assert.rejects(openStorage({ dataDir }), refusal('newer', /9999-future/))
  })

  it('refuses a folder that cannot be written', {
    skip: !mayBecomeNobody() && 'needs root to become another user',
  }, async () => {
    const dataDir = folder()
    // It becomes another user when it has read the program, which that user may not be able to.
    const script = `import { openStorage } from '#storage/index.ts'
      process.setegid(${NOBODY})
      process.seteuid(${NOBODY})
      await openStorage({ dataDir: process.argv[1] }).catch((error) => console.log(error.fault))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let output = ''
    for await (const chunk of child.stdout) output += chunk
    assert.match(output, /read_only|cannot_open/)
  })

  it('has every acknowledged row after SIGKILL', async () => {
    const dataDir = folder()
    const script = `import { openStorage } from '#storage/index.ts'
      const storage = await openStorage({ dataDir: process.argv[1] })
      const one = { type: 'custom', source: 'api', severity: 'LOW', subject: 'x', at: 1, receivedAt: 1, monitorId: null, data: {} }
      for (;;) {
        const events = await Promise.all(Array.from({ length: 5 }, () => storage.transaction((r) => r.events.insert(one))))
        process.stdout.write(events.map(({ id }) => id + '\\n').join(''))
      }`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let acknowledged = ''
    const ended = once(child, 'exit')
    for await (const chunk of child.stdout) {
      acknowledged += chunk
      if (acknowledged.length > 2000 && !child.killed) child.kill('SIGKILL')
    }
    await ended
    const ids = acknowledged.split('\n').slice(0, -1).map(Number)
    const storage = await openStorage({ dataDir })
    const stored = new Set((await storage.events.list({ limit: 1_000_000 })).map(({ id }) => id))
    await storage.close()
    assert.ok(ids.length > 100)
    assert.deepEqual(
      ids.filter((id) => !stored.has(id)),
      [],
    )
  })
})

describe('storage on PostgreSQL', () => {
  const database = freshDatabases()
  suite(async () => {
    const databaseUrl = await database()
    return typeof databaseUrl === 'string' ? openStorage({ dataDir: '', databaseUrl }) : databaseUrl
  })
})
