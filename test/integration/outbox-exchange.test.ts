import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createExchange, type Ended } from '#pipeline/tell/exchange.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { manualClock } from '../fixtures/manual-clock.ts'
import { someFacts } from '../fixtures/some-facts.ts'

const LEASE_MS = 60_000
const HOUR = 3_600_000
const START = 1_700_000_000_000

describe('the exchange with the outbox', () => {
  let folder: string
  let storage: Storage
  let clock: ReturnType<typeof manualClock>
  let channelId: number
  /** What the store does with the commits that it is asked for. */
  let commit: 'takes' | 'refuses' | 'takes, unheard'

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-exchange-'))
    storage = await openStorage({ dataDir: folder })
    clock = manualClock(START)
    commit = 'takes'
    channelId = await storage.channels.save(
      { name: 'one', type: 'webhook', options: {}, enabled: true, origin: 'vigia.yaml:1' },
      1,
    )
  })
  afterEach(async () => {
    await storage.close()
    rmSync(folder, { recursive: true })
  })

  const open = () =>
    createExchange<Ended>({
      storage: {
        transaction: async (work) => {
          if (commit === 'refuses') throw new Error('the database is locked')
          const made = await storage.transaction(work)
          if (commit !== 'takes') throw new Error('the connection was cut')
          return made
        },
      },
      clock,
      write: (work) => work(),
      leaseMs: LEASE_MS,
      afterwards: async () => {},
    })
  const add = async (count: number) =>
    storage.notifications.insert(
      Array.from({ length: count }, () => ({
        alertId: null,
        channelId,
        reason: 'first' as const,
        payload: someFacts({}),
        createdAt: clock.now(),
      })),
    )
  const want = (limit: number) => [{ channelId, limit }]
  const retryAt = (ended: Ended['notification'], at: number): Ended => ({
    id: ended.id,
    notification: ended,
    attempt: { at: clock.now(), durationMs: 5, ok: false, code: null, failure: 'timeout', error: 'x', response: null },
    after: { status: 'retry', at },
    reference: null,
  })
  const stored = async () => storage.notifications.list({ limit: 10 })

  for (const by of [-HOUR, HOUR])
    it(`moves a retry with a clock that is set by ${by} ms before it is written down`, async () => {
      await add(1)
      const outbox = open()
      const [one] = (await outbox.exchange(want(1))).taken
      outbox.note(retryAt(one!, clock.now() + 1000))
      commit = 'refuses'
      await assert.rejects(outbox.exchange([]))
      clock.set(by)
      clock.advance(300)
      commit = 'takes'
      await outbox.exchange([])
      assert.equal((await stored())[0]!.nextAttemptAt, START + by + 1000)
    })

  it('forgets nothing that the store refused', async () => {
    await add(2)
    const outbox = open()
    const [one, other] = (await outbox.exchange(want(2))).taken
    outbox.note(retryAt(one!, clock.now() + 1000))
    outbox.giveBack(other!.id)
    commit = 'refuses'
    await assert.rejects(outbox.exchange([]))
    assert.ok(outbox.isUnsure())
    commit = 'takes'
    const { settled } = await outbox.exchange([])
    assert.deepEqual(
      settled.map(({ id }) => id),
      [one!.id],
    )
    const left = await stored()
    assert.deepEqual(
      left.map(({ leaseUntil }) => leaseUntil),
      [null, null],
    )
    assert.deepEqual((await storage.notifications.attemptsOf(one!.id)).length, 1)
  })

  it('writes nothing down twice that the store took unheard, and gives back what it took for us', async () => {
    await add(2)
    const outbox = open()
    const [one] = (await outbox.exchange(want(1))).taken
    outbox.note(retryAt(one!, clock.now() + 1000))
    commit = 'takes, unheard'
    await assert.rejects(outbox.exchange(want(1)))
    commit = 'takes'
    await outbox.exchange([])
    assert.equal((await storage.notifications.attemptsOf(one!.id)).length, 1)
    assert.deepEqual(
      (await stored()).map(({ leaseUntil }) => leaseUntil),
      [null, null],
    )
  })

  it('says once that something is ours, though its lease ran out in our hands', async () => {
    await add(1)
    const outbox = open()
    assert.equal((await outbox.exchange(want(5))).taken.length, 1)
    clock.advance(2 * LEASE_MS)
    assert.deepEqual((await outbox.exchange(want(5))).taken, [])
  })
})
