import { createMessageBatch } from '../message-batch.ts'
import { MSG_DONTWAIT, type Native } from '../native.ts'
import { ECHO_HEADER, TYPES } from './icmp-packet.ts'
import type { Heard } from './icmp-read.ts'
import type { IcmpSocket } from './icmp-socket.ts'

const MSG_ERRQUEUE = 0x2000
/** Errors read by one call; a network that breaks off brings thousands, a quiet one none. */
const READ = 32
/** Calls in one turn at most, so that a flood cannot hold the thread. */
const TURNS = 64
/** What was quoted of our packet: the header says enough. */
const QUOTED = 64
/** Room for a time stamp and for the error with its sender. */
const CONTROL = 128
/** Level and type of the control message that holds `sock_extended_err` (linux/errqueue.h). */
const ERROR_MESSAGE = { 4: [0, 11], 6: [41, 25] } as const
/** Offsets behind the header of that message: who made the error, its ICMP type, and the address of its sender. */
const [ORIGIN_AT, TYPE_AT, SENDER_AT] = [16 + 4, 16 + 5, 16 + 16]
const ORIGIN_ICMP = { 4: 2, 6: 3 } as const

/** Room that a control message of this length takes (CMSG_ALIGN). */
const aligned = (length: number): number => (length + 7) & ~7

/**
 * Reads what routers say of the requests of a ping socket. The kernel keeps it in a queue beside the replies, and tells of
 * it by failing the next call on the socket once (ip(7), IP_RECVERR).
 */
export const createIcmpErrorQueue = (native: Native, { fd, family }: IcmpSocket, heard: Heard) => {
  const input = createMessageBatch(native, { count: READ, bufferSize: QUOTED, controlSize: CONTROL })
  const { bytes, view } = input
  const types = TYPES[family]
  const [level, type] = ERROR_MESSAGE[family]
  const [addressAt, addressLength] = family === 4 ? [4, 4] : [8, 16]

  /** Where the error stands in the control messages; undefined where there is none. */
  const errorAt = (index: number): number | undefined => {
    const end = input.controlAt(index) + Math.min(CONTROL, input.controlLengthOf(index))
    for (let at = input.controlAt(index); at + SENDER_AT + addressAt + addressLength <= end; ) {
      const length = view.getUint32(at, true)
      if (view.getInt32(at + 8, true) === level && view.getInt32(at + 12, true) === type) return at
      if (length < 16) return undefined
      at += aligned(length)
    }
    return undefined
  }

  const read = (index: number) => {
    const error = errorAt(index)
    // This machine says it itself, at the send.
    if (error === undefined || bytes[error + ORIGIN_AT] !== ORIGIN_ICMP[family]) return
    const quoted = input.bufferAt(index)
    const kind = bytes[error + TYPE_AT]
    const code = kind === types.unreachable ? 'unreachable' : kind === types.exceeded ? 'time_exceeded' : undefined
    if (!code || input.lengthOf(index) < ECHO_HEADER || bytes[quoted] !== types.request) return heard.foreign()
    const target = input.nameAt(index) + addressAt
    const sender = error + SENDER_AT + addressAt
    heard.error(
      code,
      view.getUint16(quoted + 6),
      bytes.subarray(target, target + addressLength),
      bytes.subarray(sender, sender + addressLength),
    )
  }

  return {
    /** Reads what there is, without waiting. Returns how many errors there were. */
    drain: (): number => {
      let total = 0
      for (let turn = 0; turn < TURNS; turn++) {
        for (let index = 0; index < READ; index++) input.prepareReceive(index)
        const count = native.recvmmsg(fd, input.headerAddress(0), READ, MSG_DONTWAIT | MSG_ERRQUEUE)
        for (let index = 0; index < count; index++) read(index)
        total += Math.max(0, count)
        if (count < READ) break
      }
      return total
    },
  }
}
