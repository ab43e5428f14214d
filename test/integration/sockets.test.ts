import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { FAMILIES, TCP_STATES } from '#core/port/port-sample.ts'
import { lacksIpv6, lacksMultipath, lacksOwnNetwork } from '../fixtures/machine.ts'
import type { Zoo } from '../fixtures/socket-zoo.ts'

const skip = lacksOwnNetwork('ss') || lacksIpv6

describe('socket tables beside ss', { skip }, () => {
  let zoo: Zoo
  before(() => {
    const script = join(import.meta.dirname, '../fixtures/socket-zoo.ts')
    const output = execFileSync('unshare', ['-n', process.execPath, script], { encoding: 'utf8', timeout: 60_000 })
    zoo = JSON.parse(output) as Zoo
  })

  const fromSs = (side: 'local' | 'remote', port: number) =>
    FAMILIES.flatMap((family) => TCP_STATES.map((state) => zoo.ss[`${side} ${port} ${family} ${state}`] ?? 0))

  it('the fixture brought about what the test is about', () => {
    assert.ok(zoo.stable, 'the sockets kept changing')
    const states = new Set(Object.keys(zoo.ss).map((key) => key.split(' ')[3]))
    for (const state of [
      'ESTABLISHED',
      'SYN_SENT',
      'SYN_RECV',
      'FIN_WAIT1',
      'FIN_WAIT2',
      'TIME_WAIT',
      'CLOSE_WAIT',
      'LAST_ACK',
      'LISTEN',
    ])
      assert.ok(states.has(state), `no socket in ${state}`)
  })

  for (const way of ['netlink', 'listening', 'proc', 'many'] as const)
    it(`every port, side, family and state is as ss says: ${way}`, () => {
      assert.ok(zoo[way].length >= 3)
      for (const { port, local, remote } of zoo[way]) {
        assert.deepEqual(local, fromSs('local', port), `own port ${port}`)
        assert.deepEqual(remote, fromSs('remote', port), `far port ${port}`)
      }
    })

  it('a connection over IPv4 to a socket of IPv6 counts as IPv4', () => {
    const dual = zoo.netlink.find(({ port }) => port === 8080)!
    assert.ok(dual.local[0]! > 0 && dual.local[TCP_STATES.length]! > 0)
  })

  it('the queue of a listener and its limit are as ss says; the fallback does not know the limit', () => {
    const crowded = zoo.netlink.find(({ port }) => port === 9000)!
    assert.deepEqual(crowded.listeners, {
      count: 1,
      queue: zoo.ss['queue 9000'],
      limit: zoo.ss['limit 9000'],
      full: 1,
    })
    assert.ok(crowded.listeners.queue > crowded.listeners.limit!)
    const { queue, limit } = zoo.proc.find(({ port }) => port === 9000)!.listeners
    assert.deepEqual([queue, limit], [crowded.listeners.queue, null])
  })
})

describe('connections of MPTCP', { skip: lacksMultipath() || lacksIpv6 }, () => {
  it('count once each, by their own state and not by that of their subflows, beside plain ones', () => {
    const script = join(import.meta.dirname, '../fixtures/multipath-zoo.ts')
    const output = execFileSync('unshare', ['-n', process.execPath, script], { encoding: 'utf8', timeout: 60_000 })
    const found = JSON.parse(output)
    const first = {
      'local 7002 ipv4 ESTABLISHED': 3,
      'local 7002 ipv4 CLOSE_WAIT': 3,
      'local 7002 ipv4 LISTEN': 1,
      'remote 7002 ipv4 ESTABLISHED': 3,
      'remote 7002 ipv4 FIN_WAIT2': 3,
    }
    const second = {
      'local 7006 ipv4 ESTABLISHED': 1,
      'local 7006 ipv6 ESTABLISHED': 1,
      'local 7006 ipv6 LISTEN': 1,
      'remote 7006 ipv4 ESTABLISHED': 1,
      'remote 7006 ipv6 ESTABLISHED': 1,
    }
    const early = {
      'local 7008 ipv4 ESTABLISHED': 1,
      'local 7008 ipv4 LISTEN': 1,
      'remote 7008 ipv4 ESTABLISHED': 1,
    }
    const some = { ...first, ...second }
    assert.deepEqual(found, { one: first, some, early, listening: { ...some, ...early } })
  })
})
