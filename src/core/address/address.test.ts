import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { banHistory } from '../ban/ban-history.ts'
import type { VigiaEvent } from '../event/event.ts'
import { createAddressRecord } from './address-record.ts'
import { createMostSeen } from './most-seen.ts'
import { createNeighbours } from './neighbours.ts'
import { likeAddress, networkOf, networksHolding, readAddress } from './networks.ts'

const HOUR = 3_600_000
let id = 0
const event = (changes: Partial<VigiaEvent>): VigiaEvent => ({
  id: ++id,
  type: 'ids',
  source: 'api',
  severity: 'LOW',
  subject: 'x',
  at: 100 * HOUR,
  receivedAt: 100 * HOUR,
  monitorId: null,
  data: {},
  ...changes,
})

describe('an address', () => {
  it('is read however it is written, and what is none is not', () => {
    for (const [text, address] of [
      ['203.0.113.7', '203.0.113.7'],
      [' ::FFFF:203.0.113.7 ', '203.0.113.7'],
      ['[::ffff:cb00:7107]', '203.0.113.7'],
      ['2001:0db8:0000::0007%eth0', '2001:db8::7'],
    ] as const)
      assert.equal(readAddress(text), address, text)
    for (const text of ['', 'web-01', '203.0.113.0/24', '300.1.1.1', '1.2.3', '::g', '%', 'x'.repeat(200)])
      assert.equal(readAddress(text), undefined, text)
  })

  it('has a network, others that hold it, and a text that all its forms have in them', () => {
    assert.equal(networkOf('203.0.113.7'), '203.0.113.0/24')
    assert.equal(networkOf('2001:db8:1:2:3::4'), '2001:db8:1:2::/64')
    const networks = networksHolding('203.0.113.7')
    assert.deepEqual([networks[0], networks.at(-1), networks.length], ['203.0.113.7', '203.0.0.0/8', 25])
    assert.equal(networksHolding('2001:db8::7').at(-1), '2001:db8::/32')
    for (const [address, like] of [
      ['203.0.113.7', '%203.0.113.7%'],
      ['2001:db8::7', '%2001:%db8%'],
      ['2001:db8:0:1::7', '%2001:%db8%'],
      ['::1', '%::1%'],
    ] as const)
      assert.equal(likeAddress(address), like, address)
  })

  it('has a record that stays small, whatever the events are called', () => {
    const record = createAddressRecord('203.0.113.7')
    for (let n = 0; n < 3000; n++)
      record.note(
        event({ data: { ip: '203.0.113.7', alertname: `${n}`.repeat(200), dest_ip: `10.0.${n >> 8}.${n & 255}` } }),
      )
    record.note(event({ data: { ip: '203.0.113.7', detection_type: { a: 1 } } }))
    assert.equal(record.note(event({ data: { ip: '203.0.113.77', text: '203.0.113.7' } })), false, 'only mentioned')
    assert.equal(record.note(event({ data: { ip: '10.0.0.1', dst_ip: '203.0.113.7' } })), true, 'the other end')
    const { all, kinds, targets, latest, ids, contacts, counts } = record.result()
    assert.deepEqual([all?.count, counts.about, counts.touched, contacts[0]?.address], [3002, 3001, 1, '10.0.0.1'])
    assert.deepEqual([kinds.length, targets.length, latest.length, ids.length], [30, 50, 50, 500])
    assert.ok(kinds.every(({ kind }) => kind.length <= 100 && !kind.includes('[object')))
  })

  it('stands beside others of its network and owner, and at its targets within the hour', () => {
    const neighbours = createNeighbours({
      address: '203.0.113.7',
      owner: 'Example',
      asn: null,
      targets: new Set(['10.0.0.5']),
      hours: new Set([100]),
    })
    const at = (hours: number) => hours * HOUR
    neighbours.note(event({ data: { ip: '203.0.113.9', owner: 'Example', dest_ip: '10.0.0.5' }, at: at(101) }))
    neighbours.note(event({ data: { src_ip: '192.0.2.1', dest_ip: '10.0.0.5' }, at: at(99), severity: 'HIGH' }))
    neighbours.note(event({ data: { src_ip: '192.0.2.2', dest_ip: '10.0.0.5' }, at: at(103) }))
    neighbours.note(event({ data: { ip: '192.0.2.3', owner: 'Example' }, at: at(5) }))
    neighbours.note(event({ data: { ip: '203.0.113.7', dest_ip: '10.0.0.5' } }))
    assert.deepEqual(
      neighbours.top(10).map(({ address, why }) => [address, why.join()]),
      [
        ['203.0.113.9', 'network,owner,targets'],
        ['192.0.2.1', 'targets'],
        ['192.0.2.3', 'owner'],
      ],
    )
  })

  it('stands before others by its open alerts, then by severity, then by events', () => {
    const seen = createMostSeen()
    for (let n = 0; n < 9; n++) seen.event(event({ data: { ip: '192.0.2.1' } }))
    seen.event(event({ data: { src_ip: '192.0.2.2', country: 'AR' }, severity: 'CRITICAL' }))
    seen.event(event({ data: { ip: '192.0.2.3' } }))
    seen.openAlert(event({ data: {}, subject: '192.0.2.3', type: 'fail2ban_ban' }))
    seen.event(event({ data: { ip: '192.0.2.4', action: 'unban' } }))
    assert.deepEqual(
      seen.top(10).map(({ address, alerts, count, country }) => [address, alerts, count, country]),
      [
        ['192.0.2.3', 1, 1, null],
        ['192.0.2.2', 0, 1, 'AR'],
        ['192.0.2.1', 0, 9, null],
      ],
    )
  })

  it('was banned by tools and people, until it ended or somebody lifted it', () => {
    const ip = '203.0.113.7'
    const ban = (at: number, data: object) =>
      event({ type: 'fail2ban_ban', source: 'fail2ban:f', at, data: { ip, jail: 'sshd', ...data } })
    const unban = (at: number) =>
      event({ type: 'fail2ban_action', source: 'fail2ban:f', at, data: { ip, jail: 'sshd', action: 'unban' } })
    const history = banHistory(
      [
        ban(5 * HOUR, { manual: true, by: 'ana', comment: 'again', expiry: new Date(50 * HOUR).toISOString() }),
        unban(4 * HOUR),
        ban(3 * HOUR, { expiry: new Date(9 * HOUR).toISOString() }),
        unban(2 * HOUR),
        ban(HOUR, { failures: 5, expiry: 'nonsense' }),
      ],
      [{ at: 4 * HOUR + 20, by: 'eva', jail: 'sshd', ip }],
      10 * HOUR,
    )
    assert.deepEqual(
      history.map(({ since, until, isOver, by, reason, liftedBy }) => [
        since / HOUR,
        until! / HOUR,
        isOver,
        by,
        reason,
        liftedBy,
      ]),
      [
        [5, 50, false, 'ana', 'again', null],
        [3, 4, true, null, null, 'eva'],
        [1, 2, true, null, null, null],
      ],
    )
  })
})
