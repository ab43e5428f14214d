import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { DeliveryOutcome } from '#core/channel.ts'
import { fallBack } from '#pipeline/tell/fallback.ts'
import { gatherAll } from '#pipeline/tell/gather.ts'
import { channel, createWorld, MINUTE, monitor, START } from '../fixtures/world.ts'

const AWAY: DeliveryOutcome = {
  ok: false,
  kind: 'transient',
  reason: 'connection_refused',
  cause: because('as_said', { words: 'Nobody listens.' }),
}
const GONE: DeliveryOutcome = {
  ok: false,
  kind: 'permanent',
  reason: 'not_found',
  cause: because('as_said', { words: 'It is gone.' }),
}
const STEP = { afterMs: 15 * MINUTE, severity: 'HIGH', channels: ['sms'] } as const

describe('attention', () => {
  let folder: string
  let world: Awaited<ReturnType<typeof createWorld>>

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-attention-'))
    world = await createWorld(folder)
  })
  afterEach(async () => {
    await world.storage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The clock moves, looks, and what is due leaves. */
  const after = async (ms: number) => {
    world.clock.advance(ms)
    await world.remind()
    await world.deliver()
  }
  const acknowledge = (patch = {}) =>
    world.storage.transaction(({ alerts }) =>
      alerts.update(1, {
        acknowledgedAt: world.clock.now(),
        acknowledgedBy: 'Laura',
        acknowledgeUntil: null,
        ...patch,
      }),
    )

  describe('escalation', () => {
    const start = async (changes = {}) => {
      await world.configure({
        channels: [channel('one'), channel('sms'), channel('boss')],
        monitors: [monitor('pop', { reminderMs: [], ...changes })],
      })
      world.escalation = [STEP, { afterMs: 30 * MINUTE, severity: 'LOW', channels: ['boss'] }]
      await world.change('pop', 'up', 'down')
      await world.deliver()
    }

    it('tells the next ones when nobody acknowledges, once per step, and the recovery to all of them', async () => {
      await start()
      await after(15 * MINUTE - 1)
      assert.deepEqual(world.told(), ['one:pop:first'])
      await after(1)
      await after(10 * MINUTE)
      assert.deepEqual(world.told(), ['one:pop:first', 'sms:pop:escalated'])
      await after(5 * MINUTE)
      await after(60 * MINUTE)
      assert.deepEqual(world.told().slice(2), ['boss:pop:escalated'])
      await world.change('pop', 'down', 'up')
      await world.deliver()
      assert.deepEqual(world.told().slice(3).toSorted(), ['boss:pop:resolved', 'one:pop:resolved', 'sms:pop:resolved'])
    })

    it('leaves reminders as they are', async () => {
      await start({ reminderMs: [20 * MINUTE] })
      await after(15 * MINUTE)
      await after(5 * MINUTE)
      assert.deepEqual(world.told(), ['one:pop:first', 'sms:pop:escalated', 'one:pop:reminder'])
    })

    it('rests while somebody takes care, and goes on when that has run out', async () => {
      await start()
      await acknowledge({ acknowledgeUntil: START + 60 * MINUTE })
      await after(59 * MINUTE)
      assert.deepEqual(world.told(), ['one:pop:first'])
      await after(15 * MINUTE)
      assert.deepEqual(world.told(), ['one:pop:first'])
      await after(MINUTE)
      assert.deepEqual(world.told(), ['one:pop:first', 'sms:pop:escalated'])
    })

    it('is for its severity and above', async () => {
      await start({ severity: 'MEDIUM' })
      await after(60 * MINUTE)
      assert.deepEqual(world.told(), ['one:pop:first', 'boss:pop:escalated'])
    })

    it('waits for the end of a silence', async () => {
      await start()
      await world.storage.transaction(({ silences }) =>
        silences.insert({
          matchers: [{ name: 'monitor', operator: '=', value: 'pop' }],
          startsAt: START,
          endsAt: START + 40 * MINUTE,
          comment: '',
          createdBy: 'Laura',
          createdAt: START,
        }),
      )
      await world.reloadQuiets()
      await after(39 * MINUTE)
      assert.deepEqual(world.told(), ['one:pop:first'])
      await after(MINUTE)
      assert.deepEqual(world.told().slice(1), ['sms:pop:escalated', 'boss:pop:escalated'])
    })

    it('tells nothing of what a parent hinders', async () => {
      await world.configure({
        channels: [channel('one'), channel('sms')],
        monitors: [
          monitor('pop', { severity: 'LOW', reminderMs: [] }),
          monitor('cpe', { parents: [['pop']], reminderMs: [] }),
        ],
      })
      world.escalation = [STEP]
      world.well('pop')
      await world.change('cpe', 'up', 'down')
      await world.deliver()
      world.clock.advance(MINUTE)
      await world.change('pop', 'up', 'down')
      await world.deliver()
      await after(20 * MINUTE)
      assert.deepEqual(world.told(), ['one:cpe:first', 'one:pop:first'])
    })
  })

  describe('fallback', () => {
    const start = (changes = {}) =>
      world.configure({
        channels: [
          channel('one', { fallback: { to: 'sms', afterMs: 3 * MINUTE } }),
          channel('sms', { fallback: { to: 'one', afterMs: 3 * MINUTE } }),
        ],
        monitors: [monitor('pop', { reminderMs: [], ...changes })],
      })
    const uids = () => world.sent.map(({ channel: name, notification }) => [name, notification.uid])

    it('sends a copy by the other channel after its time, once, and says for which', async () => {
      await start()
      world.answer = (_, name) => (name === 'one' ? AWAY : { ok: true })
      await world.change('pop', 'up', 'down')
      await world.deliver()
      await after(3 * MINUTE - 1)
      assert.deepEqual(world.told(), [])
      await after(1)
      await after(MINUTE)
      assert.deepEqual(world.told(), ['sms:pop:first'])
      assert.deepEqual(world.sent[0]!.notification.payload.insteadOf, { channel: 'one', notification: 1 })
      const { uid, status, error, fallbackId } = (await world.storage.notifications.byId(1))!
      assert.deepEqual(uids(), [['sms', `${uid}.fallback`]])
      assert.deepEqual([status, error, fallbackId], ['cancelled', 'sent by fallback sms', 2])
      const log = await world.storage.deliveryLog.list({ since: 0, limit: 100 })
      assert.deepEqual(
        log.map(({ channelName, ok, sentBy }) => `${channelName} ${ok} ${sentBy}`),
        ['sms true null', ...log.slice(1).map(() => 'one false sms')],
      )
    })

    it('what was told by the fallback does not come by the first channel as well, nor does its end', async () => {
      await start()
      world.answer = (_, name) => (name === 'one' ? AWAY : { ok: true })
      await world.change('pop', 'up', 'down')
      await world.deliver()
      await after(3 * MINUTE)
      world.answer = () => ({ ok: true })
      await after(MINUTE)
      await world.change('pop', 'down', 'up')
      await world.deliver()
      await after(MINUTE)
      assert.deepEqual(world.told(), ['sms:pop:first', 'sms:pop:resolved'])
      assert.deepEqual(await world.storage.notifications.queued(), { pending: 0, held: 0 })
    })

    it('an end that was decided before the copy had left goes where its beginning went, and nowhere else', async () => {
      await start()
      world.answer = () => AWAY
      await world.change('pop', 'up', 'down')
      await world.deliver()
      await after(3 * MINUTE)
      await world.change('pop', 'down', 'up')
      await world.deliver()
      world.answer = (_, name) => (name === 'one' ? AWAY : { ok: true })
      await after(MINUTE)
      world.answer = () => ({ ok: true })
      await after(MINUTE)
      assert.deepEqual(world.told(), ['sms:pop:first', 'sms:pop:resolved'])
      assert.deepEqual(await world.storage.notifications.queued(), { pending: 0, held: 0 })
    })

    it('a channel that machines read gets each notification all the same', async () => {
      await world.configure({
        channels: [channel('one', { type: 'robot', fallback: { to: 'sms', afterMs: 3 * MINUTE } }), channel('sms')],
        monitors: [monitor('pop', { reminderMs: [] })],
      })
      world.answer = (_, name) => (name === 'one' ? AWAY : { ok: true })
      await world.change('pop', 'up', 'down')
      await world.deliver()
      await after(3 * MINUTE)
      world.answer = () => ({ ok: true })
      await after(MINUTE)
      assert.deepEqual(world.told(), ['sms:pop:first', 'one:pop:first'])
    })

    it('is not taken for told while the copy waits as well, and the copy ends when it is delivered after all', async () => {
      await start()
      world.answer = () => AWAY
      await world.change('pop', 'up', 'down')
      await world.deliver()
      await after(3 * MINUTE)
      world.answer = (_, name) => (name === 'sms' ? AWAY : { ok: true })
      await after(MINUTE)
      assert.deepEqual(world.told(), ['one:pop:first'])
      world.answer = () => ({ ok: true })
      await after(MINUTE)
      assert.deepEqual(world.told(), ['one:pop:first'])
      const { status, error } = (await world.storage.notifications.byId(2))!
      assert.deepEqual([status, error], ['cancelled', 'sent by one after all'])
    })

    it('sends a copy at once of what failed for good, and the recovery there too', async () => {
      await start()
      world.answer = (_, name) => (name === 'one' ? GONE : { ok: true })
      await world.change('pop', 'up', 'down')
      await world.deliver()
      assert.deepEqual(world.told(), ['sms:pop:first'])
      await world.change('pop', 'down', 'up')
      await world.deliver()
      assert.deepEqual(world.told(), ['sms:pop:first', 'sms:pop:resolved'])
    })

    it('brings along the recovery that waits behind', async () => {
      await start()
      world.answer = (_, name) => (name === 'one' ? AWAY : { ok: true })
      await world.change('pop', 'up', 'down')
      await world.deliver()
      world.clock.advance(MINUTE)
      await world.change('pop', 'down', 'up')
      await world.deliver()
      assert.deepEqual(world.told(), [])
      await after(2 * MINUTE)
      assert.deepEqual(world.told(), ['sms:pop:first', 'sms:pop:resolved'])
    })

    it('copies once what fails for good only after its copy was made', async () => {
      await start()
      world.answer = (_, name) => (name === 'one' ? AWAY : { ok: true })
      await world.change('pop', 'up', 'down')
      await world.deliver()
      const original = (await world.storage.notifications.byId(1))!
      await after(3 * MINUTE)
      const channels = await world.storage.channels.list()
      const again = { ...original, alertId: null }
      await world.storage.transaction((repositories) => fallBack(again, channels, world.clock.now(), repositories))
      assert.equal((await world.storage.notifications.list({ limit: 100 })).length, 2)
    })

    it('makes no circle', async () => {
      await start()
      world.answer = () => GONE
      await world.change('pop', 'up', 'down')
      await world.deliver()
      await after(10 * MINUTE)
      const all = await world.storage.notifications.list({ limit: 100 })
      assert.deepEqual(
        all.map(({ channelId, status }) => [channelId, status]),
        [
          [2, 'failed'],
          [1, 'failed'],
        ],
      )
    })

    it('sends no copy where the same was told anyway, nor of what merely waits for its turn', async () => {
      await start({ channels: ['one', 'sms'] })
      world.answer = (_, name) => (name === 'one' ? AWAY : { ok: true })
      await world.change('pop', 'up', 'down')
      await world.deliver()
      await after(4 * MINUTE)
      assert.deepEqual(world.told(), ['sms:pop:first'])
      // It is a channel in its own right, and no stand-in here: it gets its message when it can.
      world.answer = () => ({ ok: true })
      await after(MINUTE)
      assert.deepEqual(world.told(), ['sms:pop:first', 'one:pop:first'])
    })

    it('a storm that went by the fallback as one message comes no second time', async () => {
      const names = Array.from({ length: 12 }, (_, index) => `host-${index}`)
      await world.configure({
        channels: [channel('one', { fallback: { to: 'sms', afterMs: 3 * MINUTE } }), channel('sms')],
        monitors: names.map((name) => monitor(name, { reminderMs: [] })),
      })
      world.answer = (_, name) => (name === 'one' ? AWAY : { ok: true })
      for (const name of names) await world.change(name, 'up', 'down')
      await world.deliver()
      await after(3 * MINUTE)
      assert.deepEqual(world.told(), ['sms:digest:digest'])
      world.answer = () => ({ ok: true })
      await after(MINUTE)
      assert.deepEqual(world.told(), ['sms:digest:digest'])
      assert.deepEqual(await world.storage.notifications.queued(), { pending: 0, held: 0 })
    })

    describe('one message for many that has been tried', () => {
      const names = Array.from({ length: 12 }, (_, index) => `host-${index}`)
      const storm = async (fallback: boolean) => {
        await world.configure({
          channels: [channel('one', fallback ? { fallback: { to: 'sms', afterMs: 3 * MINUTE } } : {}), channel('sms')],
          monitors: [...names, 'more'].map((name) => monitor(name, { reminderMs: [] })),
        })
        for (const name of names) await world.change(name, 'up', 'down')
        await world.deliver()
      }
      const subjects = () =>
        world.sent.flatMap(({ notification, items }) =>
          ((items as { subject: string }[]) ?? [notification.payload]).map(({ subject }) => subject),
        )

      it('is another one to its receiver when more has joined it', async () => {
        const tried: string[] = []
        // It was taken, and the answer never came.
        world.answer = ({ uid }) => {
          tried.push(uid)
          return AWAY
        }
        await storm(false)
        await after(MINUTE)
        assert.equal(new Set(tried).size, 1, 'the same again is the same message')
        await world.change('more', 'up', 'down')
        world.answer = () => ({ ok: true })
        await after(MINUTE)
        assert.deepEqual(subjects().toSorted(), [...names, 'more'].toSorted())
        assert.ok(!tried.includes(world.sent[0]!.notification.uid))
      })

      it('takes in nothing that would end with it when its copy arrives', async () => {
        world.answer = () => AWAY
        await storm(true)
        const { storage, clock } = world
        const channels = await storage.channels.list()
        const firstDigest = async () =>
          (await storage.notifications.list({ limit: 100 })).findLast(({ reason }) => reason === 'digest')!
        const gatherNow = () =>
          gatherAll(clock.now(), { storage, channels: () => channels, forPeople: () => true, timeZone: () => 'UTC' })
        world.answer = async (_, name) => {
          if (name === 'one') return AWAY
          // The copy is written and under way when something more happens; the original waits for its next attempt.
          while ((await firstDigest()).leaseUntil !== null) await new Promise((later) => setTimeout(later, 5))
          await world.change('more', 'up', 'down')
          await gatherNow()
          return { ok: true }
        }
        await after(3 * MINUTE)
        world.answer = () => ({ ok: true })
        await after(MINUTE)
        const all = await storage.notifications.list({ limit: 100 })
        const more = all.find(({ payload }) => payload.subject === 'more')!
        const teller = more.digestId === null ? more : all.find(({ id }) => id === more.digestId)!
        assert.deepEqual([teller.status, teller.error], ['delivered', null])
      })
    })

    it('tells late messages together once, not what went by the other channel already', async () => {
      await start({ reminderMs: [2 * MINUTE] })
      world.answer = (_, name) => (name === 'one' ? AWAY : { ok: true })
      await world.change('pop', 'up', 'down')
      await world.deliver()
      for (let minute = 0; minute < 12; minute++) await after(MINUTE)
      const told = world.told()
      assert.equal(told.filter((line) => line === 'sms:pop:first').length, 1, told.join())
      assert.ok(told.filter((line) => line.startsWith('sms:digest')).length <= 2, told.join())
      const uidsSeen = world.sent.map(({ notification }) => notification.uid)
      assert.equal(new Set(uidsSeen).size, uidsSeen.length)
    })
  })
})
