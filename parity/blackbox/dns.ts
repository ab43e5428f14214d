import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRecord } from '#probes/blackbox/dns/record.ts'
import { typeNumber } from '#probes/blackbox/dns/types.ts'
import { selfSigned } from '../../test/fixtures/servers/certificates.ts'
import type { MakeGroup, ProbeCase } from './case.ts'
import { type Rr, recordBytes, SAMPLES, zone } from './dns-records.ts'
import { type DnsAnswer, messageOf, serveDns } from './dns-server.ts'

const dns = (options: object) => ({ prober: 'dns', timeout: '400ms', dns: { query_type: 'A', ...options } })
const escapeRegex = (text: string) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')

const address = (last: number, name = 'a.example'): Rr => ({ name, type: 1, data: [192, 0, 2, last] })
const serial = (number: number): Rr => ({ name: 'a.example', type: 6, data: zone(number) })
const options = (flags: number, data: readonly number[] = []): Rr => ({
  name: '',
  type: 41,
  class: 1232,
  ttl: flags,
  data,
})
const many = Array.from({ length: 30 }, (_, index) => address(index))

/** Every form of a record: what we make of it is what every record of the answer has to match. */
const records = (): { readonly modules: Record<string, object>; readonly answers: Record<string, DnsAnswer> } => {
  const modules: Record<string, object> = {}
  const answers: Record<string, DnsAnswer> = {}
  for (const [type, samples] of Object.entries(SAMPLES))
    for (const [index, data] of samples.entries()) {
      const code = typeNumber(type) ?? Number(type.slice(4))
      const record: Rr = { name: 'o d\\d.example', type: code, class: index === 0 ? 1 : 3, ttl: 7, data }
      const label = `${type.toLowerCase()}${index}`
      const { text } = readRecord(Buffer.from(recordBytes(record)), 0)
      answers[label] = { answer: [record] }
      modules[`form_${label}`] = dns({
        query_name: `${label}.example`,
        query_type: type.startsWith('TYPE') ? 'ANY' : type,
        validate_answer_rrs: { fail_if_not_matches_regexp: [`^${escapeRegex(text)}$`] },
      })
    }
  return { modules, answers }
}

const SECTIONS: Readonly<Record<string, readonly Rr[]>> = {
  none: [],
  one: [address(1)],
  two: [address(1), address(2)],
  mixed: [address(1), { name: 'a.example', type: 5, data: [1, 0x62, 0] }],
  other: [{ name: 'a.example', type: 16, data: [1, 0x62] }],
}

/** Each rule about each section, with patterns that fit all, some and none. */
const rules = (): Record<string, object> => {
  const modules: Record<string, object> = {}
  for (const section of ['answer', 'authority', 'additional'])
    for (const rule of ['matches', 'all_match', 'not_matches', 'none_matches'])
      for (const [name, patterns] of Object.entries({
        fit: ['192\\.0\\.2'],
        first: ['192\\.0\\.2\\.1$'],
        no: ['nothing'],
        both: ['192\\.0\\.2', 'nothing'],
        twice: ['192', 'IN\\tA'],
      }))
        for (const label of Object.keys(SECTIONS))
          modules[`${section}_${rule}_${name}_${label}`] = dns({
            query_name: `${section}-${label}.example`,
            [`validate_${section}_rrs`]: { [`fail_if_${rule}_regexp`]: patterns },
          })
  return modules
}

const RCODES = 'NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE BADSIG'.split(
  ' ',
)
const rcodes = (): Record<string, object> => {
  const modules: Record<string, object> = {}
  for (let code = 0; code < 24; code++)
    for (const valid of [
      undefined,
      [],
      ['NXDOMAIN', 'REFUSED'],
      ['NOTAUTH'],
      ['BADSIG', 'BADCOOKIE'],
      ['NOTIMPL'],
      RCODES,
    ])
      modules[`rcode_${code}_${valid?.length}_${valid?.[0]}`] = dns({
        query_name: `rcode${code}.example`,
        ...(valid && { valid_rcodes: valid }),
      })
  return modules
}

const cut = (by: number) => (query: Buffer) => [messageOf(query, { answer: [address(1), address(2)] }).subarray(0, -by)]
const changed = (change: (message: Buffer) => void) => (query: Buffer) => {
  const message = messageOf(query, { answer: [address(1)] })
  change(message)
  return [message]
}

const ANSWERS: Readonly<Record<string, DnsAnswer>> = {
  plain: { answer: [address(1)] },
  PLAIN: { answer: [address(1)] },
  _443: { answer: [address(1)] },
  '.': { answer: [address(1)] },
  'xn--and-6ma2c': { answer: [address(1)] },
  recursion: { raw: (query) => [messageOf(query, { answer: [address(query[2]! & 1)] })] },
  class: {
    raw: (query) => [
      messageOf(query, { answer: [{ ...address(1), class: query.readUInt16BE(query.indexOf(0, 12) + 3) }] }),
    ],
  },
  many: { answer: many },
  sections: { answer: [address(1)], authority: [address(2), address(3)], additional: [address(4), options(0x8000)] },
  edns: { answer: [address(1)], additional: [options(0, [0, 15, 0, 4, 0, 18, 0x68, 0x69, 0, 10, 0, 2, 1, 2])] },
  soa: { answer: [serial(7)] },
  soaTwice: { answer: [serial(7), serial(9)] },
  soaBelow: { authority: [serial(7)] },
  soaNot: { answer: [address(1)] },
  none: {},
  cutRecord: { raw: cut(3) },
  cutBetween: { raw: cut(10 + 2 + 4 + 11 - 10) },
  cutHead: { raw: (query) => [query.subarray(0, 12)] },
  short: { raw: (query) => [query.subarray(0, 6)] },
  garbage: { raw: (query) => [Buffer.concat([query.subarray(0, 12), Buffer.alloc(20, 0xff)])] },
  otherId: { raw: changed((message) => message.writeUInt16BE(message.readUInt16BE(0) ^ 1, 0)) },
  otherFirst: {
    raw: (query) => {
      const [other] = changed((message) => message.writeUInt16BE(message.readUInt16BE(0) ^ 1, 0))(query)
      return [other!, messageOf(query, { answer: [address(1)] })]
    },
  },
  noResponse: { raw: changed((message) => message.writeUInt8(message[2]! & 0x7f, 2)) },
  truncated: { raw: changed((message) => message.writeUInt8(message[2]! | 2, 2)) },
  otherQuestion: { raw: changed((message) => message.writeUInt8(0x7a, 13)) },
  headOnly: {
    raw: (query) => {
      const head = Buffer.from(query.subarray(0, 12))
      head.writeUInt16BE(0x8185, 2)
      return [head]
    },
  },
  noQuestion: {
    raw: (query) => {
      const head = Buffer.from(query.subarray(0, 12))
      head.writeUInt16BE(0x8180, 2)
      head.writeUInt16BE(0, 4)
      head.writeUInt16BE(1, 6)
      return [Buffer.concat([head, Buffer.from(recordBytes(address(1)))])]
    },
  },
  silent: { raw: () => [] },
}

const wants = { validate_answer_rrs: { fail_if_not_matches_regexp: ['192\\.0\\.2\\.1$'] } }

/** Each key of a dns module but rules and codes, with every answer. */
const shapes = (authority: string): Record<string, object> => {
  const modules: Record<string, object> = {}
  for (const label of Object.keys(ANSWERS)) {
    const name = label === '.' ? '.' : `${label}.example`
    modules[`plain_${label}`] = dns({ query_name: name })
    modules[`wants_${label}`] = dns({ query_name: name, ...wants })
    modules[`soa_${label}`] = dns({ query_name: name, query_type: 'SOA' })
    modules[`refused_${label}`] = dns({ query_name: name, valid_rcodes: ['REFUSED'] })
    modules[`tcp_${label}`] = dns({ query_name: name, transport_protocol: 'tcp', ...wants })
    modules[`any_${label}`] = { prober: 'dns', timeout: '400ms', dns: { query_name: name } }
  }
  const recursion = (recursion_desired: boolean) =>
    dns({ query_name: 'recursion.example', recursion_desired, ...wants })
  const tls = (tls_config: object) =>
    dns({ query_name: 'plain.example', transport_protocol: 'tcp', dns_over_tls: true, tls_config })
  return {
    ...modules,
    recursion: recursion(true),
    noRecursion: recursion(false),
    ...Object.fromEntries(
      ['IN', 'CH', 'HS', 'CS', 'ANY', 'NONE'].map((query_class) => [
        `class_${query_class}`,
        dns({
          query_name: 'class.example',
          query_class,
          validate_answer_rrs: {
            fail_if_not_matches_regexp: [`\\t${query_class === 'ANY' ? 'CLASS255' : query_class}\\tA`],
          },
        }),
      ]),
    ),
    service: dns({ query_name: '_443._tcp.example', ...wants }),
    trailing: dns({ query_name: 'plain.example.', ...wants }),
    ip4: dns({ query_name: 'plain.example', preferred_ip_protocol: 'ip4' }),
    only4: dns({ query_name: 'plain.example', preferred_ip_protocol: 'ip4', ip_protocol_fallback: false }),
    only6: dns({ query_name: 'plain.example', preferred_ip_protocol: 'ip6', ip_protocol_fallback: false }),
    source: dns({ query_name: 'plain.example', source_ip_address: '127.0.0.9' }),
    sourceTcp: dns({ query_name: 'plain.example', source_ip_address: '127.0.0.9', transport_protocol: 'tcp' }),
    foreignSource: dns({ query_name: 'plain.example', source_ip_address: '203.0.113.9' }),
    foreignSourceTcp: dns({ query_name: 'plain.example', source_ip_address: '203.0.113.9', transport_protocol: 'tcp' }),
    ednsText: dns({
      query_name: 'edns.example',
      validate_additional_rrs: {
        fail_if_not_matches_regexp: [
          `^\\n;; OPT PSEUDOSECTION:\\n; EDNS: version 0; flags: ; udp: 1232\\n; EDE: 18 \\(Prohibited\\): \\(hi\\)\\n; COOKIE: 0102$`,
        ],
      },
    }),
    tls_verified: tls({ ca_file: authority, server_name: 'localhost' }),
    tls_address: tls({ ca_file: authority }),
    tls_other: tls({ ca_file: authority, server_name: 'other.example' }),
    tls_unknown: tls({}),
    tls_any: tls({ insecure_skip_verify: true }),
    tls_old: tls({ insecure_skip_verify: true, max_version: 'TLS12' }),
  }
}

export const dnsGroup: MakeGroup = async (defer) => {
  const authority = join(tmpdir(), `vigia-beside-${process.pid}.pem`)
  writeFileSync(authority, selfSigned.cert)
  defer(() => rmSync(authority, { force: true }))
  const { modules: forms, answers } = records()
  const sections = Object.fromEntries(
    ['answer', 'authority', 'additional'].flatMap((section) =>
      Object.entries(SECTIONS).map(([label, all]) => [`${section}-${label}`, { [section]: all }]),
    ),
  )
  const codes = Object.fromEntries(
    Array.from({ length: 24 }, (_, code) => [
      `rcode${code}`,
      { rcode: code, ...(code > 15 && { additional: [options((code >> 4) << 24)] }) },
    ]),
  )
  const all = { ...ANSWERS, ...answers, ...sections, ...codes }
  const { port, tlsPort } = await serveDns(all, selfSigned, defer)
  const modules = { ...forms, ...rules(), ...rcodes(), ...shapes(authority) }
  const cases: ProbeCase[] = Object.keys(modules).map((module) => ({
    module,
    target: `127.0.0.1:${module.startsWith('tls_') ? tlsPort : port}`,
  }))
  for (const target of [`localhost:${port}`, '127.0.0.1:1', '127.0.0.1:99999', 'no-such-name.invalid', `[::1]:${port}`])
    for (const module of ['plain_plain', 'tcp_plain', 'ip4', 'only4', 'only6', 'tls_any'])
      cases.push({ module, target })
  return { modules, cases }
}
