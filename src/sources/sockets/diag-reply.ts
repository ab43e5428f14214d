import { isMapped, type SocketSink } from './tally.ts'

const NLMSG_ERROR = 2
const NLMSG_DONE = 3
const NLM_F_DUMP_INTR = 0x10
const HEADER_BYTES = 16
const HEADER_WORDS = HEADER_BYTES >> 2
/** `struct nlmsghdr` and `struct inet_diag_msg`. */
const MESSAGE_BYTES = HEADER_BYTES + 72
const AF_INET = 2

/** What one part of an answer says beside its sockets. */
export type DiagPart =
  | { readonly end: false; readonly interrupted: boolean }
  /** `error` is an errno, 0 for none. */
  | { readonly end: true; readonly interrupted: boolean; readonly error: number }

/** Looks at a row, which begins at `words[at]` and whose attributes end before `words[end]`; false: it is not counted. */
export type RowFilter = (words: Uint32Array, at: number, end: number) => boolean

/** A view of the kernel's answer that reads it word by word; the buffer is filled anew for each part. */
export const createReplyReader = (buffer: Uint8Array) => {
  const words = new Uint32Array(buffer.buffer, buffer.byteOffset, buffer.length >> 2)

  /** Counts the sockets of `length` bytes. A message that does not fit in them ends the reading: its sender is the kernel. */
  return (length: number, sink: SocketSink, counts?: RowFilter): DiagPart => {
    let interrupted = false
    let at = 0
    while (at + HEADER_BYTES <= length) {
      const word = at >> 2
      const size = words[word]!
      if (size < HEADER_BYTES || at + size > length) break
      const type = words[word + 1]! & 0xffff
      if ((words[word + 1]! >>> 16) & NLM_F_DUMP_INTR) interrupted = true
      if (type === NLMSG_DONE || type === NLMSG_ERROR) {
        const error = size >= HEADER_BYTES + 4 ? Math.abs(words[word + 4]! | 0) : 0
        return { end: true, interrupted, error }
      }
      if (size >= MESSAGE_BYTES && (counts === undefined || counts(words, word + HEADER_WORDS, word + (size >> 2)))) {
        const v4 = buffer[at + 16] === AF_INET || isMapped(words[word + 6]!, words[word + 7]!, words[word + 8]!)
        sink.add(
          v4 ? 4 : 6,
          buffer[at + 17]!,
          (buffer[at + 20]! << 8) | buffer[at + 21]!,
          (buffer[at + 22]! << 8) | buffer[at + 23]!,
          words[word + 18]!,
          words[word + 19]!,
        )
      }
      at += (size + 3) & ~3
    }
    return { end: false, interrupted }
  }
}
