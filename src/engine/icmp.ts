import { randomBytes } from 'node:crypto'
import type { PingReply, PingRequest } from '#core/probe.ts'
import type { ErrorCode } from '#core/result.ts'
import { addressBytes, addressText, checksum, ECHO_HEADER, TYPES, unfitTarget } from './icmp-packet.ts'
import { type IcmpSocket, setHopLimit } from './icmp-socket.ts'
import { createMessageBatch } from './message-batch.ts'
import { MSG_DONTWAIT, type Native } from './native.ts'

/** Datagrams per call: with the receive side emptied after each, the default buffer never overflows. */
const BATCH = 64
const SEND_SIZE = 1536
const RECEIVE_SIZE = 2048
const DEFAULT_SIZE = 56
/** The payload begins with our nonce, the number of the round and the number of the packet. */
const NONCE = 8
const PAYLOAD_HEAD = NONCE + 8
const SEQUENCES = 65_536
const TICK_MS = 5
const DEFAULT_TTL = 64

export interface IcmpCounters {
  sent: number
  received: number
  /** Replies that were not ours: another program's, forged, truncated, late or repeated. */
  foreign: number
  sendErrors: number
}

interface Round {
  readonly id: number
  readonly request: PingRequest
  readonly target: Uint8Array
  readonly rtts: number[]
  readonly sentAt: number[]
  /** Packets sent so far. */
  sent: number
  nextSendAt: number
  /** Packets that have neither a reply nor an end of waiting. */
  open: number
  icmpError?: PingReply['icmpError']
  ownFault?: PingReply['ownFault']
  settle(): void
}

/** What a failed send means: for the target, or for this machine. */
const SEND_ERRORS: Readonly<Record<string, { code: ErrorCode; own: boolean; words: string }>> = {
  EPERM: { code: 'no_permission', own: true, words: 'a firewall on this machine does not let echo requests out' },
  EACCES: { code: 'no_permission', own: true, words: 'this process may not send to that address' },
  ENETUNREACH: { code: 'no_route', own: false, words: 'no route to that network' },
  ENETDOWN: { code: 'local_network_down', own: true, words: 'the network interface is down' },
  EHOSTUNREACH: { code: 'unreachable', own: false, words: 'no route to that host' },
  ENOBUFS: { code: 'local_loss', own: true, words: 'the send queue of this machine is full' },
  EADDRNOTAVAIL: { code: 'local_network_down', own: true, words: 'no source address for that network' },
}

/** Echo requests to any number of hosts over one socket. */
export const createIcmp = (native: Native, socket: IcmpSocket) => {
  const { family, kind, fd } = socket
  const types = TYPES[family]
  const identifier = randomBytes(2).readUInt16BE()
  const nonce = randomBytes(NONCE)
  const output = createMessageBatch(native, BATCH, SEND_SIZE)
  const input = createMessageBatch(native, BATCH, RECEIVE_SIZE)
  const rounds = new Map<number, Round>()
  /** Round and packet of each of the latest sequence numbers: an ICMP error quotes little more than these. */
  const roundOfSequence = new Float64Array(SEQUENCES).fill(-1)
  const packetOfSequence = new Uint16Array(SEQUENCES)
  const counters: IcmpCounters = { sent: 0, received: 0, foreign: 0, sendErrors: 0 }
  let sequence = randomBytes(2).readUInt16BE()
  let lastId = 0
  let timer: NodeJS.Timeout | undefined
  let flushing = false

  const writePacket = (index: number, round: Round) => {
    const size = Math.min(round.request.size ?? DEFAULT_SIZE, 1400)
    const length = ECHO_HEADER + Math.max(PAYLOAD_HEAD, size)
    const at = output.bufferAt(index)
    const { bytes, view } = output
    sequence = (sequence + 1) % SEQUENCES
    roundOfSequence[sequence] = round.id
    packetOfSequence[sequence] = round.sent
    bytes.fill(0, at, at + length)
    bytes[at] = types.request
    view.setUint16(at + 4, identifier)
    view.setUint16(at + 6, sequence)
    bytes.set(nonce, at + ECHO_HEADER)
    view.setUint32(at + ECHO_HEADER + NONCE, round.id)
    view.setUint32(at + ECHO_HEADER + NONCE + 4, round.sent)
    // The kernel computes it for ICMPv6 and for ping sockets.
    if (family === 4) view.setUint16(at + 2, checksum(bytes, at, length))
    const name = output.nameAt(index)
    bytes.fill(0, name, name + 28)
    view.setUint16(name, family === 4 ? 2 : 10, true)
    bytes.set(round.target, name + (family === 4 ? 4 : 8))
    output.prepareSend(index, family === 4 ? 16 : 28, length)
  }

  const settleIfDone = (round: Round) => {
    const allSent = round.sent >= round.request.packets || round.ownFault !== undefined
    if (!allSent || round.open > 0) return
    rounds.delete(round.id)
    round.settle()
  }

  const failSend = (round: Round, name: string) => {
    counters.sendErrors++
    const known = SEND_ERRORS[name] ?? { code: 'internal', own: true, words: `sending failed with ${name}` }
    const fact = { code: known.code, message: known.words }
    if (known.own) round.ownFault = fact
    else round.icmpError = { code: known.code, from: 'this machine' }
  }

  /** Sends one batch, every packet of which has its round; what one packet breaks does not hold up the others. */
  const sendBatch = (batch: readonly Round[]) => {
    for (let offset = 0; offset < batch.length; ) {
      const now = native.wallClock()
      const left = batch.length - offset
      const sent = native.sendmmsg(fd, output.base + BigInt(offset * 64), left, MSG_DONTWAIT)
      const error = sent < 0 ? native.errorName() : ''
      // The receive queue is emptied before more replies come in.
      if (error === 'EAGAIN') {
        drain()
        continue
      }
      const done = Math.max(sent, 0)
      for (const round of batch.slice(offset, offset + done)) {
        round.sentAt[round.sent] = now
        round.rtts[round.sent] = Number.NaN
        round.sent++
        round.open++
      }
      counters.sent += done
      offset += done
      if (sent < 0) {
        const round = batch[offset]!
        round.sentAt[round.sent] = Number.NEGATIVE_INFINITY
        round.rtts[round.sent] = Number.NaN
        round.sent++
        failSend(round, error)
        offset++
      }
    }
    drain()
  }

  const flush = () => {
    flushing = false
    const now = performance.now()
    const groups = new Map<number, Round[]>()
    for (const round of rounds.values()) {
      if (round.sent >= round.request.packets || round.ownFault || round.nextSendAt > now) continue
      const ttl = round.request.ttl ?? DEFAULT_TTL
      groups.set(ttl, [...(groups.get(ttl) ?? []), round])
      round.nextSendAt = now + round.request.gapMs
    }
    for (const [ttl, due] of groups) {
      if (ttl !== DEFAULT_TTL) setHopLimit(native, socket, ttl)
      for (let start = 0; start < due.length; start += BATCH) {
        const batch = due.slice(start, start + BATCH)
        for (const [index, round] of batch.entries()) writePacket(index, round)
        sendBatch(batch)
      }
      if (ttl !== DEFAULT_TTL) setHopLimit(native, socket, DEFAULT_TTL)
    }
  }

  /** Reads what has come; bounded, so that a flood cannot hold the thread. */
  const drain = () => {
    for (let turns = 0; turns < 64; turns++) {
      for (let index = 0; index < BATCH; index++) input.prepareReceive(index)
      const count = native.recvmmsg(fd, input.base, BATCH, MSG_DONTWAIT)
      if (count <= 0) return
      for (let index = 0; index < count; index++) take(index)
      if (count < BATCH) return
    }
  }

  const take = (index: number) => {
    const { bytes } = input
    const start = input.bufferAt(index)
    const end = start + input.lengthOf(index)
    // Only a raw IPv4 socket hands over the IP header.
    const headed = family === 4 && kind === 'raw'
    const at = headed ? start + (bytes[start]! & 0x0f) * 4 : start
    if (at + ECHO_HEADER > end) return void counters.foreign++
    const type = bytes[at]!
    if (type === types.reply) return takeReply(index, at, end)
    if (type === types.unreachable || type === types.exceeded) {
      const name = input.nameAt(index)
      const from = bytes.slice(name + (family === 4 ? 4 : 8), name + (family === 4 ? 8 : 24))
      return takeError(type === types.exceeded ? 'time_exceeded' : 'unreachable', at, end, addressText(from))
    }
  }

  const takeReply = (index: number, at: number, end: number) => {
    const { bytes, view } = input
    const payload = at + ECHO_HEADER
    if (payload + PAYLOAD_HEAD > end) return void counters.foreign++
    for (let offset = 0; offset < NONCE; offset++)
      if (bytes[payload + offset] !== nonce[offset]) return void counters.foreign++
    const round = rounds.get(view.getUint32(payload + NONCE))
    const packet = view.getUint32(payload + NONCE + 4)
    if (!round || packet >= round.sent || !Number.isNaN(round.rtts[packet]!)) return void counters.foreign++
    if (round.sentAt[packet] === Number.NEGATIVE_INFINITY) return void counters.foreign++
    const kernel = input.receivedAt(index)
    const now = native.wallClock()
    // A kernel time that lies outside the wait means that the system's clock was set meanwhile.
    const received = kernel >= round.sentAt[packet]! - 1 && kernel <= now + 1 ? kernel : now
    round.rtts[packet] = Math.max(0.001, received - round.sentAt[packet]!)
    round.sentAt[packet] = Number.NEGATIVE_INFINITY
    round.open--
    counters.received++
    settleIfDone(round)
  }

  /** An ICMP error quotes the packet that caused it: its IP header and at least the first 8 bytes of ours. */
  const takeError = (code: ErrorCode, at: number, end: number, from: string) => {
    const { bytes, view } = input
    const quoted = at + 8
    const inner = quoted + (family === 4 ? (bytes[quoted]! & 0x0f) * 4 : 40)
    if (inner + ECHO_HEADER > end || bytes[inner] !== types.request) return void counters.foreign++
    if (view.getUint16(inner + 4) !== identifier) return void counters.foreign++
    const number = view.getUint16(inner + 6)
    const round = rounds.get(roundOfSequence[number]!)
    const packet = packetOfSequence[number]!
    if (!round || !Number.isFinite(round.sentAt[packet] ?? Number.NaN)) return void counters.foreign++
    const target = quoted + (family === 4 ? 16 : 24)
    if (!round.target.every((byte, offset) => bytes[target + offset] === byte)) return void counters.foreign++
    round.icmpError = { code, from }
    round.sentAt[packet] = Number.NEGATIVE_INFINITY
    round.open--
    settleIfDone(round)
  }

  /** Ends the wait for packets that are overdue, sends what is due, and stops ticking when nothing is left. */
  const tick = () => {
    timer = undefined
    drain()
    flush()
    const now = native.wallClock()
    for (const round of rounds.values()) {
      for (let packet = 0; packet < round.sent; packet++) {
        const sentAt = round.sentAt[packet]!
        if (!Number.isFinite(sentAt) || now - sentAt < round.request.timeoutMs) continue
        round.sentAt[packet] = Number.NEGATIVE_INFINITY
        round.open--
      }
      settleIfDone(round)
    }
    keepTicking()
  }

  const keepTicking = () => {
    if (rounds.size > 0) timer ??= setTimeout(tick, TICK_MS)
  }

  const ping = (request: PingRequest, signal: AbortSignal): Promise<PingReply> => {
    const target = addressBytes(request.address)
    const unfit = target ? unfitTarget(target) : 'not an address'
    if (!target || unfit) return Promise.resolve({ rtts: [], icmpError: { code: 'bad_address', from: unfit! } })
    return new Promise((resolve) => {
      lastId = (lastId + 1) >>> 0
      const settle = () => {
        signal.removeEventListener('abort', abort)
        const { rtts, icmpError, ownFault } = round
        resolve({ rtts, ...(icmpError && { icmpError }), ...(ownFault && { ownFault }) })
      }
      const round: Round = {
        id: lastId,
        request,
        target,
        rtts: [],
        sentAt: [],
        sent: 0,
        nextSendAt: 0,
        open: 0,
        settle,
      }
      const abort = () => {
        if (rounds.delete(round.id)) settle()
      }
      if (signal.aborted) return settle()
      signal.addEventListener('abort', abort, { once: true })
      rounds.set(round.id, round)
      // All that is asked for in this turn of the event loop leaves together.
      if (!flushing) {
        flushing = true
        setImmediate(flush)
      }
      keepTicking()
    })
  }

  return {
    kind,
    counters: counters as Readonly<IcmpCounters>,
    ping,
    close: () => {
      clearTimeout(timer)
      for (const round of rounds.values()) {
        rounds.delete(round.id)
        round.settle()
      }
      native.close(fd)
    },
  }
}
export type Icmp = ReturnType<typeof createIcmp>
