import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { channelPolicy, FORBIDDEN_KINDS, forbiddenReason, monitorPolicy } from './forbidden-address.ts'

const FORBIDDEN: readonly (readonly [RegExp, readonly string[]])[] = [
  [/loopback/, ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1']],
  [/unspecified/, ['0.0.0.0', '0.1.2.3', '::']],
  [/link-local/, ['169.254.0.1', '169.254.169.253', 'fe80::1', 'fe80::1%eth0', 'febf::1']],
  [/metadata/, ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200']],
  [/multicast/, ['224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1']],
]

/** An IPv4 address in the clothes that a router, tunnel or translator takes off again. */
const clothes = (address: string): string[] => {
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number]
  const hex = (high: number, low: number) => ((high << 8) | low).toString(16)
  const [high, low] = [hex(a, b), hex(c, d)]
  return [
    `::ffff:${address}`,
    `::ffff:${high}:${low}`,
    `::${address}`,
    `::ffff:0:${address}`,
    `64:ff9b::${address}`,
    `64:ff9b:1::${address}`,
    `2002:${high}:${low}::1`,
    `2001:0:5ef5:79fd:0:0:${hex(255 - a, 255 - b)}:${hex(255 - c, 255 - d)}`,
  ]
}

describe('forbidden addresses', () => {
  for (const [words, addresses] of FORBIDDEN)
    for (const address of addresses)
      it(`${address} is refused`, () => {
        assert.match(forbiddenReason(address, channelPolicy) ?? 'allowed', words)
        if (address.includes(':')) return
        // `::0.0.0.0` is `::` itself.
        for (const dressed of clothes(address))
          assert.match(forbiddenReason(dressed, channelPolicy) ?? `${dressed} allowed`, words)
      })

  it('private and public addresses are allowed, in any form', () => {
    for (const address of ['10.0.0.1', '172.16.5.4', '192.168.1.1', '100.64.0.1', '8.8.8.8'])
      for (const form of [address, ...clothes(address)])
        assert.equal(forbiddenReason(form, channelPolicy), undefined, form)
    for (const address of ['fd12:3456::1', '2001:db8::1', '2606:4700::1111', 'fc00::1'])
      assert.equal(forbiddenReason(address, channelPolicy), undefined, address)
  })

  it('monitors may watch this machine, but no metadata or link-local address', () => {
    assert.equal(forbiddenReason('127.0.0.1', monitorPolicy), undefined)
    assert.equal(forbiddenReason('::1', monitorPolicy), undefined)
    assert.match(forbiddenReason('169.254.169.254', monitorPolicy)!, /metadata/)
    assert.match(forbiddenReason('fe80::1', monitorPolicy)!, /link-local/)
  })

  it('allowing one kind does not allow another that covers the same address', () => {
    assert.match(forbiddenReason('169.254.169.254', { allowed: ['link_local'] })!, /metadata/)
    assert.match(forbiddenReason('169.254.169.254', { allowed: ['metadata'] })!, /link-local/)
    assert.equal(forbiddenReason('169.254.169.254', { allowed: FORBIDDEN_KINDS }), undefined)
  })

  it('what is not an address is refused', () => {
    for (const text of ['', 'localhost', '2130706433', '0x7f.1', '127.1', '[::1]'])
      assert.match(forbiddenReason(text, { allowed: FORBIDDEN_KINDS })!, /not an IP address/)
  })
})
