import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { connectDatagram } from '#lib/net/connect-datagram.ts'
import type { Timer, Timers } from '#lib/time/timers.ts'
import type { NameServer } from './resolv-conf.ts'

/** Hears what comes back for one query: a datagram from the server that bears its id, or the system's error. */
type HearUdp = (heard: Buffer | NodeJS.ErrnoException) => void

/** One socket to one server. */
export interface UdpLane {
  /** False once it has carried its share: the next query leaves from another port. */
  isOpen(): boolean
  /** Sends a query, to which it gives an id that is free. Returns what stops listening for the answer. */
  ask(query: Buffer, hear: HearUdp): () => void
  close(): void
}

/** Queries that leave from one port: who forges answers must guess the port as well as the id. */
const SHARE = 64
/** A socket that nobody has used for so long is closed. */
const IDLE_MS = 1000

/** Opens a socket that only the server itself is heard by. `onClose` is told when it is gone. */
export const openUdpLane = ({ host, port }: NameServer, onClose: () => void, timers: Timers): UdpLane => {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  const waiting = new Map<number, HearUdp>()
  let unsent: Buffer[] | undefined = []
  let used = 0
  let broken = false
  let closed = false
  let idle: Timer | undefined

  const close = () => {
    if (closed) return
    closed = true
    timers.clear(idle)
    socket.close()
    onClose()
  }
  const rest = () => {
    if (waiting.size > 0 || closed) return
    if (broken || used >= SHARE) return close()
    socket.unref()
    if (idle) return
    idle = timers.after(IDLE_MS, close)
    idle.unref()
  }
  const fail = (error: NodeJS.ErrnoException) => {
    broken = true
    const all = [...waiting.values()]
    waiting.clear()
    close()
    for (const hear of all) hear(error)
  }
  // Without a listener of its own an error comes by the event.
  const send = (message: Buffer) => socket.send(message)

  socket.on('error', fail)
  socket.on('message', (message) => {
    if (message.length >= 2) waiting.get(message.readUInt16BE(0))?.(message)
  })
  connectDatagram(socket, port, host, (error) => {
    if (closed) return
    if (error) return fail(error)
    for (const message of unsent ?? []) send(message)
    unsent = undefined
  })

  const freeId = (): number => {
    for (;;) {
      const id = randomInt(65_536)
      if (!waiting.has(id)) return id
    }
  }

  return {
    isOpen: () => !closed && !broken && used < SHARE,
    ask: (query, hear) => {
      timers.clear(idle)
      idle = undefined
      socket.ref()
      used++
      const id = freeId()
      waiting.set(id, hear)
      query.writeUInt16BE(id, 0)
      if (unsent) unsent.push(query)
      else send(query)
      return () => {
        if (waiting.delete(id)) rest()
      }
    },
    close,
  }
}
