import { type Cursor, createCursor, Malformed, readName } from './cursor.ts'
import {
  bare,
  base64,
  capitalHex,
  type Field,
  groups,
  hardware,
  hashed,
  hex,
  ipv4,
  ipv6,
  name,
  names,
  octets,
  quoted,
  salt,
  texts,
  time,
  typeOf,
  types,
  u8,
  u16,
  u32,
} from './fields.ts'
import { algorithm, certificateKind, identity, parameters, place, prefixes } from './odd-fields.ts'
import { optionsText } from './option-text.ts'
import { className, typeName } from './types.ts'

const KEY = [u16, u8, u8, base64]
const DIGEST = [u16, u8, u8, capitalHex]
const SIGNATURE = [typeOf, u8, u8, u32, time, time, u16, name, base64]
const CERTIFICATE = [u8, u8, u8, hex]
const SERVICE = [u16, name, parameters]

/** The parts of a record's data by its type, in their order; blanks stand between them. Other types are written in hex. */
const SHAPES: Readonly<Record<string, readonly Field[]>> = {
  A: [ipv4],
  NS: [name],
  MD: [name],
  MF: [name],
  CNAME: [name],
  SOA: [name, name, u32, u32, u32, u32, u32],
  MB: [name],
  MG: [name],
  MR: [name],
  PTR: [name],
  HINFO: [quoted, quoted],
  MINFO: [name, name],
  MX: [u16, name],
  TXT: [texts],
  RP: [name, name],
  AFSDB: [u16, name],
  X25: [bare],
  RT: [u16, name],
  'NSAP-PTR': [name],
  SIG: SIGNATURE,
  KEY,
  PX: [u16, name, name],
  GPOS: [bare, bare, bare],
  AAAA: [ipv6],
  LOC: [place],
  EID: [capitalHex],
  NIMLOC: [capitalHex],
  SRV: [u16, u16, u16, name],
  NAPTR: [u16, u16, quoted, quoted, quoted, name],
  KX: [u16, name],
  CERT: [certificateKind, u16, algorithm, base64],
  DNAME: [name],
  APL: [prefixes],
  DS: DIGEST,
  SSHFP: [u8, u8, capitalHex],
  RRSIG: SIGNATURE,
  NSEC: [name, types],
  DNSKEY: KEY,
  DHCID: [base64],
  NSEC3: [u8, u8, u16, salt, hashed, types],
  NSEC3PARAM: [u8, u8, u16, salt],
  TLSA: CERTIFICATE,
  SMIMEA: CERTIFICATE,
  HIP: [identity, names],
  NINFO: [texts],
  RKEY: KEY,
  TALINK: [name, name],
  CDS: DIGEST,
  CDNSKEY: KEY,
  OPENPGPKEY: [base64],
  CSYNC: [u32, u16, types],
  ZONEMD: [u32, u8, u8, hex],
  SVCB: SERVICE,
  HTTPS: SERVICE,
  SPF: [texts],
  UINFO: [quoted],
  UID: [u32],
  GID: [u32],
  NID: [u16, groups(false)],
  L32: [u16, ipv4],
  L64: [u16, groups(true)],
  LP: [u16, name],
  EUI48: [hardware(6)],
  EUI64: [hardware(8)],
  URI: [u16, u16, octets],
  CAA: [u8, bare, octets],
  AVC: [texts],
  TA: DIGEST,
  DLV: DIGEST,
}

/** Parts that are left out, with the blank before them, where there is nothing in them. */
const LISTS: ReadonlySet<Field> = new Set([types, names, parameters])

const dataText = (cursor: Cursor, fields: readonly Field[]): string => {
  let text = ''
  for (const [index, part] of fields.entries()) {
    const read = cursor.left > 0 ? part.read(cursor) : part.absent
    text += index === 0 || (read === '' && LISTS.has(part)) ? read : ` ${read}`
  }
  if (cursor.left > 0) throw new Malformed('longer than its parts')
  return text
}

export interface ReadRecord {
  /** As zone files write it: `example.com.	300	IN	A	192.0.2.1`. */
  readonly text: string
  readonly type: number
  readonly next: number
  /** Of a zone's beginning. */
  readonly serial?: number
  /** The upper bits of the answer's code, of a server's options. */
  readonly extendedRcode?: number
}

const SOA = 6
const OPT = 41
/** Bytes from the end of a name to the data. */
const HEAD = 10

/** The record at a place of a message. Throws Malformed for what is none. */
export const readRecord = (message: Buffer, start: number): ReadRecord => {
  const { name: owner, next: at } = readName(message, start)
  if (at + HEAD > message.length) throw new Malformed('head')
  const [type, kind, ttl] = [message.readUInt16BE(at), message.readUInt16BE(at + 2), message.readUInt32BE(at + 4)]
  const next = at + HEAD + message.readUInt16BE(at + 8)
  if (next > message.length) throw new Malformed('length')
  const cursor = createCursor(message.subarray(0, next), at + HEAD)
  if (type === OPT) return { text: optionsText(cursor, kind, ttl), type, next, extendedRcode: ttl >>> 24 }
  const fields = SHAPES[typeName(type)]
  if (!fields) {
    const data = message.subarray(at + HEAD, next)
    return {
      text: `${owner}\t${ttl}\tCLASS${kind}\tTYPE${type}\t\\# ${data.length} ${data.toString('hex')}`,
      type,
      next,
    }
  }
  const data = dataText(cursor, fields)
  const text = `${owner}\t${ttl}\t${className(kind)}\t${typeName(type)}\t${data}`
  return { text, type, next, ...(type === SOA && { serial: Number(data.split(' ')[2]) }) }
}
