import { createMessageBatch } from '../message-batch.ts'
import { MSG_DONTWAIT, type Native } from '../native.ts'
import { createIcmpErrorQueue } from './icmp-error-queue.ts'
import { createIcmpReader, type Heard, type Hops } from './icmp-read.ts'
import { BATCH } from './icmp-sender.ts'
import type { IcmpSocket } from './icmp-socket.ts'

/** Enough for an error with both IP headers at their longest; the rest of a reply is of no interest. */
const RECEIVE_SIZE = 192
/** Datagrams read by one call: more than leave by one, so that a call that is not filled says that no more has come. */
const RECEIVED = BATCH + 8
/** Calls in one turn at most, so that a flood cannot hold the thread. */
const TURNS = 64

/** Reads what comes to an ICMP socket, without waiting: replies to our packets, and errors about them. */
export const createIcmpInput = (
  native: Native,
  socket: IcmpSocket,
  identifier: number,
  nonce: readonly [number, number],
  heard: Heard,
  hops: Hops,
) => {
  const { fd, kind } = socket
  const batch = createMessageBatch(native, { count: RECEIVED, bufferSize: RECEIVE_SIZE, named: kind === 'raw' })
  const read = createIcmpReader(socket, batch, identifier, nonce, heard, hops)
  const errors = kind === 'dgram' ? createIcmpErrorQueue(native, socket, heard) : undefined
  /** Headers of the batch that the kernel has written to. */
  let prepared = RECEIVED

  /** True when there were any. */
  const hearErrors = errors && ((): boolean => errors.drain() > 0)

  const hear = () => {
    for (let turn = 0; turn < TURNS; turn++) {
      for (let index = 0; index < prepared; index++) batch.prepareReceive(index)
      const count = native.recvmmsg(fd, batch.headerAddress(0), RECEIVED, MSG_DONTWAIT)
      prepared = Math.max(0, count)
      for (let index = 0; index < count; index++) read(index)
      // A call fails once for the sake of errors, whatever has come beside them.
      if (count < 0 && hearErrors && native.errorName() !== 'EAGAIN') hearErrors()
      else if (count < RECEIVED) break
    }
  }

  return {
    /** Reads the replies, and the errors where the kernel says that there are some. */
    hear,
    /** Absent where errors come with the replies. */
    hearErrors,
    /** Reads everything: the news that there are errors may have gone to a send. */
    hearAll: (): void => {
      hear()
      hearErrors?.()
    },
  }
}
