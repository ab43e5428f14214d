import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DnsRecord } from '#core/event/zeek-record.ts'
import type { JsonObject } from '#lib/json.ts'
import { failed } from '#lib/result.ts'
import { dns, noise } from '../../test/fixtures/zeek-records.ts'
import { madeName } from './dga-features.ts'
import { dgaModelOf, loadDgaModel } from './dga-model.ts'
import { detectorTypes } from './index.ts'
import { splitName } from './registered-domain.ts'
import { createDetections } from './run.ts'

const run = (name: string, records: readonly DnsRecord[], options: JsonObject = {}) => {
  const detections = createDetections([detectorTypes.get(name)!], { [name]: options })
  return [...records.flatMap((record) => detections.observe(record)), ...detections.flush()]
}

const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

const WORDS =
  'river stone garden market window silver cloud forest bridge letter music winter summer paper glass orange'.split(' ')
const chosen = (index: number) => `${WORDS[index % 16]}${WORDS[(index * 7 + (index >> 4)) % 16]}.com`

describe('DNS tunnelling', () => {
  const tunnel = (everyS: number, count: number, type: string) =>
    times(count, (index) => dns(index * everyS, `${noise(index, 40)}.t.example.org`, { queryType: type }))

  it('finds one in use, once for each order of size', () => {
    const events = run('dns_tunneling', tunnel(1, 300, 'TXT'))
    assert.equal(events[0]!.data.domain, 'example.org')
    assert.equal(events[0]!.severity, 'HIGH')
    assert.ok(events.length <= 2)
  })

  it('finds one that whispers, and one that asks for addresses only', () => {
    assert.equal(run('dns_tunneling', tunnel(120, 200, 'A')).length, 1)
  })

  it('finds one that whispers so little that only its types and its long names tell', () => {
    assert.equal(run('dns_tunneling', tunnel(900, 96, 'TXT')).length, 1)
    assert.deepEqual(run('dns_tunneling', tunnel(900, 96, 'A')), [])
  })

  it('finds one with short names of a type that nobody asks for', () => {
    assert.equal(
      run(
        'dns_tunneling',
        times(60, (index) => dns(index, `${noise(index, 8)}.example.org`, { queryType: 'NULL' })),
      ).length,
      1,
    )
  })

  it('finds one that talks to its server without a domain', () => {
    assert.equal(
      run(
        'dns_tunneling',
        times(60, (index) => dns(index, `dnscat.${noise(index, 40)}1`, { queryType: 'TXT' })),
      ).length,
      1,
    )
  })

  it('keeps quiet about block lists, reverse zones, content networks and many subdomains of words', () => {
    const names = [
      (index: number) => `${index % 256}.${(index * 7) % 256}.2.0.zen.spamhaus.org`,
      (index: number) => `${index % 256}.${(index * 7) % 256}.168.192.in-addr.arpa`,
      (index: number) => `${noise(index, 32)}.cloudfront.net`,
      (index: number) => `ip-10-0-${index % 8}-${index % 250}.eu-west-1.compute.example.net`,
      (index: number) => `${index % 256}.${(index * 7) % 256}.2.0.list-of-our-own.example.org`,
      (index: number) => `${WORDS[index % 16]}-${WORDS[(index * 5) % 16]}.example.org`,
    ]
    for (const name of names)
      assert.deepEqual(
        run(
          'dns_tunneling',
          times(500, (index) => dns(index, name(index), { queryType: 'A' })),
        ),
        [],
        name(1),
      )
  })

  it('leaves an allowed domain alone', () => {
    assert.deepEqual(run('dns_tunneling', tunnel(1, 300, 'TXT'), { allow: ['example.org'] }), [])
  })
})

describe('names made by a program', () => {
  const missing = { responseCode: 'NXDOMAIN' }

  it('finds a machine by names that do not exist, once', () => {
    const events = run(
      'dga',
      times(100, (index) => dns(index * 5, `${noise(index, 14)}.biz`, missing)),
    )
    assert.equal(events.length, 1)
    assert.equal(events[0]!.data.detection_type, 'dga')
    assert.ok((events[0]!.data.names as string[]).length > 0)
  })

  it('finds names of dictionary words when most of very many do not exist', () => {
    const events = run(
      'dga',
      times(120, (index) => dns(index * 5, chosen(index), missing)),
    )
    assert.equal((events[0]!.data.evidence as JsonObject).test, 'very many names that do not exist')
  })

  it('keeps quiet about chosen names, a few odd ones, and the suffix of a misconfigured machine', () => {
    assert.deepEqual(
      run(
        'dga',
        times(200, (index) => dns(index * 60, chosen(index))),
      ),
      [],
    )
    assert.deepEqual(
      run(
        'dga',
        times(200, (index) => dns(index * 60, index % 40 ? chosen(index) : `${noise(index, 12)}.com`)),
      ),
      [],
    )
    assert.deepEqual(
      run(
        'dga',
        times(200, (index) => dns(index, `${noise(index, 10)}.corp.example.com`, missing)),
      ),
      [],
    )
    assert.deepEqual(
      run(
        'dga',
        times(200, (index) => dns(index, noise(index, 10), missing)),
      ),
      [],
    )
  })

  it('the model is refused when it is damaged', () => {
    assert.deepEqual(dgaModelOf({}), failed('not a model of format 1'))
    assert.ok(loadDgaModel().thresholds.permille > loadDgaModel().thresholds.percent)
  })
})

describe('registered domains', () => {
  const cases: readonly [string, string, string][] = [
    ['www.example.com', 'example.com', 'www'],
    ['a.b.example.co.uk', 'example.co.uk', 'a.b'],
    ['example.com.ar', 'example.com.ar', ''],
    ['example.com.', 'example.com', ''],
    ['x.8', '', 'x.8'],
    ['host', '', 'host'],
    ['', '', ''],
    ['.', '', ''],
    ['.com', '.com', ''],
  ]
  for (const [name, domain, prefix] of cases)
    it(JSON.stringify(name), () => assert.deepEqual(splitName(name), { domain, prefix }))

  it('below a dynamic domain the label in front is the name', () => {
    assert.deepEqual(madeName('www.x7k2.ddns.net'), { domain: 'x7k2.ddns.net', label: 'x7k2', suffix: 'ddns.net' })
    assert.equal(madeName('localhost'), undefined)
  })
})
