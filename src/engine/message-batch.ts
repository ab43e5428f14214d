import type { Native } from './native.ts'

const MMSGHDR = 64
const IOVEC = 16
const NAME = 28
/** Holds a time stamp, and how many hops were left. */
const CONTROL = 64

interface BatchShape {
  readonly count: number
  /** Bytes of each datagram, and of its control messages: multiples of 8. */
  readonly bufferSize: number
  readonly controlSize?: number
  /** False where nobody asks who sent what is received: the kernel then need not copy it. */
  readonly named?: boolean
}

/**
 * Memory for sending or receiving many datagrams by one call, in the layout that the kernel reads: an array of
 * mmsghdr, each with one buffer, one address and room for control messages. Allocated once, used again and again.
 * Little-endian machines of 64 bits only.
 */
export const createMessageBatch = (
  native: Native,
  { count, bufferSize, controlSize = CONTROL, named = true }: BatchShape,
) => {
  const vectors = MMSGHDR * count
  const iovecs = vectors + IOVEC * count
  const names = iovecs + NAME * count + ((8 - ((NAME * count) % 8)) % 8)
  const controls = names + controlSize * count
  const memory = new ArrayBuffer(controls + bufferSize * count)
  const view = new DataView(memory)
  const bytes = new Uint8Array(memory)
  const words = new Uint32Array(memory)
  const base = native.address(memory)
  const bufferAt = (index: number) => controls + index * bufferSize
  const nameAt = (index: number) => iovecs + index * NAME
  const controlAt = (index: number) => names + index * controlSize
  /** Position in `words` of a 32-bit field of a header. */
  const field = (index: number, offset: number) => (index * MMSGHDR + offset) >> 2

  for (let index = 0; index < count; index++) {
    const header = index * MMSGHDR
    const iovec = vectors + index * IOVEC
    if (named) view.setBigUint64(header, BigInt(base + nameAt(index)), true)
    view.setBigUint64(header + 16, BigInt(base + iovec), true)
    view.setBigUint64(header + 24, 1n, true)
    view.setBigUint64(iovec, BigInt(base + bufferAt(index)), true)
    view.setBigUint64(iovec + 8, BigInt(bufferSize), true)
  }

  return {
    /** Address of the mmsghdr at `index`, for the call itself. */
    headerAddress: (index: number) => base + index * MMSGHDR,
    bytes,
    view,
    /** The same memory as numbers of 32 bits in the machine's order. */
    words,
    bufferAt,
    nameAt,
    controlAt,
    /** Bytes of control messages that came. */
    controlLengthOf: (index: number) => words[field(index, 40)]!,
    /** Before a send: how long the address and the datagram are. */
    prepareSend: (index: number, nameLength: number, length: number) => {
      words[field(index, 8)] = nameLength
      words[(vectors + index * IOVEC + 8) >> 2] = length
    },
    /** Before a receive: the kernel shrinks these lengths, so they are set anew each time. */
    prepareReceive: (index: number) => {
      if (words[field(index, 32)] === 0) view.setBigUint64(index * MMSGHDR + 32, BigInt(base + controlAt(index)), true)
      words[field(index, 8)] = NAME
      words[field(index, 40)] = controlSize
    },
    lengthOf: (index: number) => words[field(index, 56)]!,
    /**
     * When the kernel received the datagram, ms since the epoch; NaN when it did not say. The first control message
     * is SCM_TIMESTAMPNS: 16 bytes of header, then seconds and nanoseconds.
     */
    receivedAt: (index: number): number => {
      if (words[field(index, 40)]! < 32) return Number.NaN
      const control = (controlAt(index) + 16) >> 2
      return words[control]! * 1000 + words[control + 2]! / 1e6
    },
    /** How many hops the datagram had left, which is the message behind the time stamp; NaN when the kernel did not say. */
    hopLimitOf: (index: number): number =>
      words[field(index, 40)]! < 52 ? Number.NaN : words[(controlAt(index) + 48) >> 2]!,
  }
}
export type MessageBatch = ReturnType<typeof createMessageBatch>
