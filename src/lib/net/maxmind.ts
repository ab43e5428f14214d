import type { Json, JsonObject } from '../json.ts'
import { type Address, parseAddress, unmapped } from './cidr.ts'

/** Format: https://maxmind.github.io/MaxMind-DB/ (version 2). */

export interface MaxmindDatabase {
  /** Such as `GeoLite2-Country`. */
  readonly type: string
  /** When it was made, ms. */
  readonly builtAt: number
  /** What it holds of an address; undefined when it holds nothing, or the text is no address. */
  lookup(address: string): Json | undefined
}

/** Why a file is not used; a damaged one may show it only when an address is looked up. */
export class MaxmindError extends Error {}

const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')
/** The metadata stands within so many bytes of the end. */
const METADATA_WITHIN = 128 * 1024
const SEPARATOR = 16
const DEEPEST = 32
/** Values in one record; real ones have some hundred. */
const MOST_VALUES = 20_000
/** Bytes of texts in one record; pointers could repeat a long one without end. */
const MOST_BYTES = 1 << 20

const refuse = (what: string): never => {
  throw new MaxmindError(what)
}

const TYPES = {
  extended: 0,
  pointer: 1,
  text: 2,
  double: 3,
  bytes: 4,
  uint16: 5,
  uint32: 6,
  map: 7,
  int32: 8,
  uint64: 9,
  uint128: 10,
  array: 11,
  boolean: 14,
  float: 15,
} as const
const POINTER_BASE = [0, 2048, 526_336, 0] as const

interface Decoded {
  readonly value: Json
  readonly next: number
}

/** Reads values of a section whose pointers count from `section`. Throws MaxmindError on whatever is not well formed. */
const createDecoder = (file: Buffer, section: number, end: number) => {
  const need = (at: number, length: number): number =>
    at >= section && at + length <= end ? at : refuse('a value lies outside of its section')
  const unsigned = (at: number, length: number): number =>
    length === 0 ? 0 : file.readUIntBE(need(at, length), length)

  const big = (at: number, length: number): Json => {
    need(at, length)
    const value = length === 0 ? 0n : BigInt(`0x${file.toString('hex', at, at + length)}`)
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString()
  }

  const pointerAt = (at: number, control: number): { target: number; next: number } => {
    const size = (control >> 3) & 3
    const length = size + 1
    const high = size === 3 ? 0 : (control & 7) * 2 ** (8 * length)
    return { target: section + high + unsigned(at, length) + POINTER_BASE[size]!, next: at + length }
  }

  const sizeAt = (at: number, control: number): { size: number; next: number } => {
    const short = control & 31
    if (short < 29) return { size: short, next: at }
    const length = short - 28
    return { size: [29, 285, 65_821][length - 1]! + unsigned(at, length), next: at + length }
  }

  return (start: number): Json => {
    let left = MOST_VALUES
    let bytesLeft = MOST_BYTES
    const scalar = (type: number, size: number, at: number): Decoded => {
      const next = need(at, size) + size
      const longest = {
        [TYPES.uint16]: 2,
        [TYPES.uint32]: 4,
        [TYPES.int32]: 4,
        [TYPES.uint64]: 8,
        [TYPES.uint128]: 16,
      }[type]
      if (longest !== undefined && size > longest) refuse('a number is longer than its type')
      bytesLeft -= size
      if (bytesLeft < 0) refuse('a record is too long')
      if (type === TYPES.text) return { value: file.toString('utf8', at, next), next }
      if (type === TYPES.bytes) return { value: file.toString('base64', at, next), next }
      if (type === TYPES.double)
        return { value: size === 8 ? file.readDoubleBE(at) : refuse('a double of another size than 8'), next }
      if (type === TYPES.float)
        return { value: size === 4 ? file.readFloatBE(at) : refuse('a float of another size than 4'), next }
      if (type === TYPES.uint16 || type === TYPES.uint32) return { value: unsigned(at, size), next }
      if (type === TYPES.int32) return { value: size === 4 ? file.readInt32BE(at) : unsigned(at, size), next }
      if (type === TYPES.uint64 || type === TYPES.uint128) return { value: big(at, size), next }
      return refuse(`a value of the unknown type ${type}`)
    }

    const list = (size: number, at: number, depth: number): Decoded => {
      const items: Json[] = []
      let next = at
      for (let index = 0; index < size; index++) {
        const item = decode(next, depth + 1)
        items.push(item.value)
        next = item.next
      }
      return { value: items, next }
    }

    const map = (size: number, at: number, depth: number): Decoded => {
      const entries: [string, Json][] = []
      let next = at
      for (let index = 0; index < size; index++) {
        const key = decode(next, depth + 1)
        const item = decode(key.next, depth + 1)
        entries.push([typeof key.value === 'string' ? key.value : refuse('a key that is no text'), item.value])
        next = item.next
      }
      return { value: Object.fromEntries(entries), next }
    }

    const decode = (at: number, depth: number, pointed = false): Decoded => {
      if (depth > DEEPEST) refuse('values lie too deep in one another')
      if (--left < 0) refuse('a record has too many values')
      const control = unsigned(at, 1)
      let type = control >> 5
      if (type === TYPES.pointer) {
        if (pointed) refuse('a pointer points to a pointer')
        const { target, next } = pointerAt(at + 1, control)
        return { value: decode(target, depth + 1, true).value, next }
      }
      const extended = type === TYPES.extended
      if (extended) type = 7 + unsigned(at + 1, 1)
      const { size, next } = sizeAt(at + (extended ? 2 : 1), control)
      if (type === TYPES.map) return map(size, next, depth)
      if (type === TYPES.array) return list(size, next, depth)
      if (type === TYPES.boolean) return { value: size !== 0, next }
      return scalar(type, size, next)
    }
    return decode(start, 0).value
  }
}

const metadataOf = (file: Buffer): JsonObject => {
  const from = Math.max(0, file.length - METADATA_WITHIN)
  const found = file.subarray(from).lastIndexOf(MARKER)
  if (found < 0) return refuse('it is no MaxMind database')
  const start = from + found + MARKER.length
  const metadata = createDecoder(file, start, file.length)(start)
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
    ? (metadata as JsonObject)
    : refuse('its metadata is no map')
}

/** Reads one of the two records of a node; with 28 bits the byte in the middle holds the high bits of both. */
const recordReader = (file: Buffer, bits: number) => {
  const bytes = bits / 4
  return (node: number, side: 0 | 1): number => {
    const at = node * bytes
    if (bits === 24) return file.readUIntBE(at + side * 3, 3)
    if (bits === 32) return file.readUInt32BE(at + side * 4)
    const middle = file[at + 3]!
    return side === 0
      ? (middle >> 4) * 0x1000000 + file.readUIntBE(at, 3)
      : (middle & 15) * 0x1000000 + file.readUIntBE(at + 4, 3)
  }
}

const bitOf = (value: bigint, index: number): 0 | 1 => Number((value >> BigInt(index)) & 1n) as 0 | 1

/**
 * Reads a database in the MaxMind format from the bytes of its file, which must not change afterwards. Throws
 * MaxmindError when it is not one; a look-up throws it too, when it comes upon damage. Cost is bounded whatever the file holds.
 */
export const readMaxmind = (file: Buffer): MaxmindDatabase => {
  const metadata = metadataOf(file)
  const number = (name: string): number => {
    const value = metadata[name]
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : refuse(`its ${name} is missing`)
  }
  if (number('binary_format_major_version') !== 2) refuse('its format is not version 2')
  const [nodes, bits, version] = [number('node_count'), number('record_size'), number('ip_version')]
  if (![24, 28, 32].includes(bits)) refuse(`records of ${bits} bits are not known`)
  if (version !== 4 && version !== 6) refuse(`there is no IP version ${version}`)
  const treeEnd = (nodes * bits) / 4
  const section = treeEnd + SEPARATOR
  if (nodes === 0 || section > file.length) refuse('it is cut short')
  const record = recordReader(file, bits)
  const decode = createDecoder(file, section, file.length)

  /** Follows the bits of an address from a node; a record at or above `nodes` ends the way. */
  const descend = (from: number, value: bigint, length: number): number => {
    let node = from
    for (let bit = length - 1; bit >= 0 && node < nodes; bit--) node = record(node, bitOf(value, bit))
    return node
  }
  /** IPv4 stands under 96 zero bits. */
  const ipv4Root = version === 6 ? descend(0, 0n, 96) : 0

  const find = ({ family, value }: Address): number => {
    if (family === 4) return descend(ipv4Root, value, 32)
    return version === 6 ? descend(0, value, 128) : nodes
  }

  return {
    type: typeof metadata.database_type === 'string' ? metadata.database_type : '',
    builtAt: number('build_epoch') * 1000,
    lookup: (text) => {
      const address = parseAddress(text)
      if (!address) return undefined
      const found = find(unmapped(address))
      return found <= nodes ? undefined : decode(found - nodes - SEPARATOR + section)
    },
  }
}
