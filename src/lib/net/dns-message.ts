/** DNS messages (RFC 1035): one question out, answers in. Reading is bounded and never trusts a length. */

export const RECORD_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  CAA: 257,
} as const
export type RecordType = keyof typeof RECORD_TYPES

const NAME_OF = new Map<number, RecordType>(
  Object.entries(RECORD_TYPES).map(([name, code]) => [code, name as RecordType]),
)
const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const
/** What says something of the name that was asked for. */
const OF_THE_NAME: ReadonlySet<string> = new Set(['NOERROR', 'NXDOMAIN'])

const CLASS_IN = 1
const RECURSION_DESIRED = 0x0100
const RESPONSE = 0x8000
const TRUNCATED = 0x0200
/** Jumps that one compressed name may make; more is a loop. */
const JUMPS = 32
const ANSWERS = 500
/** Records of the authority section that are looked through. */
const AUTHORITIES = 20

/**
 * A query for one name and type; with `udpSize`, bytes, by EDNS. Throws RangeError when the name cannot be written (label
 * over 63, name over 253).
 */
export const writeQuery = (id: number, name: string, type: RecordType, udpSize?: number): Buffer => {
  const message = Buffer.allocUnsafe(name.length + (udpSize === undefined ? 18 : 18 + SIZE_RECORD))
  message.writeUInt16BE(id, 0)
  message.writeUInt16BE(RECURSION_DESIRED, 2)
  message.writeUInt32BE(QUESTIONS, 4)
  message.writeUInt32BE(udpSize === undefined ? 0 : 1, 8)
  const end = writeName(message, 12, name)
  message.writeUInt16BE(RECORD_TYPES[type], end)
  message.writeUInt16BE(CLASS_IN, end + 2)
  if (udpSize === undefined) return end + 4 === message.length ? message : message.subarray(0, end + 4)
  // The pseudo-record by which a query says how large an answer by UDP may be (RFC 6891, 6.1.2).
  message.fill(0, end + 4, end + 4 + SIZE_RECORD)
  message.writeUInt16BE(OPT, end + 5)
  message.writeUInt16BE(udpSize, end + 7)
  return message.subarray(0, end + 4 + SIZE_RECORD)
}
/** One question, no answers. */
const QUESTIONS = 0x0001_0000
const OPT = 41
const SIZE_RECORD = 11
const DOT = 46

/** Writes the labels of a name, of which empty ones do not count, each behind its length. Returns where it ends. */
const writeName = (message: Buffer, start: number, name: string): number => {
  if (name.length > 253) throw new RangeError(`${name} is not a DNS name`)
  let head = start
  let at = start + 1
  for (let index = 0; index <= name.length; index++) {
    const code = index === name.length ? DOT : name.charCodeAt(index)
    if (code !== DOT) message[at++] = code
    else if (at > head + 1) {
      message[head] = at - head - 1
      if (at - head > 64) throw new RangeError(`${name} is not a DNS name`)
      head = at++
    }
  }
  message[head] = 0
  return head + 1
}

export interface DnsRecord {
  readonly name: string
  readonly type: string
  /** Seconds. */
  readonly ttl: number
  readonly value: string
}

export interface DnsAnswer {
  readonly rcode: string
  readonly truncated: boolean
  readonly records: readonly DnsRecord[]
  /** How long it may be remembered that there is nothing, s (RFC 2308); undefined where the answer does not say. */
  readonly negativeTtl: number | undefined
}

class Malformed extends Error {}

const readName = (message: Buffer, start: number): { name: string; next: number } => {
  let name = ''
  let at = start
  let next = -1
  let length = 0
  for (let jumps = 0; ; ) {
    const head = message[at]
    if (head === undefined) throw new Malformed('name')
    if (head === 0) return { name: name || '.', next: next < 0 ? at + 1 : next }
    if (head >= 0xc0) {
      if (++jumps > JUMPS || at + 1 >= message.length) throw new Malformed('compression')
      if (next < 0) next = at + 2
      at = ((head & 0x3f) << 8) | message[at + 1]!
      continue
    }
    length += head + 1
    if (head > 63 || at + 1 + head > message.length || length > 255) throw new Malformed('label')
    name += `${length > head + 1 ? '.' : ''}${message.toString('latin1', at + 1, at + 1 + head)}`
    at += head + 1
  }
}

const ipv6 = (bytes: Buffer): string => {
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16))
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1)
}

const texts = (data: Buffer): string => {
  let text = ''
  for (let at = 0; at < data.length; at += data[at]! + 1) text += data.toString('utf8', at + 1, at + 1 + data[at]!)
  return text
}

/** The value of a record as people write it; hex for a type that is not known. */
const readValue = (message: Buffer, type: RecordType | undefined, start: number, length: number): string => {
  const data = message.subarray(start, start + length)
  const name = (offset: number) => readName(message, start + offset).name
  // An address of another length is none, whatever it would look like in hex.
  if ((type === 'A' && length !== 4) || (type === 'AAAA' && length !== 16)) throw new Malformed('address')
  if (type === 'A') return `${data[0]}.${data[1]}.${data[2]}.${data[3]}`
  if (type === 'AAAA') return ipv6(data)
  if (type === 'CNAME' || type === 'NS' || type === 'PTR') return name(0)
  if (type === 'MX' && length > 2) return `${data.readUInt16BE(0)} ${name(2)}`
  if (type === 'TXT') return texts(data)
  if (type === 'SRV' && length > 6)
    return `${data.readUInt16BE(0)} ${data.readUInt16BE(2)} ${data.readUInt16BE(4)} ${name(6)}`
  if (type === 'CAA' && length > 2)
    return `${data[0]} ${data.toString('ascii', 2, 2 + data[1]!)} "${data.toString('utf8', 2 + data[1]!)}"`
  if (type === 'SOA') {
    const primary = readName(message, start)
    const mailbox = readName(message, primary.next)
    const numbers = [0, 4, 8, 12, 16].map((offset) => message.readUInt32BE(mailbox.next + offset))
    return `${primary.name} ${mailbox.name} ${numbers.join(' ')}`
  }
  return data.toString('hex')
}

interface Section {
  readonly records: readonly DnsRecord[]
  /** Where the next section begins. */
  readonly next: number
}

const readSection = (message: Buffer, start: number, count: number): Section => {
  const records: DnsRecord[] = []
  let at = start
  for (let index = 0; index < count && at < message.length; index++) {
    const { name, next } = readName(message, at)
    const code = message.readUInt16BE(next)
    const type = NAME_OF.get(code)
    const length = message.readUInt16BE(next + 8)
    if (next + 10 + length > message.length) throw new Malformed('record')
    const value = readValue(message, type, next + 10, length)
    records.push({ name, type: type ?? String(code), ttl: message.readUInt32BE(next + 4), value })
    at = next + 10 + length
  }
  return { records, next: at }
}

/** The smaller of the TTL of the zone's SOA and of its last number (RFC 2308, 5). */
const negativeTtlOf = (message: Buffer, start: number): number | undefined => {
  const count = Math.min(message.readUInt16BE(8), AUTHORITIES)
  const soa = readSection(message, start, count).records.find(({ type }) => type === 'SOA')
  return soa && Math.min(soa.ttl, Number(soa.value.slice(soa.value.lastIndexOf(' ') + 1)))
}

/** Where the question ends that an answer repeats; undefined: it is another one. Small letters and large ones are alike. */
const endOfQuestion = (message: Buffer, query: Buffer): number | undefined => {
  let root = 12
  while (query[root]! > 0) root += query[root]! + 1
  const end = root + 5
  if (message.length >= end && message.compare(query, 12, end, 12, end) === 0) return end
  const { name, next } = readName(message, 12)
  if (name.toLowerCase() !== readName(query, 12).name.toLowerCase()) return undefined
  return message.readUInt32BE(next) === query.readUInt32BE(end - 4) ? next + 4 : undefined
}

/** Reads an answer to `query`; undefined when it is not one (another id or question) or is malformed. */
export const readAnswer = (message: Buffer, query: Buffer): DnsAnswer | undefined => {
  try {
    const flags = message.readUInt16BE(2)
    if (message.readUInt16BE(0) !== query.readUInt16BE(0) || (flags & RESPONSE) === 0) return undefined
    const rcode = RCODES[flags & 15] ?? String(flags & 15)
    // Who cannot or will not take a query may leave its question out.
    const isBare = message.readUInt16BE(4) === 0 && !OF_THE_NAME.has(rcode)
    if (isBare) return { rcode, truncated: false, records: [], negativeTtl: undefined }
    const questionEnd = endOfQuestion(message, query)
    if (questionEnd === undefined) return undefined
    const truncated = (flags & TRUNCATED) !== 0
    const count = Math.min(message.readUInt16BE(6), ANSWERS)
    const { records, next } = readSection(message, questionEnd, count)
    const negativeTtl = records.length === 0 && !truncated ? negativeTtlOf(message, next) : undefined
    return { rcode, truncated, records, negativeTtl }
  } catch (error) {
    if (error instanceof Malformed || error instanceof RangeError) return undefined
    throw error
  }
}
