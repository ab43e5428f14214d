import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { Notification } from '#core/message/notification.ts'
import type { Storage } from '#storage/index.ts'
import { StorageError } from '#storage/storage-error.ts'
import { channel, createWorld, MINUTE, monitor, START } from '../fixtures/world.ts'

describe('pipeline', () => {
  let folder: string
  let world: Awaited<ReturnType<typeof createWorld>>
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-pipeline-'))
    world = await createWorld(folder)
  })
  afterEach(async () => {
    await world.storage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('tells an outage once and its recovery once, with the true duration', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('a')] })
    await world.change('a', 'unknown', 'up')
    world.clock.advance(MINUTE)
    await world.change('a', 'up', 'down', START + 30_000)
    await world.deliver()
    world.clock.advance(10 * MINUTE)
    await world.change('a', 'down', 'up', world.clock.now() - 5000)
    await world.deliver()
    assert.deepEqual(world.told(), ['one:a:first', 'one:a:resolved'])
    const recovery = world.sent[1]!.notification.payload
    assert.equal(recovery.durationMs, 11 * MINUTE - 5000 - 30_000)
    assert.equal(recovery.since, START + 30_000)
    assert.equal(recovery.cause, 'connection refused')
    assert.equal((await world.storage.alerts.list({ status: 'firing', limit: 9 })).length, 0)
  })

  it('losing and regaining sight of an outage tells nothing new', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('a')] })
    await world.change('a', 'up', 'down')
    await world.change('a', 'down', 'unknown')
    await world.change('a', 'unknown', 'down')
    await world.deliver()
    assert.deepEqual(world.told(), ['one:a:first'])
    await world.change('a', 'down', 'up')
    await world.deliver()
    assert.deepEqual(world.told(), ['one:a:first', 'one:a:resolved'])
  })

  it('a store that does not answer before anything is sent is no failed attempt of the channel', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('a')] })
    await world.change('a', 'up', 'down')
    let refused = 0
    world.reading = async () => {
      if (++refused <= 2) throw new StorageError('unreachable', 'the database does not answer')
    }
    await world.deliver()
    assert.deepEqual(world.told(), ['one:a:first'])
    const [{ id, attempts }] = (await world.storage.notifications.list({ limit: 1 })) as [Notification]
    const tried = (await world.storage.notifications.attemptsOf(id)).map(({ ok, error }) => [ok, error])
    assert.deepEqual([refused, attempts, tried], [3, 1, [[true, null]]])
  })

  it('a claim that a database carries out after all that was asked later holds no message back', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('a')] })
    await world.change('a', 'up', 'down')
    const store = world.storage as { -readonly [Key in keyof Storage]: Storage[Key] }
    const { transaction } = store
    let exchanges = 0
    const isExchange = (answer: unknown) => typeof answer === 'object' && answer !== null && 'taken' in answer
    store.transaction = async (work) => {
      const answer = await transaction(async (repositories) => {
        const result = await work(repositories)
        if (isExchange(result) && ++exchanges === 1)
          throw new StorageError('unreachable', 'the database does not answer')
        return result
      })
      // The rows were locked by the first one, which is done now: this one found none.
      return isExchange(answer) && exchanges === 2 ? { ...answer, taken: [] } : answer
    }
    await world.deliver()
    assert.deepEqual(world.told(), ['one:a:first'])
    const [{ attempts }] = (await world.storage.notifications.list({ limit: 1 })) as [Notification]
    assert.equal(attempts, 1)
  })

  it('tells when degraded becomes down, in the same alert', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('a')] })
    await world.change('a', 'up', 'degraded')
    await world.deliver()
    await world.change('a', 'degraded', 'down')
    await world.deliver()
    await world.change('a', 'down', 'up')
    await world.deliver()
    assert.deepEqual(world.told(), ['one:a:first', 'one:a:repeat', 'one:a:resolved'])
    assert.deepEqual(
      world.sent.map(({ notification }) => notification.payload.severity),
      ['MEDIUM', 'HIGH', 'HIGH'],
    )
  })

  it('reminds by the list of waits, numbered', async () => {
    await world.configure({
      channels: [channel('one')],
      monitors: [monitor('a', { reminderMs: [60 * MINUTE, 240 * MINUTE] })],
    })
    await world.change('a', 'up', 'down')
    await world.deliver()
    for (const minutes of [59, 1, 239, 1, 240]) {
      world.clock.advance(minutes * MINUTE)
      await world.remind()
      await world.deliver()
    }
    assert.deepEqual(
      world.sent.map(({ at, notification }) => [
        (at - START) / MINUTE,
        notification.reason,
        notification.payload.reminderNumber,
      ]),
      [
        [0, 'first', undefined],
        [60, 'reminder', 1],
        [300, 'reminder', 2],
        [540, 'reminder', 3],
      ],
    )
  })

  it('a message that fails is tried again and never lost; the recovery waits behind it', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('a')] })
    world.answer = () => ({
      ok: false,
      kind: 'transient',
      reason: 'timeout',
      cause: because('as_said', { words: 'no answer' }),
    })
    await world.change('a', 'up', 'down')
    await world.deliver()
    await world.change('a', 'down', 'up')
    await world.deliver()
    assert.deepEqual(world.told(), [])
    world.answer = () => ({ ok: true })
    world.clock.advance(2 * MINUTE)
    await world.deliver()
    assert.deepEqual(world.told(), ['one:a:first', 'one:a:resolved'])
    const [, first] = await world.storage.notifications.list({ limit: 5 })
    assert.deepEqual(
      (await world.storage.notifications.attemptsOf(first!.id)).map(({ ok }) => ok),
      [false, true],
    )
  })

  it('a message that is refused for good is visible, and its recovery does not go out alone', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('a')] })
    world.answer = () => ({
      ok: false,
      kind: 'permanent',
      reason: 'authentication_failed',
      cause: because('as_said', { words: 'wrong password' }),
    })
    await world.change('a', 'up', 'down')
    await world.deliver()
    world.answer = () => ({ ok: true })
    await world.change('a', 'down', 'up')
    await world.deliver()
    assert.deepEqual(world.told(), [])
    assert.deepEqual(await world.storage.notifications.counts(), { failed: 1 })
  })

  it('a channel limited to one an hour tells the first at once and the rest in one digest, as things stand then', async () => {
    const limited = channel('one', { rateLimit: { count: 1, perMs: 60 * MINUTE } })
    await world.configure({
      channels: [limited],
      monitors: ['a', 'b', 'c'].map((name) => monitor(name, { reminderMs: [] })),
    })
    await world.change('a', 'up', 'down')
    await world.deliver()
    world.clock.advance(5 * MINUTE)
    await world.change('b', 'up', 'down')
    await world.deliver()
    world.clock.advance(5 * MINUTE)
    await world.change('c', 'up', 'down')
    await world.change('b', 'down', 'up')
    await world.deliver()
    assert.deepEqual(world.told(), ['one:a:first'])
    world.clock.advance(50 * MINUTE)
    await world.deliver()
    assert.deepEqual(world.told().length, 2)
    const items = world.sent[1]!.items as { subject: string; state: string; held: number }[]
    assert.deepEqual(
      items.map(({ subject, state, held }) => [subject, state, held]),
      [
        ['b', 'up', 2],
        ['c', 'down', 1],
      ],
    )
    assert.deepEqual(await world.storage.notifications.counts(), { delivered: 2, digested: 3 })
  })

  it('an urgent message passes the limit', async () => {
    const limited = channel('one', { rateLimit: { count: 1, perMs: 60 * MINUTE }, urgent: 'CRITICAL' })
    await world.configure({
      channels: [limited],
      monitors: [monitor('a'), monitor('b'), monitor('c', { severity: 'CRITICAL' })],
    })
    for (const name of ['a', 'b', 'c']) await world.change(name, 'up', 'down')
    await world.deliver()
    assert.deepEqual(world.told().toSorted(), ['one:a:first', 'one:c:first'])
  })

  it('a monitor that is taken out closes its alert without a word', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('a'), monitor('b')] })
    await world.change('a', 'up', 'down')
    await world.deliver()
    await world.configure({ channels: [channel('one')], monitors: [monitor('b')] })
    await world.deliver()
    assert.deepEqual(world.told(), ['one:a:first'])
    assert.deepEqual(
      (await world.storage.alerts.list({ limit: 5 })).map(({ status, resolvedBy }) => [status, resolvedBy]),
      [['resolved', 'removed']],
    )
  })

  it('another target begins anew', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('a')] })
    await world.change('a', 'up', 'down')
    await world.configure({ channels: [channel('one')], monitors: [monitor('a', { options: { host: 'elsewhere' } })] })
    assert.deepEqual(await world.storage.states.all(), [])
    assert.equal((await world.storage.alerts.list({ status: 'firing', limit: 5 })).length, 0)
  })
})
