import { randomBytes } from 'node:crypto'
import type { RoundFault } from '#core/probe.ts'
import type { ErrorCode } from '#core/result/result.ts'
import type { Timer } from '#lib/time/timers.ts'
import { systemTiming } from '#lib/time/timing.ts'
import type { Native } from '../native.ts'
import { createClockWatch } from '../schedule/clock-watch.ts'
import { type Pacer, UNPACED } from '../schedule/pacer.ts'
import { createTimerWheel } from '../schedule/timer-wheel.ts'
import { type Destination, MOST_PACKETS } from '../tcp/destination.ts'
import { createIcmpInput } from './icmp-input.ts'
import { addressText } from './icmp-packet.ts'
import type { Heard, Hops } from './icmp-read.ts'
import { createIcmpSender } from './icmp-sender.ts'
import { droppedBy, filterForeign, type IcmpSocket, tellHops } from './icmp-socket.ts'
import { createLocalLoss } from './local-loss.ts'
import { createRoundTable } from './round-table.ts'
import { sendFault } from './send-errors.ts'

/** How often the socket is read while something is awaited. The kernel notes when each packet came. */
const POLL_MS = 10

export interface IcmpCounters {
  sent: number
  received: number
  /** Another program's, forged or truncated. */
  foreign: number
  /** Ours, but after its time-out, or after the whole round. */
  late: number
  /** Ours, for a packet that was answered before. */
  repeated: number
  sendErrors: number
  /** Datagrams that this machine itself lost. */
  dropped: number
}

/** Hears the end of a round: the first `count` of `rtts`; the array is used again. */
export type RoundDone = (tag: number, rtts: Float64Array, count: number, fault: RoundFault | undefined) => void

/**
 * Rounds of echo requests to any number of hosts over one socket. A round is a row of numbers; its packets leave in
 * batches of one system call, and each batch is followed by reading what has come, so that the buffer stays empty.
 */
export const createIcmpRounds = (native: Native, socket: IcmpSocket, pacer: Pacer, timing = systemTiming) => {
  const { monotonic, timers } = timing
  const { family, kind, fd } = socket
  const identifier = randomBytes(2).readUInt16BE()
  const nonceBytes = randomBytes(8)
  const nonce = [nonceBytes.readUInt32LE(0), nonceBytes.readUInt32LE(4)] as const
  filterForeign(native, socket, identifier)
  const table = createRoundTable()
  const clock = createClockWatch(native.wallClock, monotonic)
  const localLoss = createLocalLoss(() => droppedBy(native, socket))
  const counters: IcmpCounters = { sent: 0, received: 0, foreign: 0, late: 0, repeated: 0, sendErrors: 0, dropped: 0 }
  const hops: Hops = { wanted: false, left: Number.NaN }
  const destinations: (Destination | undefined)[] = []
  const dones: (RoundDone | undefined)[] = []
  const tags: number[] = []
  const faults = new Map<number, RoundFault>()
  const scratch = new Float64Array(MOST_PACKETS)
  let awaited = 0
  let lastReadAt = Number.NEGATIVE_INFINITY
  let closed = false
  let pollTimer: Timer | undefined

  const release = (row: number) => {
    wheel.cancel(row)
    awaited -= table.open[row]!
    if (faults.size > 0) faults.delete(row)
    destinations[row] = undefined
    dones[row] = undefined
    table.active[row] = 0
    // A row that still waits in the queue is given back when it comes out of it.
    if (!table.queued[row]) table.give(row)
  }

  const finish = (row: number) => {
    const block = table.block[row]!
    const count = table.sent[row]!
    let fault = faults.size > 0 ? faults.get(row) : undefined
    for (let packet = 0; packet < count; packet++) {
      const rtt = table.rtts[block + packet]!
      scratch[packet] = rtt
      if (!Number.isNaN(rtt) || fault || table.sentAt[block + packet] === Number.NEGATIVE_INFINITY) continue
      if (localLoss.mayHaveTaken(table.sentAt[block + packet]!)) fault = localLoss.fault()
    }
    const done = dones[row]!
    const tag = tags[row]!
    release(row)
    done(tag, scratch, count, fault)
  }

  const finishIfDone = (row: number) => {
    if (table.open[row]! > 0) return
    if (table.sent[row]! >= table.packets[row]! || (faults.size > 0 && faults.get(row)?.ownFault)) finish(row)
  }

  /** Nothing more is awaited for this packet. */
  const close = (row: number, packet: number) => {
    table.sentAt[table.block[row]! + packet] = Number.NEGATIVE_INFINITY
    table.open[row]!--
    awaited--
    finishIfDone(row)
  }

  const heard: Heard = {
    reply: (row, generation, packet, receivedAt) => {
      if (row >= table.size()) return void counters.foreign++
      // The round is over: its place may be another's already.
      if (!table.active[row] || table.generation[row] !== generation) return void counters.late++
      if (packet >= table.sent[row]!) return void counters.foreign++
      const place = table.block[row]! + packet
      const sentAt = table.sentAt[place]!
      if (sentAt === Number.NEGATIVE_INFINITY)
        return void (Number.isNaN(table.rtts[place]!) ? counters.late++ : counters.repeated++)
      // A kernel time that lies outside the wait means that the system's clock was set meanwhile.
      const now = clock.wall()
      const at = receivedAt >= sentAt - 1 && receivedAt <= now + 1 ? receivedAt : now
      const rtt = Math.max(0.001, at - sentAt)
      if (rtt > destinations[row]!.timeoutMs) counters.late++
      else {
        table.rtts[place] = rtt
        counters.received++
      }
      close(row, packet)
    },
    error: (code: ErrorCode, number, target, from) => {
      const row = sender.rowOf(number)
      const packet = sender.packetOf(number)
      if (row < 0 || !table.active[row] || packet >= table.sent[row]!) return void counters.foreign++
      if (table.sentAt[table.block[row]! + packet] === Number.NEGATIVE_INFINITY) return void counters.foreign++
      if (destinations[row]!.bytes.some((byte, index) => byte !== target[index])) return void counters.foreign++
      faults.set(row, { icmpError: { code, from: addressText(from) } })
      close(row, packet)
    },
    foreign: () => void counters.foreign++,
  }
  const input = createIcmpInput(native, socket, identifier, nonce, heard, hops)

  /** Takes in what has come, by `hear` or `hearAll`. */
  const drain = (hear: () => void) => {
    const step = clock.check()
    if (step !== 0) table.shift(step)
    hear()
    lastReadAt = monotonic()
  }

  /** Before anything is called lost: what has come is read, and this machine asked whether it lost it itself. */
  const lookAgain = () => {
    if (monotonic() - lastReadAt < 1) return
    drain(input.hearAll)
    counters.dropped += localLoss.check(clock.wall())
  }

  const wheel = createTimerWheel({
    monotonic,
    timers,
    onDue: (row) => {
      if (table.open[row]! > 0) lookAgain()
      if (!table.active[row]) return
      if (table.sent[row]! < table.packets[row]!) sendWhenFree(row)
      else finish(row)
    },
  })

  const sender = createIcmpSender({
    timing,
    native,
    socket,
    table,
    destinations,
    identifier,
    nonce,
    onSent: (row, at) => {
      table.sentAt[table.block[row]! + table.sent[row]!] = at
      table.sent[row]!++
      table.open[row]!++
      awaited++
      counters.sent++
    },
    onRefused: (row, errorName) => {
      counters.sendErrors++
      table.sent[row]!++
      faults.set(row, sendFault(errorName, destinations[row]!.request.address, socket.source))
    },
    onBatch: () => drain(input.hear),
    hearErrors: input.hearErrors,
    onNext: (row, now) => {
      if (table.open[row]! > 0 || table.sent[row]! < table.packets[row]!) planNext(row, now)
      finishIfDone(row)
    },
    onPause: () => keepPolling(),
  })

  /** What is next for a row after its packet left: the following packet, or the end of waiting. */
  const planNext = (row: number, now: number) => {
    const { gapMs, timeoutMs } = destinations[row]!
    const more = table.sent[row]! < table.packets[row]!
    wheel.schedule(row, now + (more ? gapMs : timeoutMs))
  }

  /** Sends the row's next packet now, or at the moment that pacing gives it. */
  const sendWhenFree = (row: number) => {
    const { subnet } = destinations[row]!
    if (subnet === UNPACED) return sender.enqueue(row)
    const now = monotonic()
    const at = table.paced[row] ? now : pacer.reserve(subnet, now)
    table.paced[row] = at > now ? 1 : 0
    if (at > now) wheel.schedule(row, at)
    else sender.enqueue(row)
  }

  const poll = () => {
    pollTimer = undefined
    if (awaited > 0) {
      drain(input.hearAll)
      counters.dropped += localLoss.check(clock.wall())
    }
    keepPolling()
  }

  const keepPolling = () => {
    if (awaited > 0 && !closed) pollTimer ??= timers.after(POLL_MS, poll)
  }

  return {
    family,
    kind,
    socket,
    counters: counters as Readonly<IcmpCounters>,
    /** From now on it is known how many hops a reply had left. */
    wantHops: (): void => {
      if (!hops.wanted) tellHops(native, socket)
      hops.wanted = true
    },
    /** Those of the reply that came last: within `done`, of the round's last one. */
    hopsLeft: (): number => hops.left,
    /** Begins a round; `done` hears of its end with `tag`. Returns its row, for `cancel`. */
    begin: (destination: Destination, tag: number, done: RoundDone): number => {
      const row = table.take(destination.packets)
      destinations[row] = destination
      dones[row] = done
      tags[row] = tag
      sendWhenFree(row)
      return row
    },
    /** Ends a round early: `done` is called with what has come. */
    end: (row: number): void => finish(row),
    /** Drops a round; `done` is not called. */
    cancel: (row: number): void => release(row),
    close: () => {
      closed = true
      for (let row = 0; row < table.size(); row++) if (table.active[row]) finish(row)
      sender.close()
      wheel.close()
      timers.clear(pollTimer)
      native.close(fd)
    },
  }
}
export type IcmpRounds = ReturnType<typeof createIcmpRounds>
