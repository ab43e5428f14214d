import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parsePing, pingCommandOf, pingFault } from './ping-command.ts'

describe('output of the ping command', () => {
  it('reads iputils and busybox', () => {
    const iputils =
      'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.\n64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.040 ms\n64 bytes from 192.0.2.1: icmp_seq=3 ttl=64 time=12.5 ms\n'
    assert.deepEqual(parsePing(iputils, 3), [0.04, Number.NaN, 12.5])
    const busybox =
      'PING 192.0.2.1 (192.0.2.1): 56 data bytes\n64 bytes from 192.0.2.1: seq=0 ttl=64 time=0.1 ms\n64 bytes from 192.0.2.1: seq=1 ttl=64 time=0.2 ms\n'
    assert.deepEqual(parsePing(busybox, 2), [0.1, 0.2])
    assert.deepEqual(parsePing('', 1), [Number.NaN])
  })

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat(300)), (noise, sequences) => {
        const lines = sequences.map((sequence) => `64 bytes from 192.0.2.1: icmp_seq=${sequence} time=1 ms${noise}`)
        const rtts = parsePing(lines.join('\n'), 5)
        return rtts.length === 5 && rtts.every((rtt) => Number.isNaN(rtt) || rtt === 1)
      }),
    )
  })
})

describe('the ping command', () => {
  const request = { address: '192.0.2.1', packets: 3, gapMs: 200, timeoutMs: 1500, size: 56, ttl: 5 }
  const lineOf = (changes: object, platform: NodeJS.Platform) => {
    const [command, args] = pingCommandOf({ ...request, ...changes }, platform)
    return `${command} ${args.join(' ')}`
  }

  it('is asked for in the words of the system', () => {
    assert.equal(lineOf({}, 'linux'), 'ping -n -c 3 -W 2 -i 0.2 -s 56 -t 5 192.0.2.1')
    assert.equal(
      lineOf({ address: 'fe80::1%eth0', gapMs: 10, source: 'fe80::2' }, 'linux'),
      'ping -6 -n -c 3 -W 2 -s 56 -t 5 -I fe80::2 fe80::1%eth0',
    )
    assert.equal(
      lineOf({ source: '192.0.2.9' }, 'darwin'),
      'ping -n -c 3 -W 1500 -i 0.2 -s 56 -m 5 -S 192.0.2.9 192.0.2.1',
    )
    assert.equal(lineOf({ address: '2001:db8::1' }, 'darwin'), 'ping6 -n -c 3 -i 0.2 -s 56 -h 5 2001:db8::1')
  })

  it('that finds nothing says whose fault it is', () => {
    const ownCode = (failure: Parameters<typeof pingFault>[0], stderr = '', source?: string) =>
      pingFault(failure, stderr, { address: '192.0.2.1', ...(source && { source }) })?.ownFault?.code
    assert.equal(ownCode({ code: 'ENOENT' }), 'no_permission')
    assert.equal(ownCode({ code: 'EPERM' }), 'no_permission')
    assert.equal(ownCode({ code: 'EMFILE' }), 'no_descriptors')
    assert.equal(ownCode({ code: 'EAGAIN' }), 'internal')
    assert.equal(ownCode({ code: 2 }, 'ping: socket: Operation not permitted'), 'no_permission')
    assert.equal(ownCode({ code: 2 }, 'ping: bind: Cannot assign requested address', '192.0.2.9'), 'local_network_down')
    assert.equal(ownCode({ code: 2 }, 'ping: what is that'), 'internal')
    assert.equal(
      pingFault({ code: 2 }, 'ping: connect: Network is unreachable', { address: '192.0.2.1' })?.icmpError?.code,
      'no_route',
    )
    assert.equal(
      pingFault({ code: 1 }, 'ping: sendto: Network unreachable', { address: '192.0.2.1' })?.icmpError?.code,
      'no_route',
    )
    for (const lost of [{ code: 1 }, { code: 'ABORT_ERR' }, { code: null }, null])
      assert.equal(pingFault(lost, '', { address: '192.0.2.1' }), undefined)
  })
})
