import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Gatherer, gather, type SentBefore, type Waiting } from './gather.ts'

const NOW = 1_000_000_000
const NOTHING_SENT: SentBefore = { sentAt: [], openedAt: [], groupSentAt: new Map() }
const people: Gatherer = { people: true, quietUntil: null }

const one = (id: number, changes: Partial<Waiting> = {}): Waiting => ({
  id,
  alertId: id,
  about: id,
  reason: 'first',
  severity: 'HIGH',
  held: false,
  attempts: 0,
  createdAt: NOW - 10,
  group: '',
  alone: false,
  together: null,
  ...changes,
})
const many = (count: number, changes: Partial<Waiting> = {}) =>
  Array.from({ length: count }, (_, index) => one(index + 1, changes))
const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const idle = { hold: [], heldFor: new Map(), release: [], digests: [], absorb: [], nextAt: null }

describe('gather', () => {
  it('lets a few messages leave as they are', () => {
    assert.deepEqual(gather(many(3), null, people, NOTHING_SENT, NOW), idle)
  })

  it('lets what is about the server itself leave without its group, and by itself in a storm', () => {
    const group = { ...people, group: { waitMs: 20_000, intervalMs: 300_000 } }
    const sent = { ...NOTHING_SENT, groupSentAt: new Map([['', NOW - 1000]]) }
    assert.deepEqual(gather([one(1, { alone: true })], null, group, sent, NOW), idle)
    const { digests, hold } = gather([one(99, { alone: true }), ...many(30)], null, people, NOTHING_SENT, NOW)
    assert.deepEqual([digests, hold], [[{ why: 'storm', ids: ids(30) }], []])
    const quiet = { ...group, quietUntil: NOW + 1000 }
    assert.deepEqual(gather([one(1, { alone: true })], null, quiet, sent, NOW).hold, [1])
  })

  it('makes a storm one message, counting what left just before', () => {
    const { digests } = gather(many(300), null, people, NOTHING_SENT, NOW)
    assert.deepEqual(digests, [{ why: 'storm', ids: ids(300) }])
    const sent = { ...NOTHING_SENT, openedAt: Array.from({ length: 8 }, () => NOW - 20_000) }
    assert.equal(gather(many(3), null, people, sent, NOW).digests.length, 1)
    const machines = gather(many(300), null, { ...people, people: false }, NOTHING_SENT, NOW)
    assert.deepEqual(machines, idle)
  })

  it('has openings that come thick wait a moment for their company', () => {
    const { hold, nextAt } = gather(many(5), null, people, NOTHING_SENT, NOW)
    assert.deepEqual(hold, ids(5))
    assert.equal(nextAt, NOW - 10 + 2000)
    const after = gather(many(5, { held: true }), null, people, NOTHING_SENT, NOW + 2000)
    assert.deepEqual(after.release, ids(5))
    assert.deepEqual(after.digests, [])
  })

  it('gathers by group: waits, then tells all of a group at once, and no more often than its interval', () => {
    const channel: Gatherer = { ...people, group: { waitMs: 20_000, intervalMs: 300_000 } }
    const waiting = [one(1, { group: 'a' }), one(2, { group: 'a', createdAt: NOW }), one(3, { group: 'b' })]
    const first = gather(waiting, null, channel, NOTHING_SENT, NOW)
    assert.deepEqual(first.hold, [1, 2, 3])
    const held = waiting.map((notification) => ({ ...notification, held: true }))
    const then = gather(held, null, channel, NOTHING_SENT, NOW + 20_000)
    assert.deepEqual(then.digests, [{ why: 'group', ids: [1, 2] }])
    assert.deepEqual(then.release, [3])
    const sent = { ...NOTHING_SENT, groupSentAt: new Map([['a', NOW]]) }
    const next = gather([one(4, { group: 'a', createdAt: NOW + 30_000 })], null, channel, sent, NOW + 60_000)
    assert.deepEqual([next.hold, next.nextAt], [[4], NOW + 300_000])
  })

  it('lets urgent messages pass groups, quiet hours and limits', () => {
    const channel: Gatherer = {
      ...people,
      urgent: 'CRITICAL',
      group: { waitMs: 20_000, intervalMs: 300_000 },
      quietUntil: NOW + 3_600_000,
      rateLimit: { count: 1, perMs: 3_600_000 },
    }
    const sent = { ...NOTHING_SENT, sentAt: [NOW - 1] }
    const { hold } = gather([one(1), one(2, { severity: 'CRITICAL' })], null, channel, sent, NOW)
    assert.deepEqual(hold, [1])
  })

  it('holds what is less severe in quiet hours and tells it together at their end', () => {
    const channel: Gatherer = { ...people, quietUntil: NOW + 1000, quietBelow: 'HIGH' }
    const waiting = [one(1, { severity: 'LOW' }), one(2, { severity: 'MEDIUM' }), one(3)]
    const heldFor = new Map([1, 2].map((id) => [id, 'quiet'] as const))
    assert.deepEqual(gather(waiting, null, channel, NOTHING_SENT, NOW), {
      ...idle,
      hold: [1, 2],
      heldFor,
      nextAt: NOW + 1000,
    })
    const held = waiting.slice(0, 2).map((notification) => ({ ...notification, held: true, heldFor: 'quiet' as const }))
    const { digests } = gather(held, null, people, NOTHING_SENT, NOW + 3_600_000)
    assert.deepEqual(digests, [{ why: 'quiet', ids: [1, 2] }])
  })

  it('makes what waited for a dead channel one truth, and has what follows join it', () => {
    const late = many(3, { attempts: 4, createdAt: NOW - 400_000 })
    const { digests } = gather([...late, one(9)], null, people, NOTHING_SENT, NOW)
    assert.deepEqual(digests, [{ why: 'late', ids: [1, 2, 3, 9] }])
    const joined = gather([one(10)], { failing: true }, people, NOTHING_SENT, NOW)
    assert.deepEqual(joined, { ...idle, absorb: [10] })
    // A machine gets each of them.
    assert.deepEqual(gather(late, null, { ...people, people: false }, NOTHING_SENT, NOW), idle)
  })

  it('blames the limit only for what the limit held', () => {
    const channel: Gatherer = { ...people, rateLimit: { count: 60, perMs: 3_600_000 } }
    const flurry = gather(many(5), null, channel, NOTHING_SENT, NOW)
    assert.deepEqual([...flurry.heldFor.values()], Array(5).fill('storm'))
    const held = many(5, { held: true, heldFor: 'storm' })
    const { digests, release } = gather(held, null, channel, NOTHING_SENT, NOW + 2000)
    assert.deepEqual([digests, release], [[], ids(5)])
    // With room for two, the other three wait for the limit; then they are one message.
    const sent = { ...NOTHING_SENT, sentAt: Array.from({ length: 58 }, () => NOW) }
    const tight = gather(held, null, channel, sent, NOW + 2000)
    assert.deepEqual([tight.release, [...tight.heldFor]], [[1, 2], [3, 4, 5].map((id) => [id, 'limit'])])
    const rest = held.slice(2).map((one) => ({ ...one, heldFor: 'limit' as const }))
    assert.deepEqual(gather(rest, null, channel, NOTHING_SENT, NOW + 3_700_000).digests, [
      { why: 'limit', ids: [3, 4, 5] },
    ])
  })

  it('tells together what was held for the same reason', () => {
    const { digests, release } = gather(many(4, { together: 'parent 7' }), null, people, NOTHING_SENT, NOW)
    assert.deepEqual(digests, [{ why: 'together', ids: [1, 2, 3, 4] }])
    assert.deepEqual(release, [])
  })

  it('loses nothing and doubles nothing, whatever waits', () => {
    const waiting = fc.array(
      fc.record({
        severity: fc.constantFrom('LOW' as const, 'HIGH' as const, 'CRITICAL' as const),
        reason: fc.constantFrom('first' as const, 'resolved' as const, 'reminder' as const),
        held: fc.boolean(),
        attempts: fc.integer({ min: 0, max: 3 }),
        createdAt: fc.integer({ min: NOW - 1_000_000, max: NOW }),
        group: fc.constantFrom('a', 'b', 'c'),
        together: fc.constantFrom(null, null, 'x'),
      }),
      { maxLength: 40 },
    )
    const channels = fc.record({
      people: fc.boolean(),
      quietUntil: fc.constantFrom(null, NOW + 1000),
      quietBelow: fc.constant('HIGH' as const),
      urgent: fc.constant('CRITICAL' as const),
      rateLimit: fc.constantFrom(undefined, { count: 2, perMs: 60_000 }),
      group: fc.constantFrom(undefined, { waitMs: 20_000, intervalMs: 300_000 }),
    })
    fc.assert(
      fc.property(waiting, channels, (parts, channel) => {
        const all = parts.map((part, index) => one(index + 1, part))
        const found = gather(all, null, channel as Gatherer, NOTHING_SENT, NOW)
        const told = [
          ...found.digests.flatMap((digest) => digest.ids),
          ...found.absorb,
          ...found.hold,
          ...found.release,
        ]
        assert.equal(new Set(told).size, told.length, 'each is named once')
        const stays = all.filter(({ held, id }) => held && !told.includes(id))
        // What stays held is looked at again.
        if (stays.length > 0 || found.hold.length > 0) assert.ok(found.nextAt !== null && found.nextAt > NOW)
      }),
      { numRuns: 500 },
    )
  })
})
