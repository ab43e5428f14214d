import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LogRecord } from '#core/event/record.ts'
import type { ConnRecord, DnsRecord } from '#core/event/zeek-record.ts'
import type { JsonObject } from '#lib/json.ts'
import { conn, dns, failed, noise, notice, ssl } from '../../test/fixtures/zeek-records.ts'
import { createCorrelation } from './correlation.ts'
import { detectorTypes } from './index.ts'
import type { OwnPlaces } from './own-traffic.ts'
import { createDetections } from './run.ts'

const all = [...detectorTypes.values()]
const run = (records: readonly LogRecord[], options: Record<string, JsonObject> = {}, own?: () => OwnPlaces) => {
  const detections = createDetections(all, options, own)
  return [...records.flatMap((record) => detections.observe(record)), ...detections.flush()]
}
const told = (records: readonly LogRecord[], options: Record<string, JsonObject> = {}) =>
  run(records, options).map(({ severity, data }) => `${severity} ${data.detection_type}`)
const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

const every = (count: number, seconds: number, fields: Partial<ConnRecord>) =>
  times(count, (index) => conn(index * seconds, fields))
const ping = (at: number, serverIp: string, answered: boolean, fields: Partial<ConnRecord> = {}) =>
  conn(at, {
    proto: 'icmp',
    clientPort: 8,
    serverPort: 0,
    state: 'OTH',
    history: undefined,
    serverIp,
    serverPackets: answered ? 1 : 0,
    ...fields,
  })

const MINE = '10.0.0.9'
const own = (targets: readonly string[], names: readonly string[] = []): (() => OwnPlaces) => {
  const places = { addresses: new Set([MINE]), targets: new Set(targets), names: new Set(names) }
  return () => places
}

describe('what the server does itself', () => {
  const hosts = times(40, (index) => `192.0.2.${index + 1}`)

  it('is no scan, no rhythm and no wrong certificate', () => {
    const pings = hosts.map((ip, index) => ping(index * 0.1, ip, false, { clientIp: MINE }))
    const doors = hosts.map((ip, index) => failed(index * 0.1, { clientIp: MINE, serverIp: ip, serverPort: 22 }))
    const checks = times(100, (index) => [
      ssl(index * 30, { clientIp: MINE, serverIp: hosts[0]!, validationStatus: 'self signed certificate' }),
      conn(index * 30, { clientIp: MINE, serverIp: hosts[0]! }),
    ]).flat()
    for (const records of [pings, doors, checks]) {
      assert.deepEqual(run(records, {}, own(hosts)), [])
      assert.notDeepEqual(run(records), [], 'another machine is told')
    }
  })

  it('is known by the names of its targets, as the logs tell whose addresses they are', () => {
    const records = times(100, (index) => [
      dns(index * 30, 'Shop.example.net', { clientIp: MINE, answers: ['203.0.113.44'] }),
      conn(index * 30, { clientIp: MINE, serverIp: '203.0.113.44' }),
    ]).flat()
    assert.deepEqual(run(records, {}, own([], ['shop.example.net'])), [])
  })

  it('what its machine does elsewhere is judged as everybody’s', () => {
    const records = times(40, (index) =>
      failed(index * 0.1, { clientIp: MINE, serverIp: '198.51.100.3', serverPort: index + 1 }),
    )
    assert.equal(run(records, {}, own(hosts))[0]!.data.detection_type, 'port_scan')
  })
})

describe('what is expected on a network', () => {
  it('machines of ours that poll one another, in whatever networks', () => {
    const pairs = [
      ['10.0.0.5', '192.168.10.7', 9100],
      ['192.168.1.4', '10.1.1.1', 10_051],
      ['172.17.0.3', '10.2.0.8', 5432],
      ['192.168.1.4', '100.64.3.2', 41_112],
      ['2001:db8:10:1::5', '2001:db8:10:2::7', 9100],
    ] as const
    for (const [clientIp, serverIp, serverPort] of pairs)
      assert.deepEqual(told(every(200, 15, { clientIp, serverIp, serverPort })), [], serverIp)
    const odd = times(200, (index) => [
      ssl(index * 15, { serverIp: '192.168.10.7', serverPort: 8443, subject: 'CN=a', issuer: 'CN=a' }),
      conn(index * 15, { serverIp: '192.168.10.7', serverPort: 8443, service: 'ssl' }),
    ]).flat()
    assert.deepEqual(told(odd), ['MEDIUM ssl_self_signed', 'MEDIUM beaconing'])
  })

  it('names over TLS, calls that are kept open, tunnels; what only borrows such a port is told', () => {
    for (const fields of [
      { serverPort: 853, serverIp: '8.8.8.8' },
      { serverPort: 443, serverIp: '9.9.9.9' },
      { serverPort: 53, service: 'dns' },
      { serverPort: 19_302, proto: 'udp' },
      { serverPort: 3479, proto: 'udp' },
      { serverPort: 41_641, proto: 'udp' },
      { serverPort: 51_820, proto: 'udp' },
    ])
      assert.deepEqual(told(every(480, 60, fields)), [], JSON.stringify(fields))
    for (const fields of [{ serverPort: 53 }, { serverPort: 161 }, { serverPort: 1900 }, { serverPort: 4500 }])
      assert.deepEqual(told(every(480, 60, fields)), ['CRITICAL beaconing'], JSON.stringify(fields))
  })

  it('a page that reconnects to several hosts of one domain is one matter, and no catastrophe', () => {
    const records = times(140, (index) => {
      const host = index % 7
      const fields = { uid: `C${index}`, serverIp: `203.0.113.${host + 1}` }
      return [
        ssl(index * 3, { ...fields, serverName: `sock${host}.push.example.com` }),
        conn(index * 3, { ...fields, service: 'ssl' }),
      ]
    }).flat()
    assert.deepEqual(told(records), ['MEDIUM beaconing'])
  })

  it('clients of a server that is dead keep time for a while; for hours it is worth a word', () => {
    assert.deepEqual(told(times(100, (index) => failed(index * 3))), [])
    assert.deepEqual(told(times(60, (index) => failed(index * 5, { state: 'REJ', history: 'Sr' }))), [])
    assert.deepEqual(told(times(240, (index) => failed(index * 60))), ['HIGH beaconing'])
  })

  it('connections that are open at once last no longer than the time they cover', () => {
    const hours = (count: number) => count * 3_600_000
    const parallel = times(4, (index) => conn(index * 60, { serverPort: 993, durationMs: hours(3) }))
    assert.deepEqual(told(parallel), [])
    const growing = times(4, (index) => conn(0, { serverPort: 993, uid: 'C1', durationMs: hours(index + 1) }))
    assert.deepEqual(told(growing), [])
    const [event] = run([...growing, conn(0, { serverPort: 993, uid: 'C1', durationMs: hours(9) })])
    assert.match(String(event!.data.reason), /for 9 hours/)
    assert.deepEqual((event!.data.evidence as JsonObject).connections, 1)
    const short = times(720, (index) =>
      conn(index * 120, { serverPort: 993, durationMs: 61_000, serverIp: `203.0.113.9` }),
    )
    assert.ok(!told(short).some((one) => one.includes('HIGH long_connection')))
  })

  it('a ping of which half are answered, printers that are off, neighbours without updates, a swarm of peers', () => {
    const half = times(60, (index) => ping(index, `192.0.2.${index}`, index % 2 === 0))
    const printers = times(35, (index) => failed(index, { proto: 'udp', serverPort: 161, serverIp: `10.0.1.${index}` }))
    const updates = times(40, (index) => failed(index, { serverPort: 7680, serverIp: `10.0.1.${index}` }))
    const peers = times(120, (index) => {
      const peer = { serverIp: `198.51.100.${index}`, serverPort: 20_000 + ((index * 7919) % 40_000) }
      return index % 5 === 0 ? conn(index, { ...peer, serverBytes: 900_000 }) : failed(index, peer)
    })
    for (const records of [half, printers, updates, peers]) assert.deepEqual(told(records), [])
    const sweep = run(times(60, (index) => ping(index, `192.0.2.${index}`, index % 10 === 0)))
    assert.match(String(sweep[0]!.data.reason), /^10.0.0.5 pinged \d+ hosts, of which hardly any answered$/)
    assert.equal(sweep[0]!.data.dest_port, undefined)
  })

  it('a company’s own root in a chain is no certificate that signs itself', () => {
    for (const status of [
      'self signed certificate in certificate chain',
      'self-signed certificate in certificate chain',
    ]) {
      assert.deepEqual(told([ssl(0, { validationStatus: status, subject: 'CN=gsa.example', issuer: 'CN=Root' })]), [])
      assert.deepEqual(told([ssl(0, { validationStatus: status, subject: 'CN=me', issuer: 'CN=me' })]), [
        'MEDIUM ssl_self_signed',
      ])
    }
  })

  it('information of Zeek, and what its packages find', () => {
    const severities = {
      LOW: ['ProtocolDetector::Protocol_Found', 'ProtocolDetector::Server_Found'],
      MEDIUM: ['SSL::Invalid_Server_Cert'],
      HIGH: ['ATTACK::Lateral_Movement', 'CVE_2021_44228::LOG4J_ATTEMPT_HEADER', 'SSH::Password_Guessing'],
      CRITICAL: [
        'EternalSafety::EternalBlue',
        'Zerologon::Zerologon_Attack',
        'Cobalt_Strike::Beacon',
        'Corelight::C2',
        'SSH::Login_By_Password_Guesser',
      ],
    }
    for (const [severity, notes] of Object.entries(severities))
      for (const note of notes) assert.deepEqual(told([notice(0, note)]), [`${severity} zeek_notice`], note)
  })

  it('two views of one matter are no story', () => {
    const correlation = createCorrelation()
    const event = (type: string, data: JsonObject) => ({
      type,
      source: 'test',
      severity: 'HIGH' as const,
      subject: '203.0.113.1',
      at: 1000,
      receivedAt: 1000,
      monitorId: null,
      data: { ip: '203.0.113.1', ...data },
    })
    const views = [
      event('fail2ban_ban', {}),
      event('fail2ban_action', { action: 'ban_failed' }),
      event('zeek_detection', { detection_type: 'dga' }),
    ]
    assert.deepEqual(correlation.observe(views.slice(0, 2)).events.length, 2)
    assert.equal(correlation.observe(views.slice(2)).events[0]!.type, 'correlation')
  })

  it('what an operator names for a detector or for all of them', () => {
    const records = every(200, 15, { clientIp: '10.0.0.8' })
    assert.deepEqual(told(records, { beaconing: { ignore: ['10.0.0.0/29', '10.0.0.8'] } }), [])
  })
})

describe('what is ordinary where nobody sees names', () => {
  const hours = (count: number) => count * 3_600_000
  const rhythm = (count: number, gap: (index: number) => number, fields: Partial<ConnRecord> = {}) => {
    let at = 0
    return times(count, (index) => {
      at += gap(index)
      return conn(at, { serverPort: 80, ...fields })
    })
  }
  // Other logs begin earlier: what lies a day back is not provisional.
  const earlier = conn(-80_000, { clientIp: '10.0.0.77', serverIp: '203.0.113.200' })

  it('a few calls to a web server are a rhythm only where they keep time like nothing benign', () => {
    const uneven = rhythm(60, (index) => 60 + ((index * 7919) % 97) ** 2 / 6, { clientIpBytes: 700 })
    assert.deepEqual(told([earlier, ...uneven]), [])
    assert.deepEqual(told([earlier, ...rhythm(24, () => 3600)]), ['CRITICAL beaconing'])
  })

  it('what is told once of a program is not told of each of its servers', () => {
    const pair = times(24, (index) => [
      conn(index * 3600, { serverPort: 80 }),
      conn(index * 3600 + 1, { serverPort: 80, serverIp: '198.51.100.80' }),
    ]).flat()
    assert.deepEqual(told([earlier, ...pair]), ['CRITICAL beaconing'])
  })

  it('connections that wait over TLS all day count for the list only; what they are not is told', () => {
    const waiting = { serverPort: 443, service: 'ssl', durationMs: hours(22) }
    const detections = createDetections(all, {}, undefined, { signals: true })
    const [signal] = detections.observe(conn(0, waiting))
    assert.deepEqual([signal!.type, signal!.severity], ['zeek_signal', 'LOW'])
    assert.deepEqual(told([conn(0, waiting)]), [])
    assert.deepEqual(told([conn(0, { ...waiting, service: undefined })]), ['HIGH long_connection'])
    assert.deepEqual(told([conn(0, { ...waiting, clientBytes: 5e8, serverBytes: 1e6 })]), ['HIGH long_connection'])
    assert.deepEqual(told([conn(0, { ...waiting, serverPort: 4444 })]), ['HIGH long_connection'])
    const unproven = ssl(0, { subject: 'CN=a', issuer: 'CN=a' })
    assert.deepEqual(told([unproven, conn(0, waiting)]), ['MEDIUM ssl_self_signed', 'HIGH long_connection'])
  })

  it('a chain whose root the sensor does not know, and calls between browsers, whose certificates sign themselves', () => {
    const note = 'SSL::Invalid_Server_Cert'
    const why = (message: string) => ({ message: `SSL certificate validation failed with (${message})` })
    assert.deepEqual(told([notice(0, note, why('unable to get local issuer certificate'))]), [])
    assert.deepEqual(told([notice(0, note, { ...why('self signed certificate'), proto: 'udp' })]), [])
    assert.deepEqual(told([notice(0, note, why('self signed certificate'))]), ['MEDIUM zeek_notice'])
    assert.deepEqual(told([ssl(0, { validationStatus: 'self signed certificate', version: 'DTLSv12' })]), [])
  })
})

describe('look-ups', () => {
  const ask = (count: number, make: (index: number) => readonly [string, Partial<DnsRecord>?]) =>
    times(count, (index) => {
      const [name, fields] = make(index)
      return dns(index * 6, name, fields)
    })
  const hex = (index: number, length: number) =>
    times(length, (place) => '0123456789abcdef'[(index * 7 + place * place * 5 + ((index * place) % 13)) % 16]).join('')

  it('of digests in lists, known by name or by what they are', () => {
    assert.deepEqual(told(ask(300, (index) => [`${hex(index, 40)}.ebl.msbl.org`, { responseCode: 'NXDOMAIN' }])), [])
    assert.deepEqual(
      told(ask(300, (index) => [`${hex(index, 40)}.hashes.example.net`, { responseCode: 'NXDOMAIN' }])),
      [],
    )
    const selectors = ask(300, (index) => [`${noise(index, 32)}._domainkey.amazonses.com`, { queryType: 'TXT' }])
    assert.deepEqual(told(selectors), [])
  })

  it('of a mail server, for whoever writes to it', () => {
    const invented = times(12, (index) => `${noise(index, 14)}.com`)
    const mail = invented.flatMap((name, index) => [
      dns(index * 60, name, { queryType: 'MX', responseCode: 'NXDOMAIN' }),
      dns(index * 60 + 1, name, { responseCode: 'NXDOMAIN' }),
    ])
    assert.deepEqual(told(mail), [])
    const bot = invented.map((name, index) => dns(index * 60, name, { responseCode: 'NXDOMAIN' }))
    assert.deepEqual(told(bot), ['MEDIUM dga'])
  })

  it('of a resolver for everybody are not those of one client', () => {
    const resolver = ask(300, (index) => [
      `${noise(index, 22)}.cdn.example.net`,
      { serverIp: `198.51.100.${index % 40}`, clientIp: '10.0.0.53' },
    ])
    assert.deepEqual(told(resolver), [])
  })

  it('below local names are a tunnel where a public server is asked', () => {
    const tunnel = (zone: string, serverIp: string) =>
      told(
        ask(300, (index) => [`${noise(index, 55)}.${noise(index + 999, 55)}.${zone}`, { queryType: 'TXT', serverIp }]),
      )
    for (const zone of ['lan', 'home']) {
      assert.equal(tunnel(zone, '203.0.113.53')[0], 'HIGH dns_tunneling')
      assert.deepEqual(tunnel(zone, '10.0.0.1'), [])
    }
  })

  it('an address in a name excuses itself, and not what stands beside it', () => {
    const beside = ask(300, (index) => [
      `${noise(index, 50)}.10-0-0-72.${noise(index + 99, 20)}.example.net`,
      { queryType: 'TXT' },
    ])
    assert.equal(told(beside)[0], 'HIGH dns_tunneling')
    const cloud = ask(300, (index) => [`ec2-10-0-${index % 250}-${index % 199}.compute.example.net`])
    assert.deepEqual(told(cloud), [])
  })
})

describe('names that only the client says', () => {
  const calls = (serverName: string, fields: object = {}) =>
    times(480, (index) => [
      ssl(index * 60, { uid: `C${index}`, serverName, ...fields }),
      conn(index * 60, { uid: `C${index}`, service: 'ssl' }),
    ]).flat()
  const answered = (name: string, address: string) => dns(0, name, { answers: [address] })

  it('prove nothing where the name was looked up and stands elsewhere', () => {
    const borrowed = [answered('www.microsoft.com', '198.51.100.80'), ...calls('www.microsoft.com')]
    assert.deepEqual(told(borrowed), ['MEDIUM beaconing', 'CRITICAL beaconing'])
  })

  it('are believed where DNS gave the address, a certificate proved it, or nobody looked anything up', () => {
    assert.deepEqual(told([answered('www.microsoft.com', '203.0.113.9'), ...calls('www.microsoft.com')]), [])
    assert.deepEqual(told(calls('www.microsoft.com')), [])
    const proven = calls('www.microsoft.com', { validationStatus: 'ok' })
    assert.deepEqual(told([answered('www.microsoft.com', '198.51.100.80'), ...proven]), [])
  })

  it('of machines that anybody can rent are nobody’s service', () => {
    for (const name of ['7.113.0.203.bc.googleusercontent.com', 'abc-8080.euw.devtunnels.visualstudio.com'])
      assert.deepEqual(told(calls(name)), ['MEDIUM beaconing', 'CRITICAL beaconing'], name)
  })
})
