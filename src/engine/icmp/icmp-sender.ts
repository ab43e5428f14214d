import { randomBytes } from 'node:crypto'
import type { Timer } from '#lib/time/timers.ts'
import type { Timing } from '#lib/time/timing.ts'
import { MSG_DONTWAIT, type Native } from '../native.ts'
import { createRowQueue } from '../schedule/row-queue.ts'
import { DEFAULT_TTL, type Destination } from '../tcp/destination.ts'
import { type IcmpSocket, setHopLimit, setWhole } from './icmp-socket.ts'
import { createIcmpWriter } from './icmp-write.ts'
import type { RoundTable } from './round-table.ts'

/** Datagrams per call. More would save little and blur the time at which each one left. */
export const BATCH = 32
const SEQUENCES = 65_536
/** Sending holds the thread no longer than this at a time. */
const SLICE_MS = 5
/** The system's send queue may stay full for this long. */
const PATIENCE_MS = 500
const RETRY_SEND_MS = 2
/** Times that a packet is tried again for the sake of errors about earlier ones. */
const TRIES = 8
/** The swiftest call is forgotten by so much with each that follows. */
const FORGETTING = 1.01

export interface IcmpSenderParts {
  readonly timing: Timing
  readonly native: Native
  readonly socket: IcmpSocket
  readonly table: RoundTable
  readonly destinations: readonly (Destination | undefined)[]
  readonly identifier: number
  readonly nonce: readonly [number, number]
  /** The row's next packet has left at this moment, ms of the wall clock. */
  readonly onSent: (row: number, at: number) => void
  /** The system did not take the row's next packet; the name of its error. */
  readonly onRefused: (row: number, errorName: string) => void
  /** A batch is out: the answers of near hosts are here already. */
  readonly onBatch: () => void
  /** Where a send fails once for the sake of errors about earlier packets: reads them. True when there were any. */
  readonly hearErrors: (() => boolean) | undefined
  /** What is next for a row whose packet left or was refused, unless its round has ended since. */
  readonly onNext: (row: number, now: number) => void
  /** Nothing can leave at present. */
  readonly onPause: () => void
}

/** Sends the next packet of rows in the order in which they were given, in batches of one system call. */
export const createIcmpSender = ({
  native,
  socket,
  table,
  destinations,
  identifier,
  nonce,
  onSent,
  onRefused,
  onBatch,
  hearErrors,
  onNext,
  onPause,
  timing: { monotonic, timers },
}: IcmpSenderParts) => {
  const output = createIcmpWriter(native, socket, BATCH, identifier, nonce)
  const queue = createRowQueue()
  /** Row and packet of the latest sequence numbers: an ICMP error quotes little more than these. */
  const rowOfSequence = new Int32Array(SEQUENCES).fill(-1)
  const packetOfSequence = new Uint8Array(SEQUENCES)
  const batchRows = new Int32Array(BATCH)
  const batchGenerations = new Uint32Array(BATCH)
  let sequence = randomBytes(2).readUInt16BE()
  let hops = DEFAULT_TTL
  let whole = false
  let blockedSince = Number.NaN
  /** Time that a packet took to leave in the swiftest call, ms. */
  let swiftest = 1
  let flushing = false
  let closed = false
  let retryTimer: Timer | undefined

  /** True when the socket sends as this destination wants it; false while packets that want it otherwise go first. */
  const isTuned = (wanted: Destination, isFirst: boolean): boolean => {
    if (wanted.ttl === hops && wanted.whole === whole) return true
    if (!isFirst) return false
    if (wanted.ttl !== hops) setHopLimit(native, socket, wanted.ttl)
    if (wanted.whole !== whole) setWhole(native, socket, wanted.whole)
    hops = wanted.ttl
    whole = wanted.whole
    return true
  }

  const writeBatch = (): number => {
    let count = 0
    while (count < BATCH && !queue.isEmpty()) {
      const row = queue.first()
      if (!table.active[row]) {
        queue.shift()
        table.queued[row] = 0
        table.give(row)
        continue
      }
      const destination = destinations[row]!
      if (!isTuned(destination, count === 0)) break
      queue.shift()
      sequence = (sequence + 1) % SEQUENCES
      rowOfSequence[sequence] = row
      packetOfSequence[sequence] = table.sent[row]!
      output.write(count, destination, sequence, row, table.generation[row]!, table.sent[row]!)
      batchRows[count] = row
      batchGenerations[count] = table.generation[row]!
      count++
    }
    return count
  }

  /** True when the system's queue is full and may soon be free again. */
  const shouldWait = (errorName: string): boolean => {
    if (errorName !== 'EAGAIN' && errorName !== 'ENOBUFS') return false
    const now = monotonic()
    if (Number.isNaN(blockedSince)) blockedSince = now
    return now - blockedSince < PATIENCE_MS
  }

  /**
   * When each packet of a call left: one after the other, as quickly as packets leave at best. One that the kernel is slow
   * with makes those behind it seem a little late, and none seem answered before it was sent.
   */
  const noteSent = (first: number, count: number, before: number) => {
    const took = native.wallClock() - before
    // A clock that was set back meanwhile tells nothing.
    if (took > 0) swiftest = Math.min(took / count, swiftest * FORGETTING)
    for (let index = 0; index < count; index++) {
      const row = batchRows[first + index]!
      table.queued[row] = 0
      onSent(row, before + swiftest * index)
    }
    blockedSince = Number.NaN
  }

  /** Sends the batch; what one packet breaks does not hold up the others. Returns how many are done with. */
  const pushBatch = (count: number): number => {
    let done = 0
    let again = 0
    while (done < count) {
      const before = native.wallClock()
      const sent = native.sendmmsg(socket.fd, output.headerAddress(done), count - done, MSG_DONTWAIT)
      if (sent > 0) {
        noteSent(done, sent, before)
        done += sent
        again = 0
        continue
      }
      const errorName = native.errorName()
      if (errorName === 'EINTR') continue
      // The first time also without any: there may have been no room to keep them.
      if (hearErrors && again < TRIES && (hearErrors() || again === 0)) {
        again++
        continue
      }
      if (shouldWait(errorName)) {
        for (let index = count - 1; index >= done; index--) queue.unshift(batchRows[index]!)
        break
      }
      const row = batchRows[done++]!
      table.queued[row] = 0
      again = 0
      onRefused(row, errorName)
    }
    return done
  }

  /** False: the rest has to wait. */
  const sendBatch = (count: number): boolean => {
    const done = pushBatch(count)
    onBatch()
    const now = monotonic()
    for (let index = 0; index < done; index++) {
      const row = batchRows[index]!
      // The answer of a near host is already here, and its row may serve another round.
      if (table.active[row] && table.generation[row] === batchGenerations[index]) onNext(row, now)
    }
    return done === count
  }

  const flush = () => {
    flushing = false
    if (closed) return
    const until = monotonic() + SLICE_MS
    while (!queue.isEmpty()) {
      const count = writeBatch()
      if (count > 0 && !sendBatch(count)) {
        retryTimer ??= timers.after(RETRY_SEND_MS, () => {
          retryTimer = undefined
          flush()
        })
        break
      }
      if (monotonic() >= until) {
        flushSoon()
        break
      }
    }
    onPause()
  }

  /** All that is asked for in this turn of the event loop leaves together. */
  const flushSoon = () => {
    if (flushing) return
    flushing = true
    timers.soon(flush)
  }

  return {
    enqueue: (row: number): void => {
      table.queued[row] = 1
      queue.push(row)
      flushSoon()
    },
    /** Row of the packet that went under this number; -1 for none. */
    rowOf: (number: number): number => rowOfSequence[number]!,
    packetOf: (number: number): number => packetOfSequence[number]!,
    close: (): void => {
      closed = true
      timers.clear(retryTimer)
    },
  }
}
