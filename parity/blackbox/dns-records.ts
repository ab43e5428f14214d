/** Records of DNS as bytes, to be answered. */

const u16 = (value: number) => [value >> 8, value & 255]
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)]
const text = (value: string) => [value.length, ...Buffer.from(value, 'latin1')]
const nameBytes = (name: string): number[] => [
  ...name.split('.').flatMap((label) => (label === '' ? [] : text(label))),
  0,
]

export interface Rr {
  readonly name: string
  readonly type: number
  readonly class?: number
  readonly ttl?: number
  readonly data: readonly number[]
}

export const recordBytes = ({ name, type, class: kind = 1, ttl = 300, data }: Rr): number[] => [
  ...nameBytes(name),
  ...u16(type),
  ...u16(kind),
  ...u32(ttl),
  ...u16(data.length),
  ...data,
]

const hash = Array.from({ length: 32 }, (_, index) => (index * 37 + 5) & 255)
const key = (length: number) => [...u16(257), 3, 13, ...hash.slice(0, length)]
const digest = [...u16(60485), 5, 2, ...hash]
const signature = (covered: number) => [
  ...u16(covered),
  13,
  2,
  ...u32(3600),
  ...u32(1_900_000_000),
  ...u32(1_795_000_000),
  ...u16(12345),
  ...nameBytes('example.com'),
  ...hash,
]
const soa = (serial: number) => [
  ...nameBytes('ns1.example.com'),
  ...nameBytes('host\\master.example.com'),
  ...[serial, 7200, 3600, 1_209_600, 300].flatMap(u32),
]
const bitmap = [0, 6, 0x40, 1, 0, 0, 0, 3, 1, 1, 0x40]

/** At least one record of each type that is written in a form of its own, and some in odd ones. */
export const SAMPLES: Readonly<Record<string, readonly Rr['data'][]>> = {
  A: [[192, 0, 2, 7], []],
  NS: [nameBytes('ns1.example.com'), [0]],
  MD: [nameBytes('a.example')],
  MF: [nameBytes('a.example')],
  CNAME: [nameBytes('o d d."x".exa;mple'), nameBytes('señal.example')],
  SOA: [soa(2_026_112_101), soa(4_294_967_295)],
  MB: [nameBytes('a.example')],
  MG: [nameBytes('a.example')],
  MR: [nameBytes('a.example')],
  PTR: [nameBytes('host.example')],
  HINFO: [[...text('CPU'), ...text('O"S')], [...text('CPU')]],
  MINFO: [[...nameBytes('a.example'), ...nameBytes('b.example')]],
  MX: [[...u16(10), ...nameBytes('mail.example')], [...u16(0), 0], [...u16(0)]],
  TXT: [
    [...text('hello'), ...text('world')],
    text('se\xc3\xb1al "quoted" \\ back\ttab\x7f'),
    text(''),
    text('v=spf1 include:_spf.example ~all'),
  ],
  RP: [[...nameBytes('a.example'), 0]],
  AFSDB: [[...u16(1), ...nameBytes('a.example')]],
  X25: [text('311061700956')],
  ISDN: [text('150862028003217')],
  RT: [[...u16(2), ...nameBytes('a.example')]],
  'NSAP-PTR': [nameBytes('a.example')],
  SIG: [signature(1)],
  KEY: [key(20)],
  PX: [[...u16(10), ...nameBytes('a.example'), ...nameBytes('b.example')]],
  GPOS: [[...text('-32.6882'), ...text('116.8652'), ...text('10.0')]],
  AAAA: [
    [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1],
    [0x20, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1],
  ],
  LOC: [
    [0, 0x12, 0x16, 0x13, ...u32(2_147_483_648 + 188_000_123), ...u32(2_147_483_648 - 9_000_000), ...u32(10_000_250)],
    [0, 0, 0x10, 0x21, ...u32(2_147_483_648), ...u32(2_147_483_648), ...u32(0)],
  ],
  NXT: [[...nameBytes('a.example'), 0x40]],
  EID: [[0xab, 0xcd]],
  NIMLOC: [[0xab, 0xcd]],
  SRV: [[...u16(0), ...u16(5), ...u16(5060), ...nameBytes('sip.example')]],
  NAPTR: [
    [
      ...u16(100),
      ...u16(50),
      ...text('s'),
      ...text('SIP+D2U'),
      ...text('!^.*$!sip:x"y\\z!'),
      ...nameBytes('_sip.example'),
    ],
  ],
  KX: [[...u16(10), ...nameBytes('a.example')]],
  CERT: [
    [...u16(1), ...u16(7), 13, ...hash],
    [...u16(99), ...u16(7), 77, 1],
  ],
  DNAME: [nameBytes('a.example')],
  APL: [[...u16(1), 24, 3, 192, 0, 2, ...u16(2), 32, 0x80 | 4, 0x20, 1, 0xd, 0xb8]],
  DS: [digest],
  SSHFP: [[4, 2, ...hash]],
  RRSIG: [signature(48), signature(65_280)],
  NSEC: [[...nameBytes('b.example'), ...bitmap], nameBytes('b.example')],
  DNSKEY: [key(32)],
  DHCID: [hash],
  NSEC3: [
    [1, 1, ...u16(10), 4, 0xaa, 0xbb, 0xcc, 0xdd, 20, ...hash.slice(0, 20), ...bitmap],
    [1, 0, ...u16(0), 0, 3, 1, 2, 3],
  ],
  NSEC3PARAM: [[1, 0, ...u16(10), 2, 0xab, 0xcd]],
  TLSA: [[3, 1, 1, ...hash]],
  SMIMEA: [[3, 0, 0, ...hash]],
  HIP: [[4, 2, ...u16(8), 1, 2, 3, 4, ...hash.slice(0, 8), ...nameBytes('rvs.example')]],
  NINFO: [text('a')],
  RKEY: [key(12)],
  TALINK: [[...nameBytes('a.example'), ...nameBytes('b.example')]],
  CDS: [digest],
  CDNSKEY: [key(31)],
  OPENPGPKEY: [hash],
  CSYNC: [[...u32(66), ...u16(3), ...bitmap]],
  ZONEMD: [[...u32(2018), 1, 1, ...hash]],
  SVCB: [
    [...u16(0), ...nameBytes('a.example')],
    [...u16(1), 0, ...u16(3), ...u16(2), ...u16(8443), ...u16(7), ...u16(16), ...Buffer.from('/dns-query{?dns}')],
  ],
  HTTPS: [
    [
      ...u16(1),
      0,
      ...u16(0),
      ...u16(4),
      ...u16(1),
      ...u16(4),
      ...u16(1),
      ...u16(11),
      ...text('h2'),
      ...text('f\\o,b r'),
      ...u16(2),
      ...u16(0),
      ...u16(4),
      ...u16(8),
      192,
      0,
      2,
      1,
      192,
      0,
      2,
      2,
      ...u16(5),
      ...u16(3),
      1,
      2,
      3,
      ...u16(6),
      ...u16(16),
      ...[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      ...u16(4242),
      ...u16(3),
      0x22,
      0x61,
      0xff,
    ],
  ],
  SPF: [text('v=spf1 -all')],
  UINFO: [text('a b')],
  UID: [u32(1000)],
  GID: [u32(1000)],
  UNSPEC: [[1, 2, 3]],
  NID: [[...u16(10), 0, 1, 2, 3, 4, 5, 6, 0xab]],
  L32: [[...u16(10), 10, 1, 2, 3]],
  L64: [[...u16(10), 0, 1, 2, 3, 4, 5, 6, 0xab]],
  LP: [[...u16(10), ...nameBytes('a.example')]],
  EUI48: [[0, 0, 0x5e, 0, 0x53, 0x2a]],
  EUI64: [[0, 0, 0x5e, 0xef, 0x10, 0, 0, 0x2a]],
  URI: [[...u16(10), ...u16(1), ...Buffer.from('https://example.com/"x"')]],
  CAA: [
    [0, ...text('issue'), ...Buffer.from('ca.example; account=1')],
    [128, ...text('iodef'), ...Buffer.from('mailto:ñ@example')],
  ],
  AVC: [text('a')],
  TA: [digest],
  DLV: [digest],
  TYPE65280: [[1, 2, 3]],
}

export const zone = (serial: number): readonly number[] => soa(serial)
