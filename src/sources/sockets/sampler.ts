import { constants } from 'node:os'
import { MOST_PORTS, type PortSamples } from '#core/port/port-sample.ts'
import { createBreath } from '#lib/run/breath.ts'
import { systemClock } from '#lib/time/clock.ts'
import { createReplyReader, type RowFilter } from './diag-reply.ts'
import { diagRequest, EVERY_STATE, LISTEN_ONLY, multipathRequest } from './diag-request.ts'
import { createMultipath, knowsMultipath } from './multipath.ts'
import { type DiagSocket, openDiagSocket } from './native.ts'
import { readProc } from './proc.ts'
import { createListenerScan, createTally, type SocketSink } from './tally.ts'

export interface SamplerOptions {
  /** Ports to count, or every port on which something listens. */
  readonly ports: readonly number[] | 'listening'
  /** Also count connections from here to these ports elsewhere. */
  readonly remote?: boolean
  /** Only this way, for tests and for who distrusts the other. */
  readonly via?: 'netlink' | 'proc'
  /** Tables of another network namespace: `/proc/PID/net`. They are read as files. */
  readonly procFolder?: string
  readonly now?: () => number
}

export type Sampled =
  | { readonly ok: true; readonly samples: PortSamples }
  | { readonly ok: false; readonly code: 'no_permission' | 'unavailable'; readonly message: string }

export interface SocketSampler {
  /** Counts now. Calls that come while a count is under way share it. */
  sample(): Promise<Sampled>
  close(): void
}

/** The event loop waits for a sample no longer than this at a time. */
const STRETCH_MS = 5
const TRIES = 3

const nameOf = (code: number): string =>
  Object.entries(constants.errno).find(([, value]) => value === code)?.[0] ?? String(code)

const refused = (errorName: string, how: string): Sampled => {
  const permission = ['EPERM', 'EACCES'].includes(errorName)
  return {
    ok: false,
    code: permission ? 'no_permission' : 'unavailable',
    message: permission
      ? `this process may not read the socket tables (${how}: ${errorName}); allow netlink sockets (AF_NETLINK) in its service or container, or let it read /proc/net/tcp`
      : `the socket tables cannot be read (${how}: ${errorName})`,
  }
}

/** A reading of the tables, by either way: hands the sockets over; `interrupted` when they changed under it. */
type Read = (
  sink: SocketSink,
  states: number,
  ports: readonly number[] | undefined,
) => Promise<string | 'interrupted' | undefined>

const FAMILIES = [2, 10] as const

/** Asks the kernel by netlink, on one socket; a failure is an errno. */
const createDiagLink = () => {
  let socket: DiagSocket | undefined
  let reply: ReturnType<typeof createReplyReader> | undefined
  const drop = () => {
    socket?.close()
    socket = undefined
  }
  const ask = async (request: Uint8Array, sink: SocketSink, counts?: RowFilter) => {
    if (!socket) {
      const opened = openDiagSocket()
      if (typeof opened === 'string') return opened
      socket = opened
      reply = createReplyReader(opened.buffer)
    }
    const breathe = createBreath(STRETCH_MS)
    let interrupted = false
    let failure = socket.send(request)
    while (failure === undefined && socket) {
      const length = socket.receive()
      if (typeof length === 'string') {
        failure = length
        break
      }
      const part = reply!(length, sink, counts)
      interrupted ||= part.interrupted
      if (part.end && part.error === 0) return interrupted ? 'interrupted' : undefined
      if (part.end) failure = nameOf(part.error)
      else await breathe()
    }
    // The rest of a broken answer would be taken for the next one's.
    drop()
    return failure ?? 'ECANCELED'
  }
  return { ask, close: drop }
}

const netlinkReader = (remote: boolean): { read: Read; close(): void } => {
  const link = createDiagLink()
  let multipath = knowsMultipath()
  /** Counts connections of MPTCP; they say what then remains of the table of TCP. */
  const readMultipath = async (sink: SocketSink, states: number, ports: readonly number[] | undefined) => {
    const connections = createMultipath()
    for (const family of FAMILIES) {
      if (!multipath) break
      const failure = await link.ask(multipathRequest(family, states, ports, remote), sink, connections.note)
      // A kernel that cannot list them is not asked again: it would look for a module each time.
      if (failure !== undefined && failure !== 'interrupted') multipath = false
    }
    return connections
  }
  const read: Read = async (sink, states, ports) => {
    // A listener is one row in both tables.
    const connections = states === LISTEN_ONLY ? undefined : await readMultipath(sink, states & ~LISTEN_ONLY, ports)
    return link.ask(diagRequest(states, ports, remote, connections?.waiting()), sink, connections?.plain())
  }
  return { read, close: link.close }
}

const procReader =
  (folder: string): Read =>
  async (sink) => {
    try {
      await readProc(sink, createBreath(STRETCH_MS), folder)
      return undefined
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'EIO'
    }
  }

/**
 * Counts TCP sockets by port, state and family: by netlink, where the kernel picks the sockets, else from `/proc`. That
 * this process may not look is a value, not an exception.
 */
export const createSocketSampler = (options: SamplerOptions): SocketSampler => {
  const { remote = false, now = systemClock.now, procFolder = '/proc/net' } = options
  const via = options.procFolder === undefined ? options.via : 'proc'
  const procRead = procReader(procFolder)
  const chosen = options.ports === 'listening' ? undefined : [...new Set(options.ports)].sort((a, b) => a - b)
  const netlink = netlinkReader(remote)
  let underWay: Promise<Sampled> | undefined

  /** The ports to count, ascending, or why they are not known. */
  const portsNow = async (read: Read): Promise<number[] | string> => {
    if (chosen) return chosen
    const scan = createListenerScan()
    const failure = await read(scan, LISTEN_ONLY, undefined)
    return failure === undefined || failure === 'interrupted' ? scan.ports() : failure
  }

  const count = async (way: 'netlink' | 'proc', read: Read): Promise<Sampled> => {
    const fail = (errorName: string) => refused(errorName, way === 'netlink' ? 'netlink' : `${procFolder}/tcp`)
    const wanted = await portsNow(read)
    if (typeof wanted === 'string') return fail(wanted)
    const ports = wanted.slice(0, MOST_PORTS)
    for (let attempt = 1; ; attempt++) {
      const tally = createTally(ports, remote)
      const failure = ports.length === 0 ? undefined : await read(tally, EVERY_STATE, ports)
      if (failure === 'interrupted' && attempt < TRIES) continue
      if (failure !== undefined && failure !== 'interrupted') return fail(failure)
      const complete = failure === undefined
      const left = wanted.length - ports.length
      return { ok: true, samples: { at: now(), via: way, ports: tally.samples(), complete, left } }
    }
  }

  const sample = async (): Promise<Sampled> => {
    const first = via === 'proc' ? undefined : await count('netlink', netlink.read)
    if (first?.ok || via === 'netlink') return first!
    const second = await count('proc', procRead)
    return second.ok ? second : (first ?? second)
  }

  return {
    sample: () => {
      underWay ??= sample().finally(() => {
        underWay = undefined
      })
      return underWay
    },
    close: netlink.close,
  }
}
