import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readAnswer, writeQuery } from '#lib/net/dns-message.ts'
import { dnsAnswer } from '../../test/fixtures/servers/dns-server.ts'
import { addressesIn } from './address-answer.ts'
import { readHostsFile } from './hosts-file.ts'
import { readNameSources } from './name-sources.ts'
import { numericHost } from './numeric-host.ts'
import { readResolvConf } from './resolv-conf.ts'

const RUNS = { numRuns: 3000 }
const query = writeQuery(4711, 'web.example', 'A')
const whole = dnsAnswer(query, { a: ['192.0.2.1', '192.0.2.2'], cname: 'alias.example', negativeTtl: 5 })
const nothing = dnsAnswer(query, { rcode: 3, negativeTtl: 5 })

const read = (message: Buffer) => {
  const answer = readAnswer(message, query)
  return answer && addressesIn(answer, 'web.example', 'A')
}

describe('DNS messages that nobody meant', () => {
  it('are read whatever they hold, and never come to more than addresses', () => {
    const head = fc.constantFrom(whole, nothing)
    fc.assert(
      fc.property(head, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 20 }), fc.nat(), (good, bytes, cut) => {
        const message = Buffer.from(good)
        for (const [at, value] of bytes) message[2 + (at % (message.length - 2))] = value
        const found = read(message.subarray(0, message.length - (cut % message.length)))
        if (found?.kind === 'addresses') for (const one of found.addresses) assert.match(one, /^\d+\.\d+\.\d+\.\d+$/)
      }),
      RUNS,
    )
  })

  it('are no answer where an address has another length than its type', () => {
    const message = Buffer.from(whole)
    // The alias becomes an address of the name that was asked for.
    message[message.indexOf(Buffer.of(0, 5, 0, 1)) + 1] = 1
    assert.equal(read(message), undefined)
    assert.equal(read(whole)?.kind, 'addresses')
  })

  it('are a refusal also without the question, and nothing else without it', () => {
    const bare = (rcode: number) => {
      const head = Buffer.alloc(12)
      head.writeUInt16BE(4711, 0)
      head.writeUInt16BE(0x8180 | rcode, 2)
      return head
    }
    assert.deepEqual(read(bare(5)), { kind: 'refused', rcode: 'REFUSED' })
    assert.deepEqual([read(bare(0)), read(bare(3))], [undefined, undefined])
  })

  it('are no answer when they are but bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const message = Buffer.from(bytes)
        if (message.length >= 2) message.writeUInt16BE(4711, 0)
        read(message)
      }),
      RUNS,
    )
  })
})

describe('files that nobody checked', () => {
  it('are read whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300, unit: 'binary' }),
        fc.constantFrom('nameserver ', 'options ', 'hosts: ', ''),
        (text, word) => {
          const line = `${word}${text}`
          const conf = readResolvConf(line, 'host.example')
          assert.ok(conf.servers.length >= 1 && conf.servers.length <= 3 && conf.ndots <= 15)
          assert.ok(readNameSources(line).length > 0)
          readHostsFile(line)
        },
      ),
      RUNS,
    )
  })

  it('hold every address that they were written with', () => {
    const entry = fc.tuple(fc.ipV4(), fc.domain())
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
        const hosts = readHostsFile(entries.map(([address, name]) => `${address}\t${name}`).join('\n'))
        for (const [address, name] of entries) assert.ok(hosts.get(name.toLowerCase())?.includes(address))
      }),
      { numRuns: 200 },
    )
  })

  it('mean the same address, however it is written', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (number) => {
        const bytes = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255)
        const text = bytes.join('.')
        assert.equal(numericHost(String(number)), text)
        assert.equal(numericHost(`0x${number.toString(16)}`), text)
        assert.equal(numericHost(`0${number.toString(8)}`), text)
        assert.equal(numericHost(`${bytes[0]}.${number & 0xff_ffff}`), text)
      }),
      { numRuns: 500 },
    )
  })
})

describe('resolv.conf', () => {
  const text = `# made by hand
nameserver 192.0.2.53
nameserver fe80::53%eth0
nameserver nonsense
nameserver [192.0.2.54]:70000
domain old.test
search lan.test. other.test
options ndots:3 timeout:2 attempts:9 rotate edns0 use-vc no-aaaa single-request
`
  it('says whom to ask, what to search and how', () => {
    assert.deepEqual(readResolvConf(text, 'host', {}), {
      servers: [
        { host: '192.0.2.53', port: 53 },
        { host: 'fe80::53%eth0', port: 53 },
      ],
      search: ['lan.test', 'other.test'],
      ndots: 3,
      timeoutMs: 2000,
      attempts: 5,
      rotate: true,
      edns: true,
      overTcp: true,
      noIpv6: true,
      oneByOne: true,
    })
  })

  it('is what it usually is where it does not say, and what the environment says in its place', () => {
    const { servers, search, ndots } = readResolvConf(undefined, 'host.lan.test', {})
    assert.deepEqual([servers, search, ndots], [[{ host: '127.0.0.1', port: 53 }], ['lan.test'], 1])
    const other = readResolvConf(text, 'host', { LOCALDOMAIN: 'a.test b.test', RES_OPTIONS: 'ndots:1' })
    assert.deepEqual([other.search, other.ndots], [['a.test', 'b.test'], 1])
  })
})
