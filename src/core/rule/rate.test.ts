import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createRate, MOST_PER_SUBJECT, type RateEvent } from './rate.ts'

const MINUTE = 60_000

const event = (at: number, changes: Partial<RateEvent> = {}): RateEvent => ({
  subject: 'host-1',
  at,
  receivedAt: at,
  data: {},
  ...changes,
})

describe('rate', () => {
  it('holds from the event that completes the number within the window', () => {
    const rate = createRate({ atLeast: 3, withinMs: 10 * MINUTE })
    const outcomes = [0, 4, 8, 13, 30].map((minute) => rate.observe(event(minute * MINUTE)))
    assert.deepEqual(outcomes, [
      { count: 1, reached: false },
      { count: 2, reached: false },
      { count: 3, reached: true },
      { count: 3, reached: true },
      { count: 1, reached: false },
    ])
  })

  it('an event exactly as old as the window is long is out', () => {
    const rate = createRate({ atLeast: 2, withinMs: MINUTE })
    rate.observe(event(0))
    assert.equal(rate.observe(event(MINUTE)).count, 1)
    assert.equal(rate.observe(event(2 * MINUTE - 1)).count, 2)
  })

  it('counts each subject, or each group of fields, apart', () => {
    const bySubject = createRate({ atLeast: 2, withinMs: MINUTE })
    bySubject.observe(event(0, { subject: 'a' }))
    assert.equal(bySubject.observe(event(1, { subject: 'b' })).count, 1)
    const byJail = createRate({ atLeast: 2, withinMs: MINUTE, by: ['jail'] })
    byJail.observe(event(0, { subject: 'a', data: { jail: 'sshd' } }))
    assert.equal(byJail.observe(event(1, { subject: 'b', data: { jail: 'sshd' } })).count, 2)
    assert.equal(byJail.observe(event(2, { subject: 'b', data: { jail: 'nginx' } })).count, 1)
  })

  it('counts distinct values of a field, the newest sight of each', () => {
    const rate = createRate({ atLeast: 3, withinMs: 10 * MINUTE, distinct: 'net.ip', by: [] })
    const see = (minute: number, ip: unknown) =>
      rate.observe(event(minute * MINUTE, { data: { net: { ip } } as never })).count
    assert.equal(see(0, 'x'), 1)
    assert.equal(see(1, 'x'), 1)
    assert.equal(see(2, 'y'), 2)
    assert.equal(see(9, 'x'), 2)
    assert.equal(see(13, 'z'), 2, 'y is over, x was seen again')
    assert.equal(see(14, 1), 3)
    assert.equal(see(14, '1'), 4, 'a number is not a text')
    assert.equal(see(14, null), 0, 'nothing to count')
  })

  it('takes events out of order, and leaves out what comes too late', () => {
    const rate = createRate({ atLeast: 3, withinMs: 10 * MINUTE })
    rate.observe(event(20 * MINUTE))
    rate.observe(event(15 * MINUTE, { receivedAt: 20 * MINUTE }))
    assert.deepEqual(rate.observe(event(12 * MINUTE, { receivedAt: 20 * MINUTE })), { count: 3, reached: true })
    assert.deepEqual(rate.observe(event(10 * MINUTE, { receivedAt: 20 * MINUTE })), { count: 0, reached: false })
  })

  it('an event from the future counts as of its arrival', () => {
    const rate = createRate({ atLeast: 2, withinMs: MINUTE })
    rate.observe(event(1e15, { receivedAt: 0 }))
    assert.equal(rate.observe(event(1000)).count, 2)
  })

  it("begins anew when the server's clock was set back", () => {
    const rate = createRate({ atLeast: 2, withinMs: MINUTE })
    rate.observe(event(1000 * MINUTE))
    assert.equal(rate.observe(event(0)).count, 1)
    assert.equal(rate.observe(event(1)).count, 2)
  })

  it('remembers a bounded number of subjects, forgets the longest unseen, and counts them', () => {
    const rate = createRate({ atLeast: 2, withinMs: MINUTE }, { subjects: 100, entries: 1000 })
    for (let index = 0; index < 10_000; index++) {
      rate.observe(event(index / 1000, { subject: `s${index}` }))
      rate.observe(event(index / 1000, { subject: 'always' }))
    }
    const { subjects, evicted } = rate.stats()
    assert.ok(subjects <= 102, `${subjects} subjects`)
    assert.ok(evicted > 9000, `${evicted} evicted`)
    assert.equal(rate.observe(event(10, { subject: 's9999' })).count, 2)
    assert.equal(rate.observe(event(10, { subject: 's0' })).count, 1)
    assert.equal(rate.observe(event(10, { subject: 'always' })).count, MOST_PER_SUBJECT)
  })

  it('takes in a million subjects within its limits', () => {
    const rate = createRate({ atLeast: 2, withinMs: 1000 * MINUTE })
    let most = 0
    for (let index = 0; index < 1_000_000; index++) {
      rate.observe(event(index, { subject: `2001:db8::${index.toString(16)}` }))
      if (index % 1000 === 0) most = Math.max(most, rate.stats().entries)
    }
    assert.ok(most > 25_000 && most <= 50_002, `${most} entries`)
    assert.ok(rate.stats().evicted >= 950_000)
  })

  it('forgets what is over without calling it an eviction', () => {
    const rate = createRate({ atLeast: 2, withinMs: MINUTE })
    for (let index = 0; index < 100; index++) rate.observe(event(0, { subject: `s${index}` }))
    rate.observe(event(2 * MINUTE, { subject: 'later' }))
    rate.observe(event(4 * MINUTE, { subject: 'later' }))
    assert.deepEqual(rate.stats(), { subjects: 1, entries: 1, evicted: 0 })
  })

  it('stays bounded for one busy subject, and for fields of any size', () => {
    const rate = createRate({ atLeast: 20, withinMs: MINUTE, distinct: 'v' })
    for (let index = 0; index < 3000; index++)
      rate.observe(event(index, { data: { v: `${'x'.repeat(1000)}${index}` } }))
    assert.equal(rate.stats().entries, MOST_PER_SUBJECT)
    let deep: unknown = 1
    for (let level = 0; level < 50_000; level++) deep = [deep]
    assert.ok(rate.observe(event(3000, { data: { v: deep } as never })).reached)
  })

  it('counts the event itself in a window without length', () => {
    const rate = createRate({ atLeast: 1, withinMs: 0 })
    const event = { subject: 'a', at: 5, receivedAt: 5, data: {} }
    assert.deepEqual(
      [rate.observe(event), rate.observe(event)].map(({ reached }) => reached),
      [true, true],
    )
  })

  it('what is taken back was never counted, whatever it had put out of the window', () => {
    const aMinute = fc.record({ minute: fc.nat(40), ip: fc.constantFrom('a', 'b', 'c', undefined), kept: fc.boolean() })
    fc.assert(
      fc.property(fc.array(aMinute, { maxLength: 30 }), fc.constantFrom(undefined, 'ip'), (seen, distinct) => {
        const options = { atLeast: 3, withinMs: 10 * MINUTE, ...(distinct && { distinct }) }
        const [rate, other] = [createRate(options), createRate(options)]
        for (const { minute, ip, kept } of seen) {
          const one = event(minute * MINUTE, { receivedAt: 40 * MINUTE, data: { ip: ip ?? null } })
          const undo: (() => void)[] = []
          const outcome = rate.observe(one, (takeBack) => undo.push(takeBack))
          if (kept) assert.deepEqual(outcome, other.observe(one))
          else for (const takeBack of undo) takeBack()
        }
        assert.equal(rate.stats().entries, other.stats().entries)
      }),
      { numRuns: 300 },
    )
  })
})
