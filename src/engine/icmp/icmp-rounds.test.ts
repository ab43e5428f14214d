import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import fc from 'fast-check'
import type { RoundFault } from '#core/probe.ts'
import { createFakeKernel, type QueuedError, type SentPacket } from '../../../test/fixtures/fake-kernel.ts'
import { createPacer } from '../schedule/pacer.ts'
import { destinationOf } from '../tcp/destination.ts'
import { createIcmpRounds, type IcmpRounds } from './icmp-rounds.ts'

interface Round {
  readonly rtts: readonly number[]
  readonly fault: RoundFault | undefined
}

let fake: ReturnType<typeof createFakeKernel>
let rounds: IcmpRounds
const pacer = createPacer({ perSecond: Number.POSITIVE_INFINITY, perSubnet: Number.POSITIVE_INFINITY })

beforeEach(() => {
  fake = createFakeKernel()
  rounds = createIcmpRounds(fake.native, { fd: 3, family: 6, kind: 'raw' }, pacer)
})
afterEach(() => rounds.close())

const ping = (address = '2001:db8::1', { packets = 1, gapMs = 1, timeoutMs = 60 } = {}): Promise<Round> =>
  new Promise((resolve) => {
    const destination = destinationOf({ address, packets, gapMs, timeoutMs }, pacer)
    rounds.begin(destination, 7, (tag, rtts, count, fault) => {
      assert.equal(tag, 7)
      resolve({ rtts: Array.from(rtts.subarray(0, count)), fault })
    })
  })

const answer = () => {
  fake.kernel.onSent = (packet) => fake.kernel.deliver(fake.kernel.replyTo(packet))
}

const lost = ({ rtts }: Round) => rtts.every(Number.isNaN)

describe('replies', () => {
  it('each round of several packets gets its own', async () => {
    answer()
    const all = await Promise.all(
      Array.from({ length: 300 }, (_, index) => ping(`2001:db8::${(index + 1).toString(16)}`, { packets: 3 })),
    )
    for (const { rtts, fault } of all) {
      assert.equal(rtts.length, 3)
      assert.ok(rtts.every((rtt) => rtt > 0))
      assert.equal(fault, undefined)
    }
    assert.deepEqual([rounds.counters.sent, rounds.counters.received, rounds.counters.foreign], [900, 900, 0])
  })

  it('a forged one, with another nonce, counts for nothing', async () => {
    fake.kernel.onSent = (packet) => {
      const forged = fake.kernel.replyTo(packet)
      forged[9]! ^= 1
      fake.kernel.deliver(forged)
    }
    assert.ok(lost(await ping()))
    assert.equal(rounds.counters.foreign, 1)
  })

  it('a repeated one counts once', async () => {
    fake.kernel.onSent = (packet) => {
      fake.kernel.deliver(fake.kernel.replyTo(packet))
      fake.kernel.deliver(fake.kernel.replyTo(packet))
    }
    const { rtts } = await ping('2001:db8::1', { packets: 2 })
    assert.ok(rtts.every((rtt) => rtt > 0))
    const { received, repeated, late, foreign } = rounds.counters
    // The second one of the last packet comes when the round is over.
    assert.deepEqual({ received, repeated, late, foreign }, { received: 2, repeated: 1, late: 1, foreign: 0 })
  })

  it('a truncated one counts for nothing', async () => {
    fake.kernel.onSent = (packet) => {
      for (const length of [0, 1, 7, 8, 23]) fake.kernel.deliver(fake.kernel.replyTo(packet).subarray(0, length))
    }
    assert.ok(lost(await ping()))
    assert.equal(rounds.counters.foreign, 5)
  })

  it('one of an earlier round does not answer the present one', async () => {
    assert.ok(lost(await ping()))
    const earlier = fake.kernel.sent[0]!
    fake.kernel.onSent = () => fake.kernel.deliver(fake.kernel.replyTo(earlier))
    assert.ok(lost(await ping()))
    assert.deepEqual([rounds.counters.late, rounds.counters.foreign], [1, 0])
  })

  it('none comes before its packet, however slow the kernel is with another of the same call', async () => {
    const answerAfter = (ms: number) => (packet: SentPacket) =>
      fake.kernel.deliver(fake.kernel.replyTo(packet), { at: fake.kernel.wallClock() + ms })
    fake.kernel.onSent = answerAfter(10)
    const all = () => Promise.all(Array.from({ length: 10 }, (_, index) => ping(`2001:db8::${index + 1}`)))
    // How quickly packets leave at best is known from calls before.
    for (let times = 0; times < 5; times++) await all()
    let sent = 0
    fake.kernel.onSent = (packet) => {
      const until = performance.now() + (++sent === 10 ? 20 : 0)
      answerAfter(10)(packet)
      while (performance.now() < until);
    }
    for (const { rtts } of await all()) assert.ok(rtts[0]! > 5, String(rtts))
  })

  it('one that the kernel received after the time-out is late, not an answer', async () => {
    fake.kernel.onSent = (packet) =>
      fake.kernel.deliver(fake.kernel.replyTo(packet), { at: fake.kernel.wallClock() + 0.5 })
    assert.ok(lost(await ping('2001:db8::1', { timeoutMs: 0.25 })))
    assert.equal(rounds.counters.late, 1)
  })

  it('one that lay in the buffer while this thread was busy is in time', async () => {
    let request: SentPacket | undefined
    fake.kernel.onSent = (packet) => {
      request = packet
      const came = fake.kernel.wallClock()
      setImmediate(() => {
        const until = performance.now() + 120
        while (performance.now() < until);
        fake.kernel.deliver(fake.kernel.replyTo(request!), { at: came + 1 })
      })
    }
    const { rtts } = await ping('2001:db8::1', { timeoutMs: 60 })
    assert.ok(rtts[0]! < 60)
  })

  it('no bytes break it or end a round', async () => {
    const waiting = ping('2001:db8::1', { timeoutMs: 300 })
    await new Promise((later) => setImmediate(later))
    const [request] = fake.kernel.sent
    assert.ok(request)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 250 }), fc.constantFrom(0, 1, 3, 129), (bytes, type) => {
        if (bytes.length > 0) bytes[0] = type
        fake.kernel.deliver(bytes)
      }),
      { numRuns: 500 },
    )
    assert.ok(lost(await waiting))
    assert.equal(rounds.counters.foreign, 500)
  })
})

describe('a kernel without any of the options', () => {
  it('still serves: by this thread’s own clock, and by the nonce alone', async () => {
    fake.kernel.stamps = false
    rounds.close()
    const bare = { ...fake.native, setsockopt: () => -1, socketOption: () => Number.NaN }
    rounds = createIcmpRounds(bare, { fd: 3, family: 6, kind: 'raw' }, pacer)
    fake.kernel.onSent = (packet) => {
      const forged = fake.kernel.replyTo(packet)
      forged[9]! ^= 1
      fake.kernel.deliver(forged)
      fake.kernel.deliver(fake.kernel.replyTo(packet))
    }
    const { rtts, fault } = await ping('2001:db8::1', { packets: 3 })
    assert.ok(rtts.length === 3 && rtts.every((rtt) => rtt > 0 && rtt < 60))
    assert.deepEqual([fault, rounds.counters.foreign, rounds.counters.dropped], [undefined, 3, 0])
    fake.kernel.onSent = () => {}
    assert.deepEqual(await ping(), { rtts: [Number.NaN], fault: undefined })
  })
})

describe('ICMP errors', () => {
  it('end the round of the packet that they quote, with their sender', async () => {
    const from = new Uint8Array(16).fill(0xfd)
    fake.kernel.onSent = (packet) => fake.kernel.deliver(fake.kernel.errorFor(packet, 1), { from })
    const { rtts, fault } = await ping()
    assert.ok(rtts.every(Number.isNaN))
    assert.deepEqual(fault, { icmpError: { code: 'unreachable', from: 'fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd' } })
  })

  it('that quote another target are not believed', async () => {
    fake.kernel.onSent = ({ bytes }) => fake.kernel.deliver(fake.kernel.errorFor({ bytes, to: new Uint8Array(16) }, 1))
    const { fault } = await ping()
    assert.equal(fault, undefined)
    assert.equal(rounds.counters.foreign, 1)
  })
})

describe('ICMP errors at a ping socket', () => {
  const from = new Uint8Array(16).fill(0xfd)
  const sender = 'fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd'

  beforeEach(() => {
    rounds.close()
    rounds = createIcmpRounds(fake.native, { fd: 3, family: 6, kind: 'dgram' }, pacer)
  })

  const quote = ({ bytes, to }: SentPacket, change: Partial<QueuedError> = {}) =>
    fake.kernel.report({ quoted: bytes.slice(0, 8), to, from, type: 1, ...change })

  it('end the round of the packet that they quote, and the call that they fail costs nobody anything', async () => {
    const isDead = ({ to }: SentPacket) => to[15]! % 3 === 0
    fake.kernel.onSent = (packet) => (isDead(packet) ? quote(packet) : fake.kernel.deliver(fake.kernel.replyTo(packet)))
    const all = await Promise.all(
      Array.from({ length: 200 }, (_, index) => ping(`2001:db8::${(index + 1).toString(16)}`)),
    )
    for (const [index, round] of all.entries())
      if ((index + 1) % 3 === 0)
        assert.deepEqual([lost(round), round.fault], [true, { icmpError: { code: 'unreachable', from: sender } }])
      else assert.deepEqual([round.rtts[0]! > 0, round.fault], [true, undefined])
    assert.deepEqual([rounds.counters.sent, rounds.counters.sendErrors, rounds.counters.foreign], [200, 0, 0])
  })

  it('tell where the time to live ran out', async () => {
    fake.kernel.onSent = (packet) => quote(packet, { type: 3 })
    assert.deepEqual((await ping()).fault, { icmpError: { code: 'time_exceeded', from: sender } })
  })

  for (const [what, change, foreign] of [
    ['that quote another target', { to: new Uint8Array(16) }, 1],
    ['that quote too little', { quoted: new Uint8Array([128, 0, 0, 0]) }, 1],
    ['that quote no request', { quoted: new Uint8Array(8) }, 1],
    ['of another type', { type: 4 }, 1],
    ['of this machine', { origin: 1 }, 0],
  ] as const)
    it(`${what} are not believed`, async () => {
      fake.kernel.onSent = (packet) => quote(packet, change)
      assert.deepEqual(await ping(), { rtts: [Number.NaN], fault: undefined })
      assert.equal(rounds.counters.foreign, foreign)
    })

  it('that were not kept cost nobody an answer', async () => {
    fake.kernel.failOnce()
    fake.kernel.onSent = (packet) => {
      fake.kernel.deliver(fake.kernel.replyTo(packet))
      fake.kernel.failOnce()
    }
    for (const { rtts, fault } of await Promise.all([ping(), ping('2001:db8::2'), ping('2001:db8::3')]))
      assert.deepEqual([rtts[0]! > 0, fault], [true, undefined])
    assert.equal(rounds.counters.sendErrors, 0)
  })

  it('that never end do not hold up what is to be sent', async () => {
    fake.kernel.refuse = (packet) => {
      quote(packet)
      return 'EHOSTUNREACH'
    }
    assert.deepEqual((await ping()).fault, { icmpError: { code: 'unreachable' } })
  })

  it('no bytes break it or end a round', async () => {
    const waiting = ping('2001:db8::1', { timeoutMs: 300 })
    await new Promise((later) => setImmediate(later))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(255), fc.nat(4), (quoted, type, origin) => {
        fake.kernel.report({ quoted, to: from, from, type, origin })
      }),
      { numRuns: 500 },
    )
    assert.ok(lost(await waiting))
  })
})

describe('faults of this machine', () => {
  it('what it dropped itself is not the loss of a host', async () => {
    fake.kernel.onSent = () => {
      fake.kernel.dropped += 3
    }
    const { rtts, fault } = await ping()
    assert.ok(rtts.every(Number.isNaN))
    assert.equal(fault?.ownFault?.code, 'local_loss')
    assert.equal(rounds.counters.dropped, 3)
    fake.kernel.onSent = () => {}
    assert.equal((await ping()).fault, undefined, 'a later loss is the host’s again')
  })

  it('a packet that may not leave concerns its round alone', async () => {
    answer()
    const bad = destinationOf({ address: '2001:db8::bad', packets: 1, gapMs: 0, timeoutMs: 1 }, pacer).bytes
    fake.kernel.refuse = ({ to }) => (Buffer.compare(to, bad) === 0 ? 'EPERM' : undefined)
    const [before, refused, after] = await Promise.all([
      ping('2001:db8::1'),
      ping('2001:db8::bad', { packets: 5 }),
      ping('2001:db8::2'),
    ])
    assert.ok(before.rtts[0]! > 0 && after.rtts[0]! > 0)
    assert.equal(refused.fault?.ownFault?.code, 'no_permission')
    assert.equal(rounds.counters.sendErrors, 1)
  })

  it('an address to send from that is gone is no fault of a host', async () => {
    rounds.close()
    rounds = createIcmpRounds(fake.native, { fd: 3, family: 6, kind: 'raw', source: '2001:db8::99' }, pacer)
    fake.kernel.refuse = () => 'EINVAL'
    const { ownFault } = (await ping()).fault!
    assert.deepEqual([ownFault?.code, ownFault?.cause.facts.source === '2001:db8::99'], ['local_network_down', true])
  })

  it('a send queue that is full for a moment only delays', async () => {
    answer()
    let times = 5
    fake.kernel.refuse = () => (times-- > 0 ? 'EAGAIN' : undefined)
    assert.ok((await ping()).rtts[0]! > 0)
  })

  it('a send queue that stays full is told as such', async () => {
    fake.kernel.refuse = () => 'ENOBUFS'
    assert.equal((await ping()).fault?.ownFault?.code, 'local_loss')
  })

  for (const step of [-3_600_000, 3_600_000])
    it(`a clock that is set by ${step / 60_000} min meanwhile changes no answer`, async () => {
      fake.kernel.onSent = (packet) => {
        const reply = fake.kernel.replyTo(packet)
        setImmediate(() => {
          fake.kernel.clockStep = step
          fake.kernel.deliver(reply)
        })
      }
      const { rtts } = await ping('2001:db8::1', { timeoutMs: 500 })
      assert.ok(rtts[0]! > 0 && rtts[0]! < 500)
    })
})

describe('rounds', () => {
  it('end early with what has come', async () => {
    answer()
    const destination = destinationOf({ address: '2001:db8::1', packets: 50, gapMs: 60_000, timeoutMs: 1000 }, pacer)
    const { promise, resolve } = Promise.withResolvers<number>()
    const row = rounds.begin(destination, 1, (_tag, _rtts, count) => resolve(count))
    await new Promise((later) => setImmediate(() => setImmediate(later)))
    rounds.end(row)
    assert.equal(await promise, 1)
  })

  it('one that is dropped before it was sent sends nothing, and its row serves the next', async () => {
    answer()
    const destination = destinationOf({ address: '2001:db8::1', packets: 1, gapMs: 0, timeoutMs: 50 }, pacer)
    rounds.cancel(rounds.begin(destination, 1, () => assert.fail('was dropped')))
    const [one, two] = await Promise.all([ping(), ping()])
    assert.ok(one.rtts[0]! > 0 && two.rtts[0]! > 0)
    assert.equal(fake.kernel.sent.length, 2)
  })
})
