import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Malformed } from './cursor.ts'
import { readRecord } from './record.ts'
import { readReply } from './reply.ts'
import { typeNumber } from './types.ts'

const u16 = (value: number) => [value >> 8, value & 255]
const record = (type: string, data: readonly number[], owner = [1, 0x61, 0]) =>
  Buffer.from([...owner, ...u16(typeNumber(type)!), 0, 1, 0, 0, 1, 0x2c, ...u16(data.length), ...data])
const textOf = (type: string, data: readonly number[]) => readRecord(record(type, data), 0).text
const words = (text: string) => [text.length, ...Buffer.from(text, 'latin1')]

/** As the original writes them. */
const TEXTS: readonly (readonly [type: string, data: readonly number[], text: string])[] = [
  ['A', [192, 0, 2, 7], '192.0.2.7'],
  ['MX', [0, 10, 1, 0x62, 0], '10 b.'],
  ['TXT', [...words('hello'), ...words('se\xc3\xb1al "x"')], '"hello" "se\\195\\177al \\"x\\""'],
  ['SRV', [0, 1, 0, 2, ...u16(5060), 1, 0x62, 0], '1 2 5060 b.'],
  ['DS', [...u16(60485), 5, 1, 0xab, 0xcd], '60485 5 1 ABCD'],
  ['TLSA', [3, 1, 1, 0xab, 0xcd], '3 1 1 abcd'],
  ['CAA', [0, ...words('issue'), ...Buffer.from('ca.example')], '0 issue "ca.example"'],
  ['NAPTR', [0, 1, 0, 2, ...words('s'), ...words('SIP'), ...words(''), 0], '1 2 "s" "SIP" "" .'],
  [
    'HTTPS',
    [0, 1, 0, ...u16(1), ...u16(3), ...words('h2'), ...u16(3), ...u16(2), ...u16(8443)],
    '1 . alpn="h2" port="8443"',
  ],
]

describe('records as zone files write them', () => {
  for (const [type, data, text] of TEXTS)
    it(type, () => assert.equal(textOf(type, data), `a.\t300\tIN\t${type}\t${text}`))

  it('SOA, with its serial number', () => {
    const read = readRecord(
      record('SOA', [1, 0x62, 0, 1, 0x63, 0, ...[9, 8, 7, 6, 5].flatMap((one) => [0, 0, 0, one])]),
      0,
    )
    assert.deepEqual([read.text, read.serial], ['a.\t300\tIN\tSOA\tb. c. 9 8 7 6 5', 9])
  })

  it('a type without a form of its own in hex, and odd names with backslashes', () => {
    const odd = record('UNSPEC', [1, 2], [3, 0x61, 0x2e, 0xf1, 0])
    assert.equal(readRecord(odd, 0).text, 'a\\.\\241.\t300\tCLASS1\tTYPE103\t\\# 2 0102')
  })

  it('refuses data that is longer or shorter than its parts', () => {
    for (const data of [
      [192, 0, 2],
      [192, 0, 2, 7, 1],
    ])
      assert.throws(() => textOf('A', data), Malformed)
  })

  it('reads any message, or says that it is none', () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 80 })
    fc.assert(
      fc.property(bytes, fc.constantFrom(...TEXTS), (some, [type, data]) => {
        const head = [0, 1, 0x81, 0x80, 0, 0, 0, 3, 0, 0, 0, 0]
        try {
          readReply(Buffer.from([...head, ...record(type, data), ...some]))
        } catch (error) {
          assert.ok(error instanceof Malformed || error instanceof RangeError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
