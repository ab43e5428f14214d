import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import { reopen } from '#pipeline/decide/reopen.ts'
import { channel, createWorld, MINUTE, monitor, START } from '../fixtures/world.ts'

const CHILDREN = ['cpe-1', 'cpe-2', 'cpe-3']

describe('noise', () => {
  let folder: string
  let world: Awaited<ReturnType<typeof createWorld>>

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-noise-'))
    world = await createWorld(folder)
  })
  afterEach(async () => {
    await world.storage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const pop = (changes = {}) =>
    world.configure({
      channels: [channel('one')],
      monitors: [
        monitor('pop', { reminderMs: [] }),
        ...CHILDREN.map((name) =>
          monitor(name, { parents: [['pop']], reminderMs: [], labels: { subscribers: '10' }, ...changes }),
        ),
      ],
    })
  const facts = (index: number) => world.sent[index]!.notification.payload

  describe('parents', () => {
    it('tells the parent, not the children, and says how many are cut off', async () => {
      await pop()
      await world.change('pop', 'up', 'down')
      for (const name of CHILDREN) await world.change(name, 'up', 'down')
      await world.deliver()
      assert.deepEqual(world.told(), ['one:pop:first'])
      assert.deepEqual(facts(0).affected, {
        count: 3,
        silent: 0,
        answering: 0,
        subscribers: 30,
        names: CHILDREN,
        down: [],
      })
      world.clock.advance(10 * MINUTE)
      for (const name of [...CHILDREN, 'pop']) await world.change(name, 'down', 'up')
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), ['one:pop:first', 'one:pop:resolved'])
    })

    it('waits for a look at the parent when a child falls first', async () => {
      await pop()
      await world.change('cpe-1', 'up', 'down')
      await world.deliver()
      assert.deepEqual(world.told(), [])
      world.clock.advance(8000)
      await world.change('pop', 'up', 'down')
      world.clock.advance(MINUTE)
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), ['one:pop:first'])
    })

    it('tells a child whose parent was seen well, at once, and one whose parent nobody could look at, in time', async () => {
      await pop()
      world.well('pop')
      await world.change('cpe-1', 'up', 'down')
      await world.deliver()
      assert.deepEqual(world.told(), ['one:cpe-1:first'])
      world.clock.advance(1000)
      await world.change('cpe-2', 'up', 'down')
      await world.deliver()
      assert.equal(world.sent.length, 1)
      world.clock.advance(MINUTE)
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), ['one:cpe-1:first', 'one:cpe-2:first'])
    })

    it('tells together what is still down five minutes after the parent came back', async () => {
      await pop()
      await world.change('pop', 'up', 'down')
      for (const name of CHILDREN) await world.change(name, 'up', 'down')
      world.clock.advance(10 * MINUTE)
      await world.change('pop', 'down', 'up')
      world.clock.advance(MINUTE)
      await world.change('cpe-1', 'down', 'up')
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), ['one:pop:first', 'one:pop:resolved'])
      world.clock.advance(5 * MINUTE)
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told().slice(2), ['one:digest:digest'])
      const items = world.sent[2]!.items as { subject: string; state: string }[]
      assert.deepEqual(
        items.map(({ subject, state }) => `${subject} ${state}`),
        ['cpe-2 down', 'cpe-3 down'],
      )
    })

    it('counts a child as back once it has answered, though it is not up yet', async () => {
      await pop()
      await world.change('pop', 'up', 'down')
      for (const name of CHILDREN) await world.change(name, 'up', 'down')
      world.clock.advance(10 * MINUTE)
      const since = world.clock.now()
      world.clock.advance(2000)
      world.well('cpe-1', 'cpe-2')
      await world.change('pop', 'down', 'up', since)
      await world.deliver()
      assert.deepEqual((facts(1).affected as { down: readonly string[] }).down, ['cpe-3'])
    })

    it('announces the recovery of a child that had been told', async () => {
      await pop()
      world.well('pop')
      await world.change('cpe-1', 'up', 'down')
      world.clock.advance(MINUTE)
      await world.change('pop', 'up', 'down')
      await world.change('cpe-1', 'down', 'up')
      await world.deliver()
      assert.deepEqual(world.told().toSorted(), ['one:cpe-1:first', 'one:cpe-1:resolved', 'one:pop:first'])
    })

    it('tells a failure on another site while a parent is down', async () => {
      await pop()
      await world.configure({
        channels: [channel('one')],
        monitors: [
          monitor('pop'),
          monitor('other'),
          monitor('cpe-1', { parents: [['pop']] }),
          monitor('far', { parents: [['other']] }),
        ],
      })
      await world.change('pop', 'up', 'down')
      world.well('other')
      await world.change('far', 'up', 'down')
      await world.deliver()
      assert.deepEqual(world.told().toSorted(), ['one:far:first', 'one:pop:first'])
    })
  })

  describe('flapping', () => {
    it('is told once when it begins and once when it ends', async () => {
      await world.configure({ channels: [channel('one')], monitors: [monitor('link', { reminderMs: [] })] })
      for (let round = 0; round < 40; round++) {
        await world.change('link', 'up', 'down')
        world.clock.advance(45_000)
        await world.remind()
        await world.change('link', 'down', 'up')
        world.clock.advance(45_000)
        await world.remind()
      }
      await world.deliver()
      assert.deepEqual(world.told().toSorted(), ['one:link:first', 'one:link:first', 'one:link:resolved'])
      const states = world.sent.map(({ notification }) => notification.payload.state)
      assert.ok(states.includes('flapping'))
      assert.equal((await world.storage.alerts.flappingMonitors()).length, 1)
      world.clock.advance(20 * MINUTE)
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told().slice(3), ['one:link:resolved'])
      assert.equal(facts(3).previousState, 'flapping')
      assert.deepEqual(await world.storage.alerts.flappingMonitors(), [])
    })

    it('what stays down is told all the same', async () => {
      await world.configure({ channels: [channel('one')], monitors: [monitor('link', { reminderMs: [] })] })
      for (let round = 0; round < 5; round++) {
        await world.change('link', 'up', 'down')
        world.clock.advance(30_000)
        if (round < 4) await world.change('link', 'down', 'up')
        world.clock.advance(30_000)
      }
      world.clock.advance(5 * MINUTE)
      await world.remind()
      await world.deliver()
      const { state, since, cause } = facts(world.sent.length - 1)
      assert.deepEqual([state, since, cause], ['down', START + 4 * MINUTE, 'connection refused'])
      assert.equal(world.told().at(-1), 'one:link:repeat')
      await world.change('link', 'down', 'up')
      await world.deliver()
      const { since: from, durationMs } = facts(world.sent.length - 1)
      assert.deepEqual([from, durationMs], [START + 4 * MINUTE, world.clock.now() - START - 4 * MINUTE])
    })

    it('says since when it is down, not since when it was degraded', async () => {
      await world.configure({ channels: [channel('one')], monitors: [monitor('link', { reminderMs: [] })] })
      await world.change('link', 'up', 'degraded')
      world.clock.advance(20 * MINUTE)
      await world.change('link', 'degraded', 'down')
      world.clock.advance(MINUTE)
      await world.change('link', 'down', 'up')
      await world.deliver()
      assert.deepEqual(
        world.sent.map(({ notification }, index) => [notification.reason, facts(index).since, facts(index).durationMs]),
        [
          ['first', START, undefined],
          ['repeat', START + 20 * MINUTE, undefined],
          ['resolved', START + 20 * MINUTE, MINUTE],
        ],
      )
    })
  })

  describe('maintenance', () => {
    const window = (from: number, until: number) => ({
      name: 'work',
      matchers: [{ name: 'site', operator: '=' as const, value: 'pop-7' }],
      when: { startsAt: START + from, endsAt: START + until },
      origin: 'vigia.yaml:1',
    })
    const configure = (maintenance: Parameters<typeof world.configure>[0]['maintenance']) =>
      world.configure({
        channels: [channel('one')],
        monitors: [monitor('router', { labels: { site: 'pop-7' }, reminderMs: [] }), monitor('other')],
        ...(maintenance && { maintenance }),
      })

    it('opens no alert in the window, and tells what is still down at its end, dated from its beginning', async () => {
      await configure([window(0, 30 * MINUTE)])
      world.clock.advance(5 * MINUTE)
      await world.change('router', 'up', 'down')
      await world.remind()
      assert.equal((await world.storage.alerts.list({ limit: 10 })).length, 0)
      world.clock.advance(24 * MINUTE)
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), [])
      world.clock.advance(2 * MINUTE)
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), ['one:router:first'])
      assert.equal(facts(0).since, START + 5 * MINUTE)
    })

    it('says nothing of what watches something else just as the window ends', async () => {
      await configure([window(0, 30 * MINUTE)])
      await world.change('router', 'up', 'down')
      world.clock.advance(31 * MINUTE)
      const { id } = (await world.storage.monitors.list()).find(({ name }) => name === 'router')!
      const isTold = await reopen(world.looking, async (write) => {
        await world.storage.states.forget(id)
        return write()
      })
      assert.deepEqual([isTold, await world.storage.alerts.list({ limit: 10 })], [false, []])
    })

    it('says nothing of what was well again before the end, and everything of others', async () => {
      await configure([window(0, 30 * MINUTE)])
      await world.change('router', 'up', 'down')
      await world.change('other', 'up', 'down')
      world.clock.advance(10 * MINUTE)
      await world.change('router', 'down', 'up')
      world.clock.advance(30 * MINUTE)
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), ['one:other:first'])
    })

    it('two windows that overlap end with the later one', async () => {
      await configure([window(0, 30 * MINUTE), { ...window(20 * MINUTE, 60 * MINUTE), name: 'more work' }])
      world.clock.advance(25 * MINUTE)
      await world.change('router', 'up', 'down')
      world.clock.advance(20 * MINUTE)
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), [])
      world.clock.advance(20 * MINUTE)
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), ['one:router:first'])
    })

    it('a window that is taken out of the file ends', async () => {
      await configure([window(0, 30 * MINUTE)])
      await world.change('router', 'up', 'down')
      await configure([])
      await world.remind()
      await world.deliver()
      assert.deepEqual(world.told(), ['one:router:first'])
    })
  })

  describe('storms', () => {
    it('more than ten openings are one message, which tells the state when it is sent', async () => {
      const names = Array.from({ length: 30 }, (_, index) => `host-${index}`)
      await world.configure({
        channels: [channel('one')],
        monitors: names.map((name) => monitor(name, { reminderMs: [] })),
      })
      for (const name of names) await world.change(name, 'up', 'down')
      await world.change('host-3', 'down', 'up')
      await world.deliver()
      assert.deepEqual(world.told(), ['one:digest:digest'])
      assert.equal(facts(0).why, 'storm')
      const items = world.sent[0]!.items as { subject: string; state: string }[]
      assert.equal(items.filter(({ state }) => state === 'down').length, 29)
      assert.deepEqual(await world.storage.notifications.counts(), { delivered: 1, digested: 31 })
    })

    it('what a dead channel kept waiting becomes one truth', async () => {
      const names = ['a', 'b', 'c']
      await world.configure({
        channels: [channel('one')],
        monitors: names.map((name) => monitor(name, { reminderMs: [] })),
      })
      world.answer = () => ({
        ok: false,
        kind: 'transient',
        reason: 'connection_refused',
        cause: because('as_said', { words: 'no' }),
      })
      for (const name of names) await world.change(name, 'up', 'down')
      for (let minute = 0; minute < 40; minute++) {
        await world.deliver()
        world.clock.advance(MINUTE)
      }
      for (const name of ['a', 'b']) await world.change(name, 'down', 'up')
      world.answer = () => ({ ok: true })
      for (let minute = 0; minute < 3; minute++) {
        await world.deliver()
        world.clock.advance(MINUTE)
      }
      assert.deepEqual(world.told(), ['one:digest:digest'])
      const items = world.sent[0]!.items as { subject: string; state: string }[]
      assert.deepEqual(
        items.map(({ subject, state }) => `${subject} ${state}`),
        ['a up', 'b up', 'c down'],
      )
      assert.equal(world.sent[0]!.notification.createdAt, START)
    })
  })
})
