import { escapedLabel } from './escape.ts'

/** What is no message of DNS. */
export class Malformed extends Error {}

const LONGEST_NAME = 255
/** Pointers that a name may follow; more is a loop. */
const MOST_POINTERS = 126

/** The name at a place, with a final dot, as zone files write it, and where it ends. */
export const readName = (message: Buffer, start: number): { readonly name: string; readonly next: number } => {
  let [name, at, next, length] = ['', start, -1, 0]
  for (let pointers = 0; ; ) {
    const head = message[at]
    if (head === undefined) throw new Malformed('name')
    if (head === 0) return { name: name || '.', next: next < 0 ? at + 1 : next }
    if (head >= 0xc0) {
      if (at + 1 >= message.length || ++pointers > MOST_POINTERS) throw new Malformed('pointer')
      if (next < 0) next = at + 2
      at = ((head & 0x3f) << 8) | message[at + 1]!
      continue
    }
    length += head + 1
    if (head > 63 || at + 1 + head > message.length || length >= LONGEST_NAME) throw new Malformed('label')
    name += `${escapedLabel(message.subarray(at + 1, at + 1 + head))}.`
    at += head + 1
  }
}

/** Reads the data of one record from its beginning on; nothing beyond it. */
export interface Cursor {
  /** Bytes that are left. */
  readonly left: number
  number(bytes: 1 | 2 | 4): number
  bytes(count: number): Buffer
  name(): string
}

/** `message` ends where the record does. */
export const createCursor = (message: Buffer, start: number): Cursor => {
  let at = start
  const take = (count: number): number => {
    if (at + count > message.length) throw new Malformed('record')
    at += count
    return at - count
  }
  return {
    get left() {
      return message.length - at
    },
    number: (bytes) => message.readUIntBE(take(bytes), bytes),
    bytes: (count) => {
      const from = take(count)
      return message.subarray(from, from + count)
    },
    name: () => {
      const { name, next } = readName(message, at)
      at = next
      return name
    },
  }
}
