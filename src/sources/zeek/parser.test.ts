import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { ConnRecord, ZeekRecord } from '#core/event/zeek-record.ts'
import { createLineSplitter } from '../line-splitter.ts'
import { createZeekParser } from './parser.ts'

const header = (fields: string, path = 'conn', separator = '\t', shown = '\\x09') =>
  [
    `#separator ${shown}`,
    `#set_separator${separator},`,
    `#empty_field${separator}(empty)`,
    `#unset_field${separator}-`,
    `#path${separator}${path}`,
    `#fields${separator}${fields.replaceAll(' ', separator)}`,
  ].join('\n')

const CONN =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp history orig_pkts orig_ip_bytes resp_pkts'
const LINE = '1700000000.250000 C1 10.0.0.1 40000 192.0.2.7 443 tcp ssl 1.5 100 2000 SF T F ShADadFf 5 320 4'

const readAll = (text: string | Buffer, path = '') => {
  const parser = createZeekParser(path)
  const records: ZeekRecord[] = []
  const splitter = createLineSplitter(
    (bytes, start, end) => {
      const record = parser.read(bytes, start, end)
      if (record) records.push(record)
    },
    () => parser.refuse('too long'),
  )
  splitter.push(Buffer.from(text))
  splitter.end()
  return { records, counts: parser.counts(), kind: parser.kind() }
}

const tsv = (fields: string, ...lines: string[]) =>
  readAll([header(fields), ...lines.map((line) => line.replaceAll(' ', '\t'))].join('\n'))

describe('TSV', () => {
  it('reads a connection', () => {
    const { records, counts } = tsv(CONN, LINE)
    assert.deepEqual(records, [
      {
        source: 'zeek',
        kind: 'conn',
        timeMs: 1_700_000_000_250,
        endMs: 1_700_000_001_750,
        uid: 'C1',
        clientIp: '10.0.0.1',
        clientPort: 40_000,
        serverIp: '192.0.2.7',
        serverPort: 443,
        proto: 'tcp',
        service: 'ssl',
        durationMs: 1500,
        clientBytes: 100,
        serverBytes: 2000,
        clientIpBytes: 320,
        state: 'SF',
        history: 'ShADadFf',
        clientPackets: 5,
        serverPackets: 4,
        clientLocal: true,
        serverLocal: false,
      },
    ])
    assert.equal(counts.bad, 0)
  })

  it('takes the columns from #fields, wherever they stand and however they are spelled', () => {
    const [record] = tsv(
      '_node_name proto dst src_port ts conn_state src dst_port',
      'w1 udp 192.0.2.7 53 12.5 S0 fe80::1 5353',
    ).records
    assert.partialDeepStrictEqual(record, {
      kind: 'conn',
      clientIp: 'fe80::1',
      serverIp: '192.0.2.7',
      serverPort: 5353,
      timeMs: 12_500,
    })
  })

  it('takes the columns from a first line without Zeek’s mark, as tables that were exported have it', () => {
    const bare = CONN.replaceAll(' ', '\t')
    const { records, counts } = readAll([bare, LINE.replaceAll(' ', '\t').replace('\tssl\t', '\t\t')].join('\n'))
    assert.partialDeepStrictEqual(records, [{ kind: 'conn', clientIp: '10.0.0.1', serverPort: 443 }])
    assert.equal((records[0] as ConnRecord).service, undefined)
    assert.equal(counts.bad, 0)
  })

  it('reads on after the header of a rotation that changes the columns', () => {
    const { records } = readAll(
      [
        header(CONN),
        LINE.replaceAll(' ', '\t'),
        '#close\t2026-01-01-00-00-00',
        header('ts conn_state proto id.orig_h id.resp_h'),
        '5.0\tS0\ttcp\t10.0.0.9\t10.0.0.8',
      ].join('\r\n'),
    )
    assert.deepEqual(
      records.map((record) => (record as ConnRecord).clientIp),
      ['10.0.0.1', '10.0.0.9'],
    )
  })

  it('reads any separator', () => {
    for (const [separator, shown] of [
      [',', ','],
      ['|', '\\x7c'],
      ['||', '\\x7c\\x7c'],
    ] as const) {
      const text = `${header(CONN, 'conn', separator, shown)}\n${LINE.replaceAll(' ', separator)}`
      assert.equal((readAll(text).records[0] as ConnRecord).serverIp, '192.0.2.7', shown)
    }
  })

  it('leaves labels behind three spaces alone', () => {
    const text = `${header('ts id.orig_h id.resp_h proto conn_state history')}   label   detailed-label\n1.0\t10.0.0.1\t10.0.0.2\ttcp\tS0\tS   Malicious   C&C`
    assert.equal((readAll(text).records[0] as ConnRecord).history, 'S')
  })

  it('knows unset, empty, sets and escapes', () => {
    const { records } = readAll(
      `${header('ts id.orig_h id.resp_h server_name subject cert_chain_fuids established', 'ssl')}\n1.0\t10.0.0.1\t10.0.0.2\t-\tCN=a\\x09b\\xc3\\xb1\\\\,ñ\tF1,F2\tT\n2.0\t10.0.0.1\t10.0.0.2\t(empty)\t-\t(empty)\tT`,
    )
    assert.partialDeepStrictEqual(records[0], {
      kind: 'ssl',
      serverName: undefined,
      subject: 'CN=a\tbñ\\,ñ',
      chain: ['F1', 'F2'],
    })
    assert.partialDeepStrictEqual(records[1], { serverName: '', subject: undefined, chain: [] })
  })

  it('says why a line gave nothing', () => {
    const { counts } = tsv(
      CONN,
      LINE.replace('10.0.0.1', '<script>'),
      LINE.replace('1700000000.250000', 'XXXXXXXXXX.XXXXXX'),
      LINE.slice(0, 30),
      LINE.replace(' tcp ', ' - '),
    )
    assert.deepEqual(counts.reasons, { 'no address': 1, 'no time': 1, 'too few columns': 1, 'missing field': 1 })
    assert.deepEqual(counts.firstBad, { line: 7, reason: 'no address' })
    assert.deepEqual(readAll('1.0\t2\t3').counts.reasons, { 'no header before it': 1 })
    assert.deepEqual(readAll(`${header('a b c', 'made_up')}\n1\t2\t3`).counts.reasons, { 'unknown log': 1 })
  })

  it('the content decides which log it is, not the name', () => {
    assert.equal(readAll(`${header(CONN, 'dns')}\n${LINE.replaceAll(' ', '\t')}`, 'dns.log').kind, 'conn')
  })

  it('another log of Zeek is no bad log of ours, whatever columns it shares', () => {
    const shared = [
      ['kerberos', 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p cipher'],
      ['smtp', 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p trans_depth user_agent'],
      ['dhcp', 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p trans_id'],
      ['signatures', 'ts uid src_addr src_port dst_addr dst_port note'],
    ] as const
    for (const [path, fields] of shared) {
      const values = fields.split(' ').map((_, index) => String(index + 1))
      const { records, counts, kind } = readAll(`${header(fields, path)}\n${values.join('\t')}`)
      assert.deepEqual([records, counts.bad, counts.other, kind], [[], 0, 1, undefined], path)
      const line = JSON.stringify(Object.fromEntries(fields.split(' ').map((name, index) => [name, values[index]])))
      for (const json of [
        readAll(line, `/logs/${path}.2026-11-20.log`),
        readAll(line.replace('{', `{"_path":"${path}",`)),
      ])
        assert.deepEqual([json.records, json.counts.bad, json.counts.other], [[], 0, 1], path)
    }
  })

  it('the server names of QUIC are those of TLS', () => {
    const fields = 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p version server_name client_protocol'
    const { records } = readAll(
      `${header(fields, 'quic')}\n1.5\tC1\t10.0.0.1\t4\t192.0.2.7\t443\t1\tgateway.example.net\th3`,
    )
    assert.partialDeepStrictEqual(records, [{ kind: 'ssl', uid: 'C1', serverName: 'gateway.example.net' }])
  })

  it('reads the separator however it is written', () => {
    const log = (separator: string) =>
      [separator, '#path\tconn', `#fields\t${CONN.replaceAll(' ', '\t')}`, LINE.replaceAll(' ', '\t')].join('\n')
    for (const written of ['\\t', ' \\x09', '"\\x09"', "'\\t'", '\t', '|', ''])
      assert.equal(readAll(log(`#separator ${written}`)).records.length, 1, JSON.stringify(written))
    assert.equal(readAll(log('#separator\t\\x09')).records.length, 1)
    assert.equal(readAll(`${header(CONN, 'conn', ' ', '" "')}\n${LINE}`).records.length, 1)
  })

  it('reads the scope of a field whatever separates it', () => {
    for (const separator of [':', '-', '/', '::']) {
      const fields = CONN.replaceAll('id.', `id${separator}`)
      assert.equal(tsv(fields, LINE).records.length, 1, separator)
      const names = fields.split(' ')
      const json = Object.fromEntries(LINE.split(' ').map((value, index) => [names[index], value]))
      assert.equal(readAll(JSON.stringify(json)).records.length, 1, separator)
    }
  })

  it('a time that two numbers made together, or that lies ahead of the clock, is none', () => {
    for (const time of ['17541754309287.85', '17543429360.2', '17541754309287.851754.2'])
      assert.deepEqual(tsv(CONN, LINE.replace('1700000000.250000', time)).counts.reasons, { 'no time': 1 }, time)
    const parser = createZeekParser()
    parser.bound(1_700_000_001_000)
    const line = Buffer.from(
      '{"ts":1700000000,"id.orig_h":"10.0.0.1","id.resp_h":"192.0.2.7","proto":"tcp","duration":D}',
    )
    for (const duration of ['0.5', '90']) {
      const bytes = Buffer.from(line.toString().replace('D', duration).replace('{', '{"_path":"conn",'))
      parser.read(bytes, 0, bytes.length)
    }
    assert.deepEqual([parser.counts().records, parser.counts().reasons], [1, { 'a time that cannot be': 1 }])
  })
})

describe('JSON', () => {
  const base = { ts: 1_700_000_000.25, uid: 'C1', proto: 'tcp', conn_state: 'S0' }
  const ends = { orig_h: '10.0.0.1', orig_p: 1, resp_h: '192.0.2.7', resp_p: 22 }
  const prefixed = (separator: string) =>
    Object.fromEntries(Object.entries(ends).map(([name, value]) => [`id${separator}${name}`, value]))

  it('reads a line that stands in another, and what comes before it', () => {
    const line = JSON.stringify({ ...base, ...prefixed('.') })
    const { ts, ...untimed } = { ...base, ...prefixed('.') }
    const wrapped = [
      JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-11-25T10:01:03Z' }),
      JSON.stringify({ '@timestamp': '2026-11-25T10:01:03Z', message: line, ecs: { version: '8.0' } }),
      `{"conn":${line}}`,
      `  ${line}`,
      `\ufeff${line}`,
      `\0\0\0${line}`,
      `Nov 25 10:01:03 host zeek[7]: ${line}`,
      JSON.stringify({ ...untimed, '@timestamp': '2023-11-14 22:13:20.25+00' }),
      JSON.stringify({ ...untimed, ts: ts * 1e6 }),
      JSON.stringify(untimed).replace('{', '{"ts":1700000000250912345,'),
      JSON.stringify({ ...untimed, ts: '1700000000250912345' }),
      JSON.stringify({ ...untimed, ts: '2023-11-14T22:13:20.250912345Z' }),
    ]
    for (const text of wrapped) {
      const { records } = readAll(text)
      assert.partialDeepStrictEqual(records, [{ kind: 'conn', timeMs: 1_700_000_000_250, clientIp: '10.0.0.1' }], text)
    }
  })

  it('reads an array that has a line for each object', () => {
    const line = JSON.stringify({ ...base, ...prefixed('.') })
    assert.equal(readAll(`[\n${line},\n${line}\n]`).records.length, 2)
    assert.equal(readAll(`[${line},\n${line}]`).records.length, 2)
  })

  it('names the shipper whose fields are no longer those of Zeek', () => {
    const shipped = { '@timestamp': '2026-11-25T10:01:03Z', source: { ip: '10.0.0.1' }, zeek: { session_id: 'C1' } }
    assert.deepEqual(readAll(JSON.stringify(shipped)).counts.reasons, { 'written by a shipper': 1 })
  })

  it('reads every spelling alike', () => {
    const lines = [
      { ...base, ...prefixed('.') },
      { ...base, ...prefixed('_') },
      { ...base, id: ends },
    ]
    const { records } = readAll(lines.map((line) => JSON.stringify(line)).join('\n'))
    assert.equal(records.length, 3)
    assert.deepEqual(records[1], records[0])
    assert.deepEqual(records[2], records[0])
  })

  it('reads every way to write a time', () => {
    const times = [
      1_700_000_000.25,
      '1700000000.25',
      1_700_000_000_250,
      '2023-11-14T22:13:20.250000Z',
      '2023-11-14T22:13:20.25',
      '2023-11-14T23:13:20.25+01:00',
    ]
    for (const ts of times)
      assert.equal(
        readAll(JSON.stringify({ ...base, ...prefixed('.'), ts })).records[0]?.timeMs,
        1_700_000_000_250,
        String(ts),
      )
    for (const ts of [null, -1, 1e300, 'soon', '', {}, true])
      assert.equal(readAll(JSON.stringify({ ...base, ...prefixed('.'), ts })).records.length, 0, String(ts))
  })

  it('tells the log by its fields, by _path, by @stream, or by the name of the file', () => {
    const weird = { ts: 1, name: 'bad_checksum' }
    const notice = { ts: 1, note: 'Scan::Port_Scan', msg: 'x', src: '10.0.0.1' }
    assert.equal(readAll(JSON.stringify(notice)).records[0]?.kind, 'notice')
    assert.equal(readAll(JSON.stringify({ ...weird, _path: 'weird' })).records[0]?.kind, 'weird')
    assert.equal(readAll(JSON.stringify({ ...weird, '@stream': 'weird' })).records[0]?.kind, 'weird')
    assert.equal(readAll(JSON.stringify(weird), '/logs/weird.2026-01-01.log.gz').records[0]?.kind, 'weird')
    assert.deepEqual(readAll(JSON.stringify(weird)).counts.reasons, { 'unknown log': 1 })
  })

  it('counts what is no JSON', () => {
    assert.deepEqual(readAll('{"ts":1,\n{}\n{"a":\n').counts.reasons, { 'not JSON': 2, 'unknown log': 1 })
    assert.deepEqual(readAll('[{"ts":1},{"ts":2}]').counts.reasons, { 'not JSON': 1 })
  })
})

describe('a table beside a plain reading of it', () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom(
      '010.0.0.1',
      '1.2.3.004',
      '1.2.3',
      '255.255.255.255',
      '0.0.0.0',
      '1.2.3.256',
      '1..2.3',
      '1.2.3.4.5',
    ),
  )
  const word = fc.oneof(
    fc.constantFrom(
      'tcp',
      'udp',
      '-',
      '(empty)',
      'S0',
      'S',
      'Sr',
      'a\\\\b',
      'x\\x09y',
      'ñ',
      'ñandú',
      'ssl,http',
      'ShADadFfRr',
    ),
    fc.stringMatching(/^[ -~]{1,50}$/),
  )

  it('gives every text, number and address as it stands, however often it comes and in whatever order', () => {
    const withoutEscapes = (text: string) =>
      text.replaceAll(/(?:\\x[0-9a-fA-F]{2})+|\\\\/g, (found) =>
        found === '\\\\' ? '\\' : Buffer.from(found.replaceAll('\\x', ''), 'hex').toString(),
      )
    const plain = (text: string) => (text === '-' ? undefined : text === '(empty)' ? '' : withoutEscapes(text))
    const isAddress = (text: string) => /^[0-9a-fA-F.:]{2,45}$/.test(text)
    const line = fc.record({
      client: address,
      server: address,
      service: word,
      state: word,
      history: word,
      bytes: fc.nat(),
    })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), (lines) => {
        const rows = lines.map(({ client, server, service, state, history, bytes }) =>
          ['5.5', 'C1', client, '1', server, '2', 'tcp', service, bytes, state, history, 'end'].join('\t'),
        )
        const fields = 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service orig_bytes conn_state history rest'
        const { records } = readAll([header(fields), ...rows, ...rows].join('\n'))
        const wanted = lines
          .filter(({ client, server }) => isAddress(client) && isAddress(server))
          .map(({ client, server, service, state, history, bytes }) => [
            client,
            server,
            plain(service),
            plain(state),
            plain(history),
            bytes,
          ])
        const read = (records as ConnRecord[]).map((one) => [
          one.clientIp,
          one.serverIp,
          one.service,
          one.state,
          one.history,
          one.clientBytes,
        ])
        assert.deepEqual(read, [...wanted, ...wanted])
      }),
      { numRuns: 200 },
    )
  })
})

describe('hostile input', () => {
  const plain = `${header(CONN)}\n${LINE.replaceAll(' ', '\t')}\n`

  it('any bytes give records or counted lines', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const { records, counts } = readAll(Buffer.concat([Buffer.from(plain), Buffer.from(bytes)]))
        assert.equal(records.length, counts.records)
        assert.ok(records.every(({ timeMs }) => timeMs >= 0))
      }),
      { numRuns: 300 },
    )
  })

  it('a damaged line or header never breaks the reader', () => {
    fc.assert(
      fc.property(fc.nat(plain.length - 1), fc.string({ maxLength: 6 }), (at, text) => {
        readAll(plain.slice(0, at) + text + plain.slice(at + 1))
      }),
      { numRuns: 500 },
    )
  })

  it('any JSON value gives a record or a reason', () => {
    const value = fc.jsonValue({ maxDepth: 2 })
    const names = fc.constantFrom(
      'ts',
      'id.orig_h',
      'id',
      'conn_state',
      'query',
      'note',
      'cert_chain_fps',
      'proto',
      'fingerprint',
      'certificate',
    )
    fc.assert(
      fc.property(fc.dictionary(names, value), (fields) => {
        const { counts } = readAll(JSON.stringify(fields))
        assert.equal(counts.records + counts.bad, 1)
      }),
      { numRuns: 500 },
    )
  })

  it('a line of a megabyte is dropped, counted, and the next one read', () => {
    const { records, counts } = readAll(`${header(CONN)}\n${'x'.repeat(1_200_000)}\n${LINE.replaceAll(' ', '\t')}`)
    assert.equal(records.length, 1)
    assert.deepEqual(counts.reasons, { 'too long': 1 })
  })

  it('lines are the same however the bytes are cut', () => {
    const text = 'one\n\ntwo\r\nthree\nñandú\nlast'
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 6 }), (cuts) => {
        const lines: string[] = []
        const splitter = createLineSplitter(
          (bytes, start, end) => void lines.push(bytes.toString('utf8', start, end)),
          () => {},
        )
        const bytes = Buffer.from(text)
        let from = 0
        for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
          splitter.push(bytes.subarray(from, Math.max(from, cut)))
          from = Math.max(from, cut)
        }
        splitter.end()
        assert.deepEqual(lines, text.split('\n'))
      }),
    )
  })
})
