import type { ErrorCode } from '#core/result/result.ts'
import type { MessageBatch } from '../message-batch.ts'
import { ECHO_HEADER, TYPES } from './icmp-packet.ts'
import type { IcmpSocket } from './icmp-socket.ts'

/** The payload begins with the nonce, then the number of the row, then generation and packet in one word. */
export const NONCE = 8
export const PAYLOAD_HEAD = NONCE + 8

/** How many hops the last reply had left, where it is asked for. */
export interface Hops {
  wanted: boolean
  left: number
}

export interface Heard {
  /** An answer with our nonce; `receivedAt` in ms of the wall clock, NaN where the kernel told none. */
  reply(row: number, generation: number, packet: number, receivedAt: number): void
  /** An ICMP error about our request to `target`, and who sent it: their 4 or 16 bytes, overwritten afterwards. */
  error(code: ErrorCode, sequence: number, target: Uint8Array, sender: Uint8Array): void
  /** A datagram that does not concern us: another program's, forged or too short. */
  foreign(): void
}

/** Reads what a datagram of the batch says. */
export const createIcmpReader = (
  { family, kind }: IcmpSocket,
  input: MessageBatch,
  identifier: number,
  nonce: readonly [number, number],
  heard: Heard,
  hops: Hops,
) => {
  const types = TYPES[family]
  const { bytes, words, view } = input
  /** Only a raw IPv4 socket hands over the IP header. */
  const headed = family === 4 && kind === 'raw'

  const readReply = (index: number, at: number, end: number) => {
    if (at + ECHO_HEADER + PAYLOAD_HEAD > end) return heard.foreign()
    const word = (at + ECHO_HEADER) >> 2
    if (words[word] !== nonce[0] || words[word + 1] !== nonce[1]) return heard.foreign()
    const place = words[word + 3]!
    if (hops.wanted) hops.left = input.hopLimitOf(index)
    heard.reply(words[word + 2]!, place >>> 8, place & 0xff, input.receivedAt(index))
  }

  /** An error quotes the packet that caused it: its IP header and at least the first 8 bytes of ours. */
  const readError = (code: ErrorCode, index: number, at: number, end: number) => {
    const quoted = at + ECHO_HEADER
    const inner = quoted + (family === 4 ? (bytes[quoted]! & 0x0f) * 4 : 40)
    if (inner + ECHO_HEADER > end || bytes[inner] !== types.request) return heard.foreign()
    if (view.getUint16(inner + 4) !== identifier) return heard.foreign()
    const sender = input.nameAt(index) + (family === 4 ? 4 : 8)
    const target = quoted + (family === 4 ? 16 : 24)
    const length = family === 4 ? 4 : 16
    heard.error(
      code,
      view.getUint16(inner + 6),
      bytes.subarray(target, target + length),
      bytes.subarray(sender, sender + length),
    )
  }

  return (index: number) => {
    const start = input.bufferAt(index)
    const end = start + input.lengthOf(index)
    const at = headed ? start + (bytes[start]! & 0x0f) * 4 : start
    if (at + ECHO_HEADER > end) return heard.foreign()
    const type = bytes[at]!
    if (type === types.reply) readReply(index, at, end)
    else if (type === types.unreachable) readError('unreachable', index, at, end)
    else if (type === types.exceeded) readError('time_exceeded', index, at, end)
    else heard.foreign()
  }
}
