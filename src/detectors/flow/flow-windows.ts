import type { ConnRecord } from '#core/event/zeek-record.ts'
import { hashText, mixHash } from '#lib/sketch/hash.ts'
import { FEATURE_COUNT } from './flow-features.ts'
import { historyFacts, isFailed, outcomeClass, portClass, protocolClass, serviceClass } from './flow-shape.ts'
import { createRecentSlots } from './recent-slots.ts'

/** Windows have no edges: what happened weighs half as much after some minutes, and a twentieth after a quarter of an hour. */
const FADES_IN_S = 300
/** A pair that was silent for so long meets anew. */
const STRANGERS_AFTER_S = 3600
const HOSTS = 1 << 14
export const HOST_PORTS = 1 << 15
const PAIRS = 1 << 17
/** Weight of the newest in running means. */
const NEWEST = 0.25
/** Unknown, of what needs several connections: below every value. */
const UNKNOWN = -1

const log = (value: number): number => Math.log1p(value > 0 ? value : 0)

/** Computes the features of connections, one after the other; the same code in training and live. Memory is fixed. */
export interface FlowWindows {
  /** Fills `features` with what is known of a connection once it is seen. */
  look(conn: ConnRecord, features: Float32Array): void
  /** The place of the host and the server's port of what was looked at last, below `HOST_PORTS`. */
  readonly door: number
  /** That host was not known to use that port. */
  readonly newDoor: boolean
  /** Connections of the last few minutes, fading: to that port, and of that host. */
  readonly doorRate: number
  readonly hostRate: number
  readonly tracked: number
  forgotten(): number
}

/** How much is left of what was counted `seconds` ago. */
const fading = (seconds: number): number => (seconds <= 0 ? 1 : Math.exp(-seconds / FADES_IN_S))

const bitsOf = (value: number): number => {
  let count = 0
  for (let left = value; left !== 0; left &= left - 1) count++
  return count
}

/** Counters of things that fade, by place. */
const createCounters = (places: number, kinds: number) => {
  const counts = new Float32Array(places * kinds)
  const at = new Float64Array(places)
  return {
    /** Fades what is there, or clears it for a thing that is new. */
    bring: (place: number, timeS: number, fresh: boolean) => {
      const left = fresh ? 0 : fading(timeS - at[place]!)
      if (left !== 1) for (let kind = place * kinds; kind < (place + 1) * kinds; kind++) counts[kind]! *= left
      // A clock that was set back begins anew; a line that is a little late does not.
      if (fresh || timeS > at[place]! || timeS < at[place]! - STRANGERS_AFTER_S) at[place] = timeS
    },
    add: (place: number, kind: number, value: number) => {
      counts[place * kinds + kind]! += value
    },
    get: (place: number, kind: number): number => counts[place * kinds + kind]!,
  }
}

export const createFlowWindows = (): FlowWindows => {
  const hosts = createRecentSlots(HOSTS)
  const ports = createRecentSlots(HOST_PORTS)
  const pairs = createRecentSlots(PAIRS)
  /** Connections, failed ones, first contacts with a peer, first uses of a port. */
  const ofHost = createCounters(HOSTS, 4)
  /** Connections, failed ones, first contacts. */
  const ofPort = createCounters(HOST_PORTS, 3)
  /** Connections, failed ones. */
  const ofPair = createCounters(PAIRS, 2)
  const lastS = new Float64Array(PAIRS)
  const interval = new Float32Array(PAIRS)
  const unevenness = new Float32Array(PAIRS)
  const size = new Float32Array(PAIRS)
  const sizeSpread = new Float32Array(PAIRS)
  const seen = new Uint16Array(PAIRS)
  const portBits = new Uint32Array(PAIRS * 2)

  let door = 0
  let newDoor = false
  let hostAt = 0

  const begin = (pair: number, timeS: number, bytes: number) => {
    lastS[pair] = timeS
    interval[pair] = 0
    unevenness[pair] = 0
    size[pair] = bytes
    sizeSpread[pair] = 0
    seen[pair] = 0
    portBits[pair * 2] = 0
    portBits[pair * 2 + 1] = 0
  }

  /** Takes the rhythm and the sizes of a pair further. */
  const note = (pair: number, timeS: number, bytes: number) => {
    const count = seen[pair]!
    const passed = timeS - lastS[pair]!
    if (count > 0 && passed >= 0) {
      const mean = interval[pair]!
      const weight = count < 4 ? 1 / count : NEWEST
      unevenness[pair]! += (Math.abs(passed - mean) - unevenness[pair]!) * (count === 1 ? 0 : weight)
      interval[pair] = mean + (passed - mean) * weight
    }
    if (count > 0) {
      const weight = count < 4 ? 1 / (count + 1) : NEWEST
      sizeSpread[pair]! += (Math.abs(bytes - size[pair]!) - sizeSpread[pair]!) * weight
      size[pair]! += (bytes - size[pair]!) * weight
    }
    if (timeS > lastS[pair]! || timeS < lastS[pair]! - STRANGERS_AFTER_S) lastS[pair] = timeS
    if (count < 65_535) seen[pair] = count + 1
  }

  return {
    look: (conn, features) => {
      const { timeMs, clientBytes, serverBytes, clientIpBytes, serverPort } = conn
      const timeS = timeMs / 1000
      const protocol = protocolClass(conn.proto)
      const outcome = outcomeClass(conn.state)
      const failed = isFailed(outcome) ? 1 : 0
      const client = hashText(conn.clientIp)
      // ICMP has types in the place of ports.
      const port = protocol >= 2 ? 0 : serverPort
      const doors = mixHash(client ^ Math.imul(port + 1 + protocol * 65_536, 0x9e3779b1))
      const pair = pairs.place(hashText(conn.serverIp, client), timeS)
      const stranger = pairs.fresh || timeS - lastS[pair]! > STRANGERS_AFTER_S
      ofPair.bring(pair, timeS, stranger)
      if (stranger) begin(pair, timeS, clientIpBytes)
      const host = hosts.place(client, timeS)
      hostAt = host
      ofHost.bring(host, timeS, hosts.fresh)
      door = ports.place(doors, timeS)
      newDoor = ports.fresh
      ofPort.bring(door, timeS, newDoor)

      ofPair.add(pair, 0, 1)
      ofPair.add(pair, 1, failed)
      ofHost.add(host, 0, 1)
      ofHost.add(host, 1, failed)
      ofPort.add(door, 0, 1)
      ofPort.add(door, 1, failed)
      if (stranger) {
        ofHost.add(host, 2, 1)
        ofPort.add(door, 2, 1)
      }
      if (newDoor) ofHost.add(host, 3, 1)
      note(pair, timeS, clientIpBytes)
      const bit = mixHash(port + protocol * 65_536) & 63
      portBits[pair * 2 + (bit >>> 5)]! |= 1 << (bit & 31)

      const packets = conn.clientPackets ?? (clientIpBytes > 0 ? 1 : 0)
      const both = clientBytes + serverBytes
      const often = seen[pair]!
      features[0] = log(conn.durationMs / 1000)
      features[1] = log(clientBytes)
      features[2] = log(serverBytes)
      features[3] = log(packets)
      features[4] = log(conn.serverPackets ?? 0)
      features[5] = packets > 0 ? clientIpBytes / packets : 0
      features[6] = both > 0 ? (clientBytes - serverBytes) / both : 0
      features[7] = protocol
      features[8] = outcome
      features[9] = serviceClass(conn.service)
      features[10] = portClass(serverPort, protocol)
      features[11] = historyFacts(conn.history)
      features[12] = log(ofHost.get(host, 0))
      features[13] = ofHost.get(host, 1) / (ofHost.get(host, 0) + 2)
      features[14] = log(ofHost.get(host, 2))
      features[15] = log(ofHost.get(host, 3))
      features[16] = log(ofPort.get(door, 2))
      features[17] = ofPort.get(door, 1) / (ofPort.get(door, 0) + 2)
      features[18] = log(ofPair.get(pair, 0))
      features[19] = bitsOf(portBits[pair * 2]!) + bitsOf(portBits[pair * 2 + 1]!)
      features[20] = ofPair.get(pair, 1) / (ofPair.get(pair, 0) + 2)
      features[21] = often < 4 ? UNKNOWN : Math.min(3, unevenness[pair]! / Math.max(0.001, interval[pair]!))
      features[22] = often < 4 ? UNKNOWN : Math.min(3, sizeSpread[pair]! / Math.max(1, size[pair]!))
    },
    get door() {
      return door
    },
    get newDoor() {
      return newDoor
    },
    get doorRate() {
      return ofPort.get(door, 0)
    },
    get hostRate() {
      return ofHost.get(hostAt, 0)
    },
    get tracked() {
      return hosts.size + ports.size + pairs.size
    },
    forgotten: () => hosts.forgotten() + ports.forgotten() + pairs.forgotten(),
  }
}

/** Room for the features of one connection. */
export const featureRow = (): Float32Array => new Float32Array(FEATURE_COUNT)
