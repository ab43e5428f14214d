import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { countOf } from '#core/port/port-sample.ts'
import { createReplyReader } from './diag-reply.ts'
import { diagRequest, EVERY_STATE, portFilter } from './diag-request.ts'
import { createTableReader } from './proc.ts'
import { createTally } from './tally.ts'

/** Runs a filter as the kernel does (`inet_diag_bc_run`): it accepts what ends exactly at the end. */
const accepts = (filter: Uint8Array, source: number, remote: number): boolean => {
  const view = new DataView(filter.buffer, filter.byteOffset)
  const codes: Readonly<Record<number, (port: number) => boolean>> = {
    1: () => false,
    2: (port) => source >= port,
    3: (port) => source <= port,
    4: (port) => remote >= port,
    5: (port) => remote <= port,
  }
  let at = 0
  for (let steps = 0; at < filter.length; steps++) {
    assert.ok(steps < 10_000, 'the filter does not end')
    const port = at + 8 <= filter.length ? view.getUint16(at + 6, true) : 0
    const yes = codes[filter[at]!]!(port)
    const jump = yes ? filter[at + 1]! : view.getUint16(at + 2, true)
    assert.ok(jump >= 4 && jump % 4 === 0, 'the kernel refuses such a jump')
    at += jump
  }
  return at === filter.length
}

const portSet = fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 60 })

describe('socket table requests', () => {
  it('the filter lets through exactly the ports', () => {
    fc.assert(
      fc.property(
        portSet,
        fc.integer({ min: 0, max: 65_535 }),
        fc.integer({ min: 0, max: 65_535 }),
        (set, one, two) => {
          const ports = set.toSorted((a, b) => a - b)
          const plain = portFilter(ports, false)!
          const both = portFilter(ports, true)!
          for (const port of [one, ...ports, ports[0]! - 1, ports.at(-1)! + 1]) {
            assert.equal(accepts(plain, port, two), ports.includes(port))
            assert.equal(accepts(both, port, two), ports.includes(port) || ports.includes(two))
            assert.equal(accepts(both, two, port), ports.includes(port) || ports.includes(two))
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('neighbouring ports are one range, and a filter that would be too long is none', () => {
    const row = Array.from({ length: 2000 }, (_, index) => 20_000 + index)
    assert.equal(portFilter(row, false)!.length, portFilter([1], false)!.length)
    assert.equal(
      portFilter(
        row.map((port) => (port - 20_000) * 2 + 1),
        false,
      ),
      undefined,
    )
  })

  it('one port needs no filter', () => {
    assert.equal(diagRequest(EVERY_STATE, [443], false).length, 76)
  })
})

/** One message of the kernel's answer. */
const message = (state: number, family: number, source: readonly number[], sport: number, dport: number): Buffer => {
  const bytes = Buffer.alloc(96)
  bytes.writeUInt32LE(96, 0)
  bytes.writeUInt16LE(20, 4)
  bytes[16] = family
  bytes[17] = state
  bytes.writeUInt16BE(sport, 20)
  bytes.writeUInt16BE(dport, 22)
  bytes.set(source, 24)
  bytes.writeUInt32LE(7, 72)
  bytes.writeUInt32LE(5, 76)
  return bytes
}
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1]

describe('socket table answers', () => {
  const buffer = new Uint8Array(4096)
  const read = createReplyReader(buffer)

  it('counts by port, side, family and state', () => {
    const answer = Buffer.concat([
      message(1, 2, [127, 0, 0, 1], 443, 50_000),
      message(1, 10, MAPPED, 443, 50_001),
      message(6, 10, [32, 1], 50_002, 443),
      message(10, 10, [], 443, 0),
      message(14, 2, [127, 0, 0, 1], 443, 1),
    ])
    buffer.set(answer)
    const tally = createTally([443], true)
    assert.deepEqual(read(answer.length, tally), { end: false, interrupted: false })
    const [sample] = tally.samples()
    assert.equal(countOf(sample!.local, 'ESTABLISHED', 'ipv4'), 2)
    assert.equal(countOf(sample!.remote!, 'TIME_WAIT', 'ipv6'), 1)
    assert.deepEqual(sample!.listeners, { count: 1, queue: 7, limit: 5, full: 1 })
    assert.equal(
      sample!.local.reduce((sum, count) => sum + count, 0),
      3,
    )
  })

  it('tells the end, an error and an interruption', () => {
    const done = Buffer.alloc(20)
    done.writeUInt32LE(20, 0)
    done.writeUInt16LE(3, 4)
    done.writeUInt16LE(0x10, 6)
    buffer.set(done)
    assert.deepEqual(read(20, createTally([], false)), { end: true, interrupted: true, error: 0 })
    done.writeUInt16LE(2, 4)
    done.writeInt32LE(-1, 16)
    buffer.set(done)
    assert.deepEqual(read(20, createTally([], false)), { end: true, interrupted: true, error: 1 })
  })

  it('ends on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        buffer.set(bytes)
        read(bytes.length, createTally([443], true))
      }),
      { numRuns: 500 },
    )
  })
})

describe('the table in /proc', () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue\n'
  const line = (number: number, local: string, remote: string, state: string) =>
    `${String(number).padStart(4)}: ${local} ${remote} ${state} 00000000:00000003 00:00000000 00000000     0        0 1\n`

  it('reads lines wherever the pieces are cut', () => {
    const text =
      head +
      line(0, '0100007F:01BB', '00000000:0000', '0A') +
      line(12345, '0100007F:01BB', '0100007F:C350', '01') +
      line(1, '0100007F:C350', '0100007F:01BB', '06')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.length }), (cut) => {
        const tally = createTally([443], true)
        const feed = createTableReader(4, tally)
        for (let at = 0; at < text.length; at += cut) feed(Buffer.from(text.slice(at, at + cut)))
        const [sample] = tally.samples()
        assert.deepEqual(sample!.listeners, { count: 1, queue: 3, limit: null, full: 0 })
        assert.equal(countOf(sample!.local, 'ESTABLISHED'), 1)
        assert.equal(countOf(sample!.remote!, 'TIME_WAIT'), 1)
      }),
      { numRuns: 100 },
    )
  })

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        createTableReader(6, createTally([443], true))(Buffer.from(`${head}${text}\n`))
      }),
      { numRuns: 300 },
    )
  })
})
