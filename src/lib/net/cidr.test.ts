import assert from 'node:assert/strict'
import { isIPv4 } from 'node:net'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { networkContains, networkSet, parseAddress, parseNetwork } from './cidr.ts'

/** The plain way: bits as text, compared from the left. */
const naiveContains = (bits: number, base: bigint, prefix: number, address: bigint): boolean => {
  const text = (value: bigint) => value.toString(2).padStart(bits, '0').slice(0, prefix)
  return text(base) === text(address)
}

const ipv4Text = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
const groups = (value: bigint): bigint[] =>
  Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn)
const ipv6Text = (value: bigint): string =>
  groups(value)
    .map((group) => group.toString(16))
    .join(':')
/** The longest run of zero groups as `::`, written by hand to differ from the parser. */
const shortened = (value: bigint): string => {
  const full = `:${ipv6Text(value)}:`
  const runs = [...full.matchAll(/(?::0)+(?=:)/g)].map(([run]) => run).sort((a, b) => b.length - a.length)
  return runs[0] ? full.replace(runs[0], ':').replace(/^:(?!:)|(?<!:):$/g, '') : ipv6Text(value)
}

const bits = (count: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(count)) - 1n })
/** Any address, and neighbours of the base, where mistakes would hide. */
const pair = (count: number) =>
  fc
    .tuple(bits(count), bits(count), fc.nat(count), fc.nat(count - 1), fc.boolean())
    .map(([base, other, prefix, flip, near]) => ({
      base,
      prefix,
      address: near ? base ^ (1n << BigInt(flip)) : other,
    }))

describe('cidr', () => {
  it('agrees with the plain way for IPv4', () => {
    fc.assert(
      fc.property(pair(32), ({ base, prefix, address }) => {
        const network = parseNetwork(`${ipv4Text(base)}/${prefix}`)!
        const parsed = parseAddress(ipv4Text(address))!
        const expected = naiveContains(32, base, prefix, address)
        return networkContains(network, parsed) === expected && networkSet([network]).has(parsed) === expected
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with the plain way for IPv6', () => {
    fc.assert(
      fc.property(pair(128), ({ base, prefix, address }) => {
        const network = parseNetwork(`${ipv6Text(base)}/${prefix}`)!
        const parsed = parseAddress(ipv6Text(address))!
        const expected = naiveContains(128, base, prefix, address)
        return networkContains(network, parsed) === expected && networkSet([network]).has(parsed) === expected
      }),
      { numRuns: 500 },
    )
  })

  it('reads every way of writing an IPv6 address', () => {
    const sparse = fc.array(fc.constantFrom<bigint[]>(0n, 0n, 1n, 0xabcdn), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(
        sparse.map((list) => list.reduce((value, group) => (value << 16n) | group, 0n)),
        (value) => {
          const dotted = ipv6Text(value).replace(/:[^:]+:[^:]+$/, `:${ipv4Text(value & 0xffffffffn)}`)
          return [ipv6Text(value), shortened(value), ipv6Text(value).toUpperCase(), dotted].every(
            (text) => parseAddress(text)?.value === value,
          )
        },
      ),
    )
    assert.equal(parseAddress('fe80::1%eth0')?.value, (0xfe80n << 112n) | 1n)
  })

  it('takes as IPv4 exactly what the system does', () => {
    const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '0', '00', '01', '1a', '+1', ' 1', '１'))
    fc.assert(
      fc.property(fc.array(part, { minLength: 3, maxLength: 5 }), (parts) => {
        const text = parts.join('.')
        return (parseAddress(text) !== undefined) === isIPv4(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses what is no address or network', () => {
    for (const text of ['', '10.0.0', '10.0.0.256', '010.0.0.1', '1', '0x7f.1', ':::', '1::2::3', ' 10.0.0.1'])
      assert.equal(parseAddress(text), undefined, text)
    for (const text of [
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      'fe80::%1/64',
      '/8',
      '10.0.0.0/08x',
    ])
      assert.equal(parseNetwork(text), undefined, text)
  })

  it('knows an IPv4 address in its IPv6 form', () => {
    const network = parseNetwork('10.0.0.0/8')!
    const mapped = parseAddress('::ffff:10.1.2.3')!
    assert.equal(networkContains(network, mapped), true)
    assert.equal(networkSet([network]).has(mapped), true)
    assert.equal(networkContains(parseNetwork('::/0')!, mapped), true)
    assert.equal(networkContains(parseNetwork('::/0')!, parseAddress('10.1.2.3')!), false)
  })
})
