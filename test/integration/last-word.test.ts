import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { DeliveryOutcome } from '#core/channel.ts'
import type { DigestItem } from '#core/message/message.ts'
import type { By } from '#core/who/by.ts'
import { channel, createWorld, MINUTE, monitor } from '../fixtures/world.ts'

const REFUSED: DeliveryOutcome = {
  ok: false,
  kind: 'transient',
  reason: 'server_error',
  cause: because('as_said', { words: 'HTTP 503' }),
}

const EVA: By = { actor: 'link:eva', name: 'eva', address: null }

describe('the last word', () => {
  let folder: string
  let world: Awaited<ReturnType<typeof createWorld>>

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-last-word-'))
    world = await createWorld(folder)
  })
  afterEach(async () => {
    await world.storage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const turn = async (ms: number) => {
    world.clock.advance(ms)
    await world.remind()
    await world.deliver()
  }

  it('of what ended because nothing new came says nothing of a recovery', async () => {
    const [rateLimit, names] = [{ count: 1, perMs: 10 * MINUTE }, ['a', 'b', 'c']]
    await world.configure({
      channels: [channel('one', { rateLimit })],
      monitors: names.map((name) => monitor(name)),
    })
    for (const name of names) await world.change(name, 'up', 'down')
    await turn(5000)
    const [, second, third] = await world.storage.alerts.firingAll()
    const resolveAt = world.clock.now() + MINUTE
    await world.storage.transaction(({ alerts }) => alerts.update(second!.id, { resolveAt }))
    await world.change(third!.subject, 'down', 'up')
    await turn(2 * MINUTE)
    await turn(10 * MINUTE)
    assert.deepEqual(
      (world.sent.at(-1)!.items as DigestItem[]).map(({ subject, state }) => `${subject} ${state}`).toSorted(),
      [`${second!.subject} ended`, `${third!.subject} up`],
    )
    const { resolvedBy } = (await world.storage.alerts.byId(second!.id))!
    assert.equal(resolvedBy, 'time')
  })

  describe('of a subject that fell again while its recovery could not be delivered', () => {
    const fallTwice = async () => {
      let refusals = 3
      world.answer = ({ reason }) => (reason === 'resolved' && refusals-- > 0 ? REFUSED : { ok: true })
      await world.change('link', 'up', 'down')
      await turn(5000)
      await world.change('link', 'down', 'up')
      await turn(200)
      await world.change('link', 'up', 'down')
      for (let count = 0; count < 10; count++) await turn(1000)
    }

    it('is the newer outage: people hear it at once, and the old recovery with it', async () => {
      await world.configure({ channels: [channel('one')], monitors: [monitor('link')] })
      await fallTwice()
      assert.deepEqual(world.told(), ['one:link:first', 'one:link:first'])
      const [newest, old] = await world.storage.notifications.list({ limit: 2 })
      assert.deepEqual([old?.reason, old?.status, old?.digestId], ['resolved', 'digested', newest?.id])
    })

    it('is the newer outage for machines too, which get each message in its order', async () => {
      await world.configure({ channels: [channel('one', { type: 'robot' })], monitors: [monitor('link')] })
      await fallTwice()
      assert.deepEqual(world.told(), ['one:link:first', 'one:link:resolved', 'one:link:first'])
    })

    it('keeps nobody else waiting', async () => {
      await world.configure({
        channels: [channel('one', { type: 'robot' })],
        monitors: [monitor('link'), monitor('b')],
      })
      world.answer = ({ reason, payload }) =>
        reason === 'resolved' && payload.subject === 'link' ? REFUSED : { ok: true }
      await world.change('link', 'up', 'down')
      await turn(1000)
      await world.change('link', 'down', 'up')
      await turn(1000)
      await world.change('link', 'up', 'down')
      await world.change('b', 'up', 'down')
      await turn(1000)
      assert.deepEqual(world.told(), ['one:link:first', 'one:b:first'])
    })
  })

  it('does not follow by the fallback when newer was told there', async () => {
    const fallback = { to: 'sms', afterMs: 3 * MINUTE }
    await world.configure({
      channels: [channel('mail', { fallback }), channel('sms')],
      monitors: [monitor('link', { channels: ['mail'] })],
    })
    world.escalation = [{ afterMs: MINUTE, severity: 'LOW', channels: ['sms'] }]
    world.answer = ({ reason }, target) => (target === 'mail' && reason === 'resolved' ? REFUSED : { ok: true })
    await world.change('link', 'up', 'down')
    await turn(1000)
    await world.change('link', 'down', 'up')
    await turn(1000)
    world.answer = (_, target) => (target === 'mail' ? REFUSED : { ok: true })
    await world.change('link', 'up', 'down')
    for (let count = 0; count < 10; count++) await turn(30_000)
    const bySms = world.told().filter((one) => one.startsWith('sms'))
    assert.ok(!bySms.includes('sms:link:resolved'), bySms.join())
  })

  it('a message that passes the quiet hours tells what they hold of its subject', async () => {
    // 22:13 UTC.
    const quiet = { from: '22:00', to: '07:00', below: 'HIGH' } as const
    await world.configure({ channels: [channel('one', { quiet })], monitors: [monitor('link')] })
    await world.change('link', 'up', 'degraded')
    await turn(MINUTE)
    assert.deepEqual(world.told(), [])
    await world.change('link', 'degraded', 'down')
    await turn(MINUTE)
    assert.deepEqual(world.told(), ['one:link:repeat'])
  })

  it('is what is worse than somebody took care of', async () => {
    await world.configure({ channels: [channel('one')], monitors: [monitor('link')] })
    await world.change('link', 'up', 'degraded')
    await turn(MINUTE)
    const [alert] = await world.storage.alerts.list({ limit: 1 })
    await world.attention.acknowledge(EVA, alert!.id, { note: '', until: null })
    await world.change('link', 'degraded', 'down')
    await turn(MINUTE)
    await turn(120 * MINUTE)
    assert.deepEqual(world.told(), ['one:link:first', 'one:link:repeat'])
  })
})
