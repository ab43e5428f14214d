import { COUNTERS, type PortSample, TCP_STATES } from '#core/port/port-sample.ts'

const PORTS = 65_536
const LISTENER_FIELDS = 4
const LISTEN = 10
/** `::ffff:0:0/96` in network order, read as a little-endian word. */
const MAPPED_PREFIX = 0xffff_0000

/** Takes the sockets of a table one by one, as plain numbers: an object each would cost more than the reading. */
export interface SocketSink {
  /** `state` is the kernel's number. `queue` and `limit` count for listeners; a limit below 0 is not known. */
  add(family: 4 | 6, state: number, localPort: number, remotePort: number, queue: number, limit: number): void
}

export interface Tally extends SocketSink {
  samples(): PortSample[]
}

/** Notes the ports on which something listens. */
export const createListenerScan = (): SocketSink & { ports(): number[] } => {
  const found = new Set<number>()
  return {
    add: (_family, state, localPort) => {
      if (state === LISTEN) found.add(localPort)
    },
    ports: () => [...found].sort((a, b) => a - b),
  }
}

/** Counts sockets by port, family and state: of these ports; with `remote`, also for sockets whose far end has one of them. */
export const createTally = (ports: readonly number[], remote: boolean): Tally => {
  const slots = new Int32Array(PORTS).fill(-1)
  for (const [slot, port] of ports.entries()) slots[port] = slot
  const local = new Uint32Array(ports.length * COUNTERS)
  const far = new Uint32Array(remote ? ports.length * COUNTERS : 0)
  const listeners = new Float64Array(ports.length * LISTENER_FIELDS)

  const listen = (slot: number, queue: number, limit: number) => {
    const at = slot * LISTENER_FIELDS
    listeners[at]! += 1
    listeners[at + 1]! += queue
    listeners[at + 2]! += limit < 0 ? Number.NaN : limit
    if (limit >= 0 && queue > limit) listeners[at + 3]! += 1
  }

  return {
    add: (family, state, localPort, remotePort, queue, limit) => {
      // A state of a newer kernel that has no name here is nothing that people ask for.
      if (state < 1 || state > TCP_STATES.length) return
      const counter = (family === 4 ? 0 : TCP_STATES.length) + state - 1
      const slot = slots[localPort]!
      if (slot >= 0) {
        local[slot * COUNTERS + counter]! += 1
        if (state === LISTEN) listen(slot, queue, limit)
      }
      const farSlot = remote ? slots[remotePort]! : -1
      if (farSlot >= 0) far[farSlot * COUNTERS + counter]! += 1
    },
    samples: () =>
      ports.map((port, slot) => {
        const [from, to] = [slot * COUNTERS, (slot + 1) * COUNTERS]
        const [count, queue, limit, full] = listeners.subarray(slot * LISTENER_FIELDS)
        return {
          port,
          local: local.subarray(from, to),
          ...(remote && { remote: far.subarray(from, to) }),
          listeners: { count: count!, queue: queue!, limit: Number.isNaN(limit) ? null : limit!, full: full! },
        }
      }),
  }
}

/** True for an IPv4 address in an IPv6 socket; `words` are the first three of its four in network order. */
export const isMapped = (first: number, second: number, third: number): boolean =>
  first === 0 && second === 0 && third === MAPPED_PREFIX
