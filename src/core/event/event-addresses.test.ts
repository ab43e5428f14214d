import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '#lib/json.ts'
import { addressOf, targetsOf } from './event-addresses.ts'

const about = (data: JsonObject, subject = 'ids') => addressOf({ subject, data })
const targets = (data: JsonObject, subject = 'ids') =>
  targetsOf({ subject, data }).map(({ host, port, jail }) => `${host} ${port} ${jail}`)

describe('the addresses of an event', () => {
  it('are found by whatever name senders use, in one way to write them', () => {
    for (const name of ['ip', 'source_ip', 'src_ip', 'ip_address', 'source_address'])
      assert.equal(about({ [name]: '203.0.113.7' }), '203.0.113.7', name)
    assert.equal(about({ source: { ip: '203.0.113.7', port: 4 } }), '203.0.113.7')
    assert.equal(about({}, '203.0.113.7'), '203.0.113.7')
    assert.equal(about({ ip: '::ffff:203.0.113.7' }), '203.0.113.7')
    assert.equal(about({ ip: '2001:DB8:0:0::7' }), '2001:db8::7')
    assert.equal(about({ ip: 'fe80::1%eth0' }), 'fe80::1')
    assert.equal(about({ ip: '198.51.100.1', src_ip: '203.0.113.7' }), '198.51.100.1', 'ours first')
    assert.equal(about({ ip: 'web-01', src_ip: '203.0.113.7' }), '203.0.113.7', 'a name is none')
    for (const data of [{ ip: '203.0.113.0/24' }, { ip: 7 }, { ip: null }, { source: 'zeek' }, { dest_ip: '10.0.0.5' }])
      assert.equal(about(data), undefined, JSON.stringify(data))
  })

  it('tell what was touched', () => {
    assert.deepEqual(targets({ ip: '1.1.1.1', dest_ip: '10.0.0.5', dest_port: 22 }), ['10.0.0.5 22 null'])
    assert.deepEqual(targets({ src_ip: '1.1.1.1', destination: { ip: '::ffff:10.0.0.5', port: 443 } }), [
      '10.0.0.5 443 null',
    ])
    assert.deepEqual(targets({ ip: '1.1.1.1', host: 'web-01', dst_port: '80' }), ['web-01 80 null'])
    assert.deepEqual(targets({ ip: '1.1.1.1', jail: 'sshd' }), ['null null sshd'])
    assert.deepEqual(targets({ ip: '1.1.1.1', host: '1.1.1.1' }), [], 'not itself')
    assert.deepEqual(targets({ ip: '1.1.1.1', dest_port: 70_000 }), [])
    assert.deepEqual(
      targets({
        ip: '1.1.1.1',
        dest_ip: '10.0.0.5',
        evidence: { samples: ['10.0.0.5:22', '[2001:db8::5]:80', 'x:1', 7] },
      }),
      ['10.0.0.5 22 null', '2001:db8::5 80 null'],
    )
  })

  it('are read from anything at all', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('ip', 'source', 'destination', 'evidence', 'port', 'host'), fc.jsonValue()),
        (data) => {
          const event = { subject: 'x', data: data as JsonObject }
          assert.ok(targetsOf(event).length <= 20)
          return addressOf(event) === undefined || typeof addressOf(event) === 'string'
        },
      ),
      { numRuns: 200 },
    )
  })
})
