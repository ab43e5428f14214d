import { ZEEK_KINDS, type ZeekKind, type ZeekRecord } from '#core/event/zeek-record.ts'
import type { FieldReader } from './field-reader.ts'

/** Why a line gave no record. */
export type Refusal =
  | 'no time'
  | 'a time that cannot be'
  | 'written by a shipper'
  | 'no address'
  | 'missing field'
  | 'too few columns'
  | 'no header before it'
  | 'not JSON'
  | 'unknown log'
  | 'too long'

/** The fields of one log that are read, and the record that they make. Nothing else of a line is touched. */
export interface Layout {
  readonly kind: ZeekKind
  /** Spellings by slot, with `_` for `.`; further ones are how a field-name map of Zeek's manual renames them. */
  readonly fields: readonly (readonly string[])[]
  build(read: FieldReader): ZeekRecord | Refusal
}

/** Shippers that move the time elsewhere call it `@timestamp`. */
const TS = ['ts', '@timestamp'] as const

const HEAD = [
  TS,
  ['uid'],
  ['id_orig_h', 'src', 'orig_h'],
  ['id_orig_p', 'src_port', 'orig_p'],
  ['id_resp_h', 'dst', 'resp_h'],
  ['id_resp_p', 'dst_port', 'resp_p'],
] as const

/** True for what can be an IPv4 or IPv6 address: it will stand in messages and in conditions. */
const isAddress = (text: string | undefined): text is string => {
  if (text === undefined || text.length < 2 || text.length > 45) return false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const hexadecimal = (code >= 48 && code <= 58) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
    if (!hexadecimal && code !== 46) return false
  }
  return true
}

const addressOf = (text: string | undefined): string | undefined => (isAddress(text) ? text : undefined)

const orZero = (value: number): number => (value >= 0 ? value : 0)
const countOf = (value: number): number | undefined => (value >= 0 ? value : undefined)
const timeOf = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value)

/** No line was written later, the year 2100: two numbers that ran into one another make such times. */
const LATEST_STAMP_MS = 4_102_444_800_000

/** When the line was written; not a number when it says none, or one that cannot be. */
const stampOf = (read: FieldReader): number => {
  const timeMs = read.time(0)
  return timeMs < LATEST_STAMP_MS ? timeMs : Number.NaN
}

/** Longest duration that is believed: a year. */
const LONGEST_S = 31_536_000

const conn: Layout = {
  kind: 'conn',
  fields: [
    ...HEAD,
    ['proto'],
    ['service'],
    ['duration'],
    ['orig_bytes'],
    ['resp_bytes'],
    ['conn_state'],
    ['history'],
    ['orig_pkts'],
    ['resp_pkts'],
    ['local_orig'],
    ['local_resp'],
    ['orig_ip_bytes'],
  ],
  build: (read) => {
    const timeMs = stampOf(read)
    if (Number.isNaN(timeMs)) return 'no time'
    const clientIp = read.text(2)
    const serverIp = read.text(4)
    if (!isAddress(clientIp) || !isAddress(serverIp)) return 'no address'
    const proto = read.text(6)
    if (proto === undefined) return 'missing field'
    const durationMs = Math.round(Math.min(orZero(read.number(8)), LONGEST_S) * 1000)
    return {
      source: 'zeek',
      kind: 'conn',
      timeMs,
      endMs: timeMs + durationMs,
      uid: read.unique(1),
      clientIp,
      clientPort: orZero(read.number(3)),
      serverIp,
      serverPort: orZero(read.number(5)),
      proto,
      service: read.text(7),
      durationMs,
      clientBytes: orZero(read.number(9)),
      serverBytes: orZero(read.number(10)),
      clientIpBytes: orZero(read.number(17)) || orZero(read.number(9)),
      state: read.text(11),
      history: read.text(12),
      clientPackets: countOf(read.number(13)),
      serverPackets: countOf(read.number(14)),
      clientLocal: read.flag(15),
      serverLocal: read.flag(16),
    }
  },
}

/** What records of a single conversation begin with, or why there is none. */
const head = (read: FieldReader) => {
  const timeMs = stampOf(read)
  if (Number.isNaN(timeMs)) return 'no time'
  const clientIp = read.text(2)
  const serverIp = read.text(4)
  if (!isAddress(clientIp) || !isAddress(serverIp)) return 'no address'
  return {
    source: 'zeek',
    timeMs,
    uid: read.unique(1),
    clientIp,
    clientPort: orZero(read.number(3)),
    serverIp,
    serverPort: orZero(read.number(5)),
  } as const
}

/** Numbers of query types that newer Zeek versions name, and older ones show as `query-65`. */
const queryType = (name: string | undefined, code: number): string | undefined =>
  name !== undefined && name !== '*' ? name : Number.isNaN(code) ? name : code === 255 ? 'ANY' : `TYPE${code}`

const dns: Layout = {
  kind: 'dns',
  fields: [...HEAD, ['query'], ['qtype_name'], ['qtype'], ['rcode_name'], ['rcode'], ['answers']],
  build: (read) => {
    const start = head(read)
    if (typeof start === 'string') return start
    const code = read.number(10)
    return {
      ...start,
      kind: 'dns',
      query: read.text(6),
      queryType: queryType(read.text(7), read.number(8)),
      responseCode: read.text(9) ?? (code === 0 ? 'NOERROR' : code === 3 ? 'NXDOMAIN' : undefined),
      answers: read.list(11),
    }
  },
}

const ssl: Layout = {
  kind: 'ssl',
  fields: [
    ...HEAD,
    ['server_name'],
    ['subject'],
    ['issuer'],
    ['validation_status'],
    ['cert_chain_fps', 'cert_chain_fuids'],
    ['ja3'],
    ['version'],
  ],
  build: (read) => {
    const start = head(read)
    if (typeof start === 'string') return start
    return {
      ...start,
      kind: 'ssl',
      serverName: read.text(6),
      subject: read.text(7),
      issuer: read.text(8),
      validationStatus: read.text(9),
      chain: read.list(10),
      ja3: read.text(11),
      version: read.text(12),
    }
  },
}

const x509: Layout = {
  kind: 'x509',
  fields: [
    TS,
    ['uid'],
    ['fingerprint', 'id'],
    ['certificate_subject'],
    ['certificate_issuer'],
    ['certificate_not_valid_before'],
    ['certificate_not_valid_after'],
  ],
  build: (read) => {
    const timeMs = stampOf(read)
    if (Number.isNaN(timeMs)) return 'no time'
    const certificateId = read.text(2)
    if (certificateId === undefined) return 'missing field'
    return {
      source: 'zeek',
      kind: 'x509',
      timeMs,
      uid: read.unique(1),
      certificateId,
      subject: read.text(3),
      issuer: read.text(4),
      notBeforeMs: timeOf(read.time(5)),
      notAfterMs: timeOf(read.time(6)),
    }
  },
}

const http: Layout = {
  kind: 'http',
  fields: [...HEAD, ['method'], ['host'], ['uri'], ['user_agent']],
  build: (read) => {
    const start = head(read)
    if (typeof start === 'string') return start
    return {
      ...start,
      kind: 'http',
      method: read.text(6),
      host: read.text(7),
      uri: read.text(8),
      userAgent: read.text(9),
    }
  },
}

const notice: Layout = {
  kind: 'notice',
  fields: [
    TS,
    ['uid'],
    ['note'],
    ['msg'],
    ['sub'],
    ['src', 'id_orig_h'],
    ['dst', 'id_resp_h'],
    ['p', 'id_resp_p'],
    ['proto'],
  ],
  build: (read) => {
    const timeMs = stampOf(read)
    if (Number.isNaN(timeMs)) return 'no time'
    const note = read.text(2)
    if (note === undefined) return 'missing field'
    return {
      source: 'zeek',
      kind: 'notice',
      timeMs,
      uid: read.unique(1),
      note,
      message: read.text(3),
      sub: read.text(4),
      sourceIp: addressOf(read.text(5)),
      destinationIp: addressOf(read.text(6)),
      port: countOf(read.number(7)),
      proto: read.text(8),
    }
  },
}

const weird: Layout = {
  kind: 'weird',
  fields: [TS, ['uid'], ['name'], ['id_orig_h'], ['id_resp_h']],
  build: (read) => {
    const timeMs = stampOf(read)
    if (Number.isNaN(timeMs)) return 'no time'
    const name = read.text(2)
    if (name === undefined) return 'missing field'
    return {
      source: 'zeek',
      kind: 'weird',
      timeMs,
      uid: read.unique(1),
      name,
      clientIp: addressOf(read.text(3)),
      serverIp: addressOf(read.text(4)),
    }
  },
}

export const layouts: Readonly<Record<ZeekKind, Layout>> = { conn, dns, ssl, x509, http, notice, weird }

/** Fields that only one log has, most telling first. */
const TELLING: readonly (readonly [ZeekKind, readonly string[]])[] = [
  ['conn', ['conn_state', 'missed_bytes']],
  ['x509', ['certificate_subject', 'certificate_serial', 'certificate_version']],
  ['notice', ['note']],
  ['dns', ['qtype', 'qclass', 'qtype_name', 'trans_id', 'rcode']],
  ['http', ['trans_depth', 'status_code', 'user_agent']],
  ['ssl', ['cert_chain_fuids', 'cert_chain_fps', 'cipher', 'established', 'server_name']],
  ['weird', ['addl']],
]

/**
 * Which log it is, by its fields (spelled with `_`). What it calls itself decides unless its fields are all of another
 * log: a name that is wrong does not stand against what is written there.
 */
export const kindOfFields = (has: (field: string) => boolean, told?: ZeekKind): ZeekKind | undefined => {
  const own = told && TELLING.find(([kind]) => kind === told)
  if (own?.[1].some(has)) return told
  return TELLING.find(([, fields]) => fields.some(has))?.[0] ?? told
}

/** Which log a file is of by its name: `conn.2024-04-19.log.gz`, `labeled-conn.log`. */
export const kindOfName = (name: string): ZeekKind | undefined =>
  ZEEK_KINDS.find((kind) => name === kind) ?? ZEEK_KINDS.find((kind) => name.includes(kind))

const SCOPED = /^(id|certificate)[^A-Za-z0-9_]+/

/** `id.orig_h` and `certificate.subject` as the layouts spell them, whatever separates the scope. */
export const plainName = (field: string): string => {
  const scope = SCOPED.exec(field)
  return (scope ? `${scope[1]}_${field.slice(scope[0].length)}` : field).replaceAll('.', '_')
}
