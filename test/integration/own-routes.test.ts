import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { lacksIpv6, lacksOwnNetwork } from '../fixtures/machine.ts'

const SCRIPT = fileURLToPath(new URL('../fixtures/own-routes.ts', import.meta.url))
const BLACKHOLE = /^no_permission: .*a route of this machine discards packets to it \(blackhole\)$/

describe('what this machine itself keeps from being reached', { skip: lacksOwnNetwork() || lacksIpv6 }, () => {
  let looks: Readonly<Record<string, string>>
  let taken: Readonly<Record<string, readonly string[]>>
  let names: readonly (string | null)[]
  before(() => {
    const said = execFileSync('unshare', ['-n', process.execPath, SCRIPT], { encoding: 'utf8' })
    ;({ looks, taken, names } = JSON.parse(said))
  })

  it('by a blackhole route is no fault of the host, whoever looks', () => {
    for (const host of ['198.18.9.1', '2001:2::9'])
      for (const type of ['icmp', 'tcp', 'http', 'tls', 'dns']) assert.match(looks[`${type} ${host}`]!, BLACKHOLE)
  })

  it('by a prohibit route is none either', () => {
    for (const type of ['icmp', 'tcp', 'http', 'tls', 'dns'])
      assert.match(looks[`${type} 198.18.9.2`]!, /^no_permission: .*this machine/)
  })

  it('an unreachable route says what it says of a host that is away', () => {
    for (const type of ['icmp', 'tcp', 'http', 'tls', 'dns'])
      assert.match(looks[`${type} 198.18.9.3`]!, /^unreachable: .*unreachable/)
  })

  it('an address that lacks its zone is one that cannot be sent to', () => {
    for (const type of ['icmp', 'tcp']) assert.match(looks[`${type} fe80::9`]!, /^bad_address: /)
    assert.equal(
      looks['icmp fe80::9'],
      'bad_address: fe80::9 cannot be pinged: it is no address that can be sent to from here',
    )
  })

  it('nobody else takes over the id of our pings', () => {
    assert.deepEqual(taken, { '127.0.0.1': ['ok', 'EADDRINUSE', 'ok'], '::1': ['ok', 'EADDRINUSE', 'ok'] })
  })

  it('a resolver without a way to it is an answer as well', () => {
    assert.deepEqual(names, [null, 'EINVAL'])
  })
})
