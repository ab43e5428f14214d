import { createMessageBatch } from '../message-batch.ts'
import { AF_INET, AF_INET6, type Native } from '../native.ts'
import type { Destination } from '../tcp/destination.ts'
import { checksum, ECHO_HEADER, TYPES } from './icmp-packet.ts'
import { NONCE, PAYLOAD_HEAD } from './icmp-read.ts'
import type { IcmpSocket } from './icmp-socket.ts'

const ROOM = 1536
/** Offsets in sockaddr_in and sockaddr_in6. */
const ADDRESS_AT = { 4: 4, 6: 8 } as const
const SCOPE_AT = 24
const NAME_LENGTH = { 4: 16, 6: 28 } as const

/** A batch of echo requests in which only what differs from packet to packet is written anew. */
export const createIcmpWriter = (
  native: Native,
  { family, kind }: IcmpSocket,
  count: number,
  identifier: number,
  nonce: readonly [number, number],
) => {
  const batch = createMessageBatch(native, { count, bufferSize: ROOM })
  const { bytes, words, view } = batch
  const addressAt = ADDRESS_AT[family]
  const summed = family === 4 && kind === 'raw'
  for (let index = 0; index < count; index++) {
    const at = batch.bufferAt(index)
    bytes[at] = TYPES[family].request
    view.setUint16(at + 4, identifier)
    words[(at + ECHO_HEADER) >> 2] = nonce[0]
    words[(at + ECHO_HEADER + 4) >> 2] = nonce[1]
    view.setUint16(batch.nameAt(index), family === 4 ? AF_INET : AF_INET6, true)
  }

  return {
    headerAddress: batch.headerAddress,
    write: (
      index: number,
      destination: Destination,
      sequence: number,
      row: number,
      generation: number,
      packet: number,
    ): void => {
      const at = batch.bufferAt(index)
      const length = ECHO_HEADER + Math.min(Math.max(destination.size, PAYLOAD_HEAD), ROOM - 8)
      const word = (at + ECHO_HEADER + NONCE) >> 2
      view.setUint16(at + 6, sequence)
      words[word] = row
      words[word + 1] = generation * 256 + packet
      // The kernel computes it for ICMPv6 and for ping sockets. All bytes behind the head are zero.
      if (summed) {
        view.setUint16(at + 2, 0)
        view.setUint16(at + 2, checksum(bytes, at, ECHO_HEADER + PAYLOAD_HEAD))
      }
      const name = batch.nameAt(index)
      const target = destination.bytes
      if (family === 4) words[(name + addressAt) >> 2] = destination.word
      else for (let offset = 0; offset < target.length; offset++) bytes[name + addressAt + offset] = target[offset]!
      if (family === 6) view.setUint32(name + SCOPE_AT, destination.scope, true)
      batch.prepareSend(index, NAME_LENGTH[family], length)
    },
  }
}
