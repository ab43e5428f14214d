import type { Cursor } from './cursor.ts'
import { ipv4Text, ipv6Text } from './fields.ts'

const ERRORS: readonly string[] = [
  'Other',
  'Unsupported DNSKEY Algorithm',
  'Unsupported DS Digest Type',
  'Stale Answer',
  'Forged Answer',
  'DNSSEC Indeterminate',
  'DNSSEC Bogus',
  'Signature Expired',
  'Signature Not Yet Valid',
  'DNSKEY Missing',
  'RRSIGs Missing',
  'No Zone Key Bit Set',
  'NSEC Missing',
  'Cached Error',
  'Not Ready',
  'Blocked',
  'Censored',
  'Filtered',
  'Prohibited',
  'Stale NXDOMAIN Answer',
  'Not Authoritative',
  'Not Supported',
  'No Reachable Authority',
  'Network Error',
  'Invalid Data',
]

const subnet = (value: Buffer): string => {
  const address = Buffer.alloc(value.readUInt16BE(0) === 1 ? 4 : 16)
  value.copy(address, 0, 4)
  const text = address.length === 4 ? ipv4Text(address) : `[${ipv6Text(address)}]`
  return `${text}/${value[2]}/${value[3]}`
}

const extendedError = (value: Buffer): string => {
  const code = value.readUInt16BE(0)
  const words = ERRORS[code]
  return `${code}${words === undefined ? '' : ` (${words})`}: (${value.toString('utf8', 2)})`
}

const OPTIONS: Readonly<Record<number, (value: Buffer) => string>> = {
  3: (value) =>
    `NSID: ${value.toString('hex')}  ${Array.from(value, (byte) => `(${String.fromCharCode(byte)})`).join('')}`,
  8: (value) => `SUBNET: ${subnet(value)}`,
  10: (value) => `COOKIE: ${value.toString('hex')}`,
  12: (value) => `PADDING: ${value.toString('hex').toUpperCase()}`,
  15: (value) => `EDE: ${extendedError(value)}`,
}

const optionText = (code: number, value: Buffer): string =>
  `\n; ${OPTIONS[code]?.(value) ?? `LOCAL OPT: ${code}:0x${value.toString('hex')}`}`

const WANTS_DNSSEC = 0x8000

/** What a server says of itself beside its records (RFC 6891), as the original writes it: not in the form of a record. */
export const optionsText = (cursor: Cursor, size: number, flags: number): string => {
  const dnssec = flags & WANTS_DNSSEC ? 'do' : ''
  let text = `\n;; OPT PSEUDOSECTION:\n; EDNS: version ${(flags >> 16) & 255}; flags: ${dnssec}; udp: ${size}`
  while (cursor.left > 0) {
    const code = cursor.number(2)
    text += optionText(code, cursor.bytes(cursor.number(2)))
  }
  return text
}
