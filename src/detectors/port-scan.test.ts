import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '#lib/json.ts'
import { conn, failed } from '../../test/fixtures/zeek-records.ts'
import { detectorTypes } from './index.ts'
import { createDetections } from './run.ts'

const SCANNER = '198.51.100.7'

const run = (records: Iterable<ReturnType<typeof conn>>, options: JsonObject = {}) => {
  const detections = createDetections([detectorTypes.get('port_scan')!], { port_scan: options })
  return [...records].flatMap((record) => detections.observe(record))
}

const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

describe('port scan', () => {
  it('many ports of one host', () => {
    const events = run(
      times(60, (index) => failed(index / 2, { clientIp: SCANNER, serverIp: '10.0.0.5', serverPort: 1000 + index })),
    )
    assert.equal(events[0]!.data.scan, 'vertical')
    assert.deepEqual(
      events.map(({ severity }) => severity),
      ['LOW', 'HIGH'],
    )
    assert.equal(events[0]!.data.ports_count, 15)
    assert.equal(events[0]!.data.dest_ip, '10.0.0.5')
    assert.equal(events[0]!.data.ip, SCANNER)
  })

  it('one port of many hosts, from inside', () => {
    const events = run(
      times(30, (index) => failed(index * 10, { clientIp: '10.0.0.5', serverIp: `10.0.1.${index}`, serverPort: 445 })),
    )
    assert.equal(events.length, 1)
    assert.equal(events[0]!.data.scan, 'horizontal')
    assert.equal(events[0]!.data.dest_port, 445)
  })

  it('a slow one, by first contacts', () => {
    const events = run(
      times(30, (index) => failed(index * 1800, { clientIp: '10.0.0.5', serverIp: `10.0.1.${index}`, serverPort: 22 })),
    )
    assert.equal(events.length, 1)
    assert.equal((events[0]!.data.evidence as JsonObject).counter, 'failing first contacts')
  })

  it('a slow one of one host, by first contacts with ports', () => {
    const events = run(times(120, (index) => failed(index * 300, { serverPort: 1 + index })))
    assert.equal(events[0]!.data.scan, 'vertical')
    assert.equal(events[0]!.data.ports_count, 40)
    assert.equal((events[0]!.data.evidence as JsonObject).counter, 'failing first contacts with ports')
  })

  it('a slow one from outside, below every window, over many hosts and ports; what comes too late or every day is none', () => {
    const knock = (index: number, fields: object = {}) =>
      failed(index * 2700, {
        clientIp: SCANNER,
        clientPort: 50_000,
        serverIp: `10.0.0.${index % 5}`,
        serverPort: 1000 + ((index * 613) % 9000),
        ...fields,
      })
    const [event] = run(times(30, (index) => knock(index)))
    assert.equal(event!.severity, 'LOW')
    assert.deepEqual((event!.data.evidence as JsonObject).counter, 'failing first contacts from outside')
    assert.deepEqual((event!.data.evidence as JsonObject).targets, 20)
    const inside = times(30, (index) => knock(index, { clientIp: '10.0.0.5', serverIp: '203.0.113.9' }))
    assert.deepEqual(run(inside), [])
    const services = [
      7, 17, 19, 53, 69, 111, 123, 137, 161, 389, 427, 500, 520, 623, 1434, 1604, 1900, 3283, 3478, 3702, 5060,
    ]
    const byUdp = services.map((serverPort, index) =>
      knock(index, { proto: 'udp', history: 'D', serverPort, serverIp: '10.0.0.5' }),
    )
    assert.equal(run(byUdp).length, 1)
    const late = times(30, (index) => knock(index, { proto: 'udp', history: 'D', clientPort: 53 }))
    assert.deepEqual(run(late), [])
    const everyDay = times(60, (index) =>
      failed(Math.floor(index / 12) * 86_400 + (index % 12) * 1000, {
        clientIp: SCANNER,
        serverIp: '10.0.0.5',
        serverPort: 8000 + (index % 12),
      }),
    )
    assert.deepEqual(run(everyDay), [])
  })

  it('a service of UDP on many hosts, but no resolver that some servers do not answer', () => {
    const sweep = (serverPort: number) =>
      times(60, (index) => failed(index, { proto: 'udp', history: 'D', serverIp: `203.0.113.${index}`, serverPort }))
    assert.equal(run(sweep(161))[0]!.data.scan, 'horizontal')
    assert.deepEqual(run(sweep(53)), [])
    assert.deepEqual(run(sweep(6881)), [])
  })

  it('one without handshakes, but not the last packets of conversations', () => {
    for (const history of ['F', 'Fr', 'A', 'Ar', 'r', undefined]) {
      const bare = { state: 'OTH', history }
      assert.equal(
        run(times(60, (index) => failed(index / 2, { ...bare, serverPort: 1 + index })))[0]?.data.scan,
        'vertical',
      )
      assert.deepEqual(
        run(times(60, (index) => failed(index / 2, { ...bare, clientPort: 443, serverPort: 40_000 + index }))),
        [],
      )
    }
  })

  it('a fast one that mostly finds somebody', () => {
    const tiny = { clientBytes: 120, serverBytes: 300, serverPort: 80 }
    const events = run(
      times(24, (index) =>
        index % 3 === 2
          ? failed(index, { serverIp: `203.0.113.${index}`, serverPort: 80 })
          : conn(index, { ...tiny, serverIp: `203.0.113.${index}` }),
      ),
    )
    assert.equal(events.length, 1)
    assert.equal((events[0]!.data.evidence as JsonObject).counter, 'many hosts in a minute')
  })

  it('keeps quiet about a browser, a dead server that is tried for ever, and pages from many hosts', () => {
    assert.deepEqual(run(times(60, (index) => conn(index / 2, { serverIp: `203.0.113.${index}` }))), [])
    assert.deepEqual(run(times(5000, (index) => failed(index * 10, { serverIp: '203.0.113.9' }))), [])
    assert.deepEqual(
      run(
        times(200, (index) =>
          (index % 2 ? failed : conn)(index * 20, { serverIp: `203.0.113.${index}`, serverBytes: 90_000 }),
        ),
      ),
      [],
    )
  })

  it('tells an episode once, and again after half a day of silence', () => {
    const burst = (fromS: number) =>
      times(40, (index) =>
        failed(fromS + index * 4, { clientIp: SCANNER, serverIp: '10.0.0.5', serverPort: 1000 + index }),
      )
    const hour = 3600
    assert.equal(run([...burst(0), ...burst(2 * hour)]).length, 1)
    assert.equal(run([...burst(0), conn(7 * hour), conn(14 * hour), ...burst(15 * hour)]).length, 2)
  })

  it('leaves out what is expected', () => {
    const records = times(60, (index) =>
      failed(index, { clientIp: '10.0.0.250', serverIp: '10.0.0.5', serverPort: 1000 + index }),
    )
    assert.deepEqual(run(records, { ignore: ['10.0.0.250/32'] }), [])
  })

  it('a flood from a million invented addresses costs bounded memory', () => {
    const detections = createDetections([detectorTypes.get('port_scan')!])
    for (let index = 0; index < 150_000; index++)
      detections.observe(
        failed(index / 1000, {
          clientIp: `11.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
          serverIp: '10.0.0.5',
        }),
      )
    const { tracked, forgotten } = detections.stats().detectors.port_scan!
    assert.ok(tracked <= 100_000)
    assert.ok(forgotten >= 50_000)
  })
})
