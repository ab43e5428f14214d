/** Numbers of record types, by the names that may be asked for. */
const NAMED: Readonly<Record<string, number>> = {
  None: 0,
  A: 1,
  NS: 2,
  MD: 3,
  MF: 4,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  X25: 19,
  ISDN: 20,
  RT: 21,
  'NSAP-PTR': 23,
  SIG: 24,
  KEY: 25,
  PX: 26,
  GPOS: 27,
  AAAA: 28,
  LOC: 29,
  NXT: 30,
  EID: 31,
  NIMLOC: 32,
  SRV: 33,
  ATMA: 34,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  NINFO: 56,
  RKEY: 57,
  TALINK: 58,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  UINFO: 100,
  UID: 101,
  GID: 102,
  UNSPEC: 103,
  NID: 104,
  L32: 105,
  L64: 106,
  LP: 107,
  EUI48: 108,
  EUI64: 109,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  MAILB: 253,
  MAILA: 254,
  ANY: 255,
  URI: 256,
  CAA: 257,
  AVC: 258,
  TA: 32_768,
  DLV: 32_769,
  Reserved: 65_535,
}

const CLASSES: Readonly<Record<string, number>> = { IN: 1, CS: 2, CH: 3, HS: 4, NONE: 254, ANY: 255 }

/** Names of what a server may answer; further numbers have none, and no module can mean them. */
const RCODES: readonly (string | undefined)[] = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
  ...new Array<undefined>(5),
  'BADSIG',
  'BADKEY',
  'BADTIME',
  'BADMODE',
  'BADNAME',
  'BADALG',
  'BADTRUNC',
  'BADCOOKIE',
]
/** Other names for some of them. */
const ALSO: Readonly<Record<string, number>> = { NOTIMPL: 4 }

const turned = (numbers: Readonly<Record<string, number>>) =>
  new Map(Object.entries(numbers).map(([name, number]) => [number, name]))
const TYPE_NAMES = turned(NAMED)
const CLASS_NAMES = turned(CLASSES)

const numberIn = (numbers: Readonly<Record<string, number>>, name: string): number | undefined =>
  Object.hasOwn(numbers, name) ? numbers[name] : undefined

/** The number of a record type; undefined when it is not known. */
export const typeNumber = (name: string): number | undefined => numberIn(NAMED, name)
export const classNumber = (name: string): number | undefined => numberIn(CLASSES, name)
export const rcodeNumber = (name: string): number | undefined => {
  const at = RCODES.indexOf(name)
  return at >= 0 ? at : numberIn(ALSO, name)
}

export const typeName = (number: number): string => TYPE_NAMES.get(number) ?? `TYPE${number}`
/** ANY is a type too, and as a class written by its number. */
export const className = (number: number): string =>
  (number === CLASSES.ANY ? undefined : CLASS_NAMES.get(number)) ?? `CLASS${number}`
export const rcodeName = (number: number): string => RCODES[number] ?? String(number)
