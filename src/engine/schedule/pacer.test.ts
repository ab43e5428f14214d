import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { addressBytes } from '../icmp/icmp-packet.ts'
import { createPacer } from './pacer.ts'

const bytes = (address: string) => addressBytes(address)!

describe('pacing', () => {
  it('gives each subnet its rate, however many ask at once', () => {
    const pacer = createPacer({ perSecond: 1e9, perSubnet: 1000 })
    const one = pacer.subnetOf(bytes('192.0.2.1'))
    const same = pacer.subnetOf(bytes('192.0.2.200'))
    const other = pacer.subnetOf(bytes('192.0.3.1'))
    assert.equal(one, same)
    const times = Array.from({ length: 2000 }, (_, index) => pacer.reserve(index % 2 ? one : same, 0))
    assert.ok(Math.abs(times.at(-1)! - 1980) < 2, 'two seconds, less a small burst')
    assert.equal(pacer.reserve(other, 0), 0, 'another subnet is free')
  })

  it('holds the rate of all together', () => {
    const pacer = createPacer({ perSecond: 1000, perSubnet: 1e9 })
    const times = Array.from({ length: 1000 }, (_, index) =>
      pacer.reserve(pacer.subnetOf(bytes(`10.${index % 200}.0.1`)), 0),
    )
    assert.ok(Math.abs(Math.max(...times) - 980) < 2)
  })

  it('leaves loopback alone', () => {
    const pacer = createPacer({ perSecond: 1, perSubnet: 1 })
    for (const address of ['127.0.0.1', '127.9.8.7', '::1'])
      for (let index = 0; index < 10; index++) assert.equal(pacer.reserve(pacer.subnetOf(bytes(address)), 5), 5)
    assert.notEqual(pacer.subnetOf(bytes('::2')), pacer.subnetOf(bytes('::1')))
  })

  it('never goes back, and never sends more in a second than is allowed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 1, maxLength: 300 }), (waits) => {
        const pacer = createPacer({ perSecond: 1e9, perSubnet: 100 })
        const subnet = pacer.subnetOf(bytes('192.0.2.1'))
        let now = 0
        const times = waits.map((wait) => {
          now += wait
          return pacer.reserve(subnet, now)
        })
        for (const [index, at] of times.entries()) {
          assert.ok(index === 0 || at >= times[index - 1]!)
          assert.ok(times.filter((time) => time >= at && time < at + 1000).length <= 103)
        }
      }),
      { numRuns: 50 },
    )
  })
})
