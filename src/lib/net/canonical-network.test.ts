import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { canonicalNetwork } from './canonical-network.ts'
import { parseNetwork } from './cidr.ts'

describe('canonical network', () => {
  it('writes an address or network in one way', () => {
    for (const [text, wanted] of [
      ['203.0.113.7', '203.0.113.7'],
      ['203.0.113.7/32', '203.0.113.7'],
      ['203.0.113.7/28', '203.0.113.0/28'],
      ['2001:DB8:0:0::0001', '2001:db8::1'],
      ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
      ['2001:0:0:1:0:0:0:0', '2001:0:0:1::'],
      ['0:0:0:1:0:0:1:1', '::1:0:0:1:1'],
      ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
      ['::', '::'],
      ['::1/128', '::1'],
      ['2001:db8::5/32', '2001:db8::/32'],
      ['::ffff:10.0.0.1', '10.0.0.1'],
      ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
      ['::ffff:0:0/95', '::fffe:0:0/95'],
      ['0.0.0.0/0', '0.0.0.0/0'],
      ['not_an_ip; reboot', undefined],
      ['fe80::1%eth0', undefined],
      ['010.0.0.1', undefined],
    ] as const)
      assert.equal(canonicalNetwork(text), wanted, text)
  })

  it('means the same as what was written, and is written the same again', () => {
    const group = fc.oneof(
      fc.constant('0'),
      fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16)),
    )
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 0, max: 128 }),
        (groups, prefix) => {
          const text = `${groups.join(':')}/${prefix}`
          const canonical = canonicalNetwork(text)!
          assert.equal(canonicalNetwork(canonical), canonical)
          if (canonical.includes(':')) assert.deepEqual(parseNetwork(canonical), parseNetwork(text))
        },
      ),
      { numRuns: 500 },
    )
  })
})
