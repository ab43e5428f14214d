import type { Native } from './native.ts'

const MMSGHDR = 64
const IOVEC = 16
const NAME = 28
const CONTROL = 64

/**
 * Memory for sending or receiving many datagrams by one call, in the layout that the kernel reads: an array of
 * mmsghdr, each with one buffer, one address and room for control messages. Allocated once, used again and again.
 */
export const createMessageBatch = (native: Native, count: number, bufferSize: number) => {
  const vectors = MMSGHDR * count
  const iovecs = vectors + IOVEC * count
  const names = iovecs + NAME * count + ((8 - ((NAME * count) % 8)) % 8)
  const controls = names + CONTROL * count
  const memory = new ArrayBuffer(controls + bufferSize * count)
  const view = new DataView(memory)
  const bytes = new Uint8Array(memory)
  const base = native.address(memory)
  const at = {
    header: (index: number) => index * MMSGHDR,
    name: (index: number) => iovecs + index * NAME,
    control: (index: number) => names + index * CONTROL,
    buffer: (index: number) => controls + index * bufferSize,
  }

  for (let index = 0; index < count; index++) {
    const header = at.header(index)
    const iovec = vectors + index * IOVEC
    view.setBigUint64(header, base + BigInt(at.name(index)), true)
    view.setBigUint64(header + 16, base + BigInt(iovec), true)
    view.setBigUint64(header + 24, 1n, true)
    view.setBigUint64(iovec, base + BigInt(at.buffer(index)), true)
    view.setBigUint64(iovec + 8, BigInt(bufferSize), true)
  }

  return {
    /** Address of the mmsghdr array, for the call itself. */
    base,
    bytes,
    view,
    bufferAt: at.buffer,
    nameAt: at.name,
    /** Before a send: how long the address and the datagram are; no control messages. */
    prepareSend: (index: number, nameLength: number, length: number) => {
      const header = at.header(index)
      view.setUint32(header + 8, nameLength, true)
      view.setBigUint64(header + 32, 0n, true)
      view.setBigUint64(header + 40, 0n, true)
      view.setBigUint64(vectors + index * IOVEC + 8, BigInt(length), true)
    },
    /** Before a receive: the kernel shrinks these lengths, so they are set anew each time. */
    prepareReceive: (index: number) => {
      const header = at.header(index)
      view.setUint32(header + 8, NAME, true)
      view.setBigUint64(header + 32, base + BigInt(at.control(index)), true)
      view.setBigUint64(header + 40, BigInt(CONTROL), true)
    },
    lengthOf: (index: number) => view.getUint32(at.header(index) + 56, true),
    /**
     * When the kernel received the datagram, ms since the epoch; NaN when it did not say. The first control message
     * is SCM_TIMESTAMPNS: 16 bytes of header, then seconds and nanoseconds.
     */
    receivedAt: (index: number): number => {
      if (view.getBigUint64(at.header(index) + 40, true) < 32n) return Number.NaN
      const control = at.control(index)
      const seconds = Number(view.getBigInt64(control + 16, true))
      return seconds * 1000 + Number(view.getBigInt64(control + 24, true)) / 1e6
    },
  }
}
export type MessageBatch = ReturnType<typeof createMessageBatch>
