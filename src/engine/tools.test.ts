import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, describe, it } from 'node:test'
import { inEnglish } from '#templates/said.ts'
import { lacksIpv6 } from '../../test/fixtures/machine.ts'
import { addressBytes, addressText, checksum } from './icmp/icmp-packet.ts'
import { loadNative } from './native.ts'
import { tcpConnect } from './tcp/tcp.ts'
import { createProbeTools } from './tools.ts'

const tools = createProbeTools()
const commanded = createProbeTools({ ping: 'command' })
const never = new AbortController().signal

const FAMILIES = [
  ['IPv4', '127.0.0.1', false],
  ['IPv6', '::1', lacksIpv6],
] as const

after(() => {
  tools.close()
  commanded.close()
})

describe('addresses and packets', () => {
  it('reads and writes addresses', () => {
    for (const address of ['192.0.2.1', '::1', '2001:db8::1', 'fe80::1:2', '::ffff:c000:201', '1:2:3:4:5:6:7:8'])
      assert.equal(addressText(addressBytes(address)!), address)
    assert.equal(addressText(addressBytes('::ffff:192.0.2.1')!), '::ffff:c000:201')
    assert.equal(addressText(addressBytes('fe80::1%eth0')!), 'fe80::1')
    for (const none of ['', 'host', '1.2.3', '1.2.3.4.5', ':::', '1::2::3'])
      assert.equal(addressBytes(none), undefined, none)
  })

  it('computes the checksum of RFC 1071', () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)
    assert.equal(checksum(bytes, 0, 8), 0x220d)
    assert.equal(checksum(Uint8Array.of(0xff), 0, 1), 0x00ff)
  })
})

for (const [title, connect, resetTells] of [
  ['native', tools.connect, loadNative() ? [] : ['read ECONNRESET']],
  ['by Node', tcpConnect, ['read ECONNRESET']],
] as const)
  describe(`TCP connect, ${title}`, () => {
    for (const [family, address, skip] of FAMILIES)
      it(`open over ${family}, with the time`, { skip }, async () => {
        const server = createServer((socket) => void socket.on('error', () => {})).listen(0, address)
        await once(server, 'listening')
        const { port } = server.address() as { port: number }
        const replies = await Promise.all(
          Array.from({ length: 200 }, () => connect(address, port, { timeoutMs: 2000, signal: never })),
        )
        assert.ok(replies.every(({ ok, ms }) => ok && ms > 0 && ms < 2000))
        server.close()
      })

    it('says goodbye, unless a reset is asked for, of which the kernel need not tell the service', async () => {
      const ends: string[] = []
      const server = createServer((socket) => {
        socket.on('error', ({ message }) => ends.push(message))
        socket.on('end', () => ends.push('end')).resume()
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as { port: number }
      const expected: string[] = []
      for (const reset of [false, true, false]) {
        const reply = await connect('127.0.0.1', port, { timeoutMs: 1000, signal: never, reset })
        assert.ok(reply.ok && reply.ms > 0)
        expected.push(...(reset ? resetTells : ['end']))
        for (let turn = 0; turn < 200 && ends.length < expected.length; turn++)
          await new Promise((later) => setTimeout(later, 5))
      }
      assert.deepEqual(ends, expected)
      server.close()
    })

    const codeOf = async (address: string, port: number, signal = never) => {
      const reply = await connect(address, port, { timeoutMs: 1000, signal })
      return reply.ok ? 'ok' : reply.code
    }

    for (const [family, address, skip] of FAMILIES)
      it(`refused over ${family}`, { skip }, async () => assert.equal(await codeOf(address, 1), 'refused'))

    it('aborted', async () => assert.equal(await codeOf('127.0.0.1', 1, AbortSignal.abort()), 'timeout'))
  })

describe('pings at once', () => {
  it('each gets its own answer, and no other', async (context) => {
    if (tools.pingMethod === 'command') return context.skip('this user may not open an ICMP socket')
    const replies = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        tools.ping(
          { address: `127.0.${Math.floor(index / 250)}.${(index % 250) + 1}`, packets: 2, gapMs: 5, timeoutMs: 2000 },
          never,
        ),
      ),
    )
    for (const { rtts, ownFault } of replies) {
      assert.equal(ownFault, undefined)
      assert.equal(rtts.length, 2)
      assert.ok(rtts.every((rtt) => rtt > 0 && rtt < 2000))
    }
  })

  for (const [way, own] of [
    ['as this user may', tools],
    ['by the command', commanded],
  ] as const)
    it(`an abort ends it with what has come, ${way}`, async () => {
      const [most, ending] = [100, new AbortController()]
      const asked = own.ping({ address: '127.0.0.1', packets: most, gapMs: 1000, timeoutMs: 1000 }, ending.signal)
      setTimeout(() => ending.abort(), 50)
      const { rtts } = await asked
      assert.ok(rtts.length < most, `${rtts.length} of ${most}, of which only some can have been sent`)
    })
})

describe('targets that are no one host', () => {
  it('are named for what they are, and nothing is sent', async () => {
    const sent = () => (tools.sockets[4]?.counters.sent ?? 0) + (tools.sockets[6]?.counters.sent ?? 0)
    const before = sent()
    const words = async (address: string) => {
      const { icmpError, rtts } = await tools.ping({ address, packets: 1, gapMs: 0, timeoutMs: 100 }, never)
      assert.equal(rtts.length, 0)
      return `${icmpError?.code}: ${icmpError?.what && inEnglish(icmpError.what)}`
    }
    for (const multicast of ['224.0.0.1', '239.255.255.250', 'ff02::1'])
      assert.equal(await words(multicast), 'bad_address: a multicast address')
    assert.equal(await words('255.255.255.255'), 'bad_address: the broadcast address')
    assert.equal(await words('0.0.0.1'), 'bad_address: the unspecified network')
    assert.equal(await words('::'), 'bad_address: the unspecified address')
    assert.equal(sent(), before)
  })
})

describe('names', () => {
  it('resolves, keeps literals, and names what it cannot find', async () => {
    assert.deepEqual(await tools.resolve('192.0.2.1', 0, never), { addresses: ['192.0.2.1'], ms: 0 })
    assert.ok('addresses' in (await tools.resolve('localhost', 4, never)))
    const wrong = await tools.resolve('192.0.2.1', 6, never)
    assert.ok('code' in wrong && wrong.code === 'bad_address')
    const late = await tools.resolve('somewhere.invalid', 0, AbortSignal.abort())
    assert.ok('code' in late && late.code === 'timeout')
  })
})
