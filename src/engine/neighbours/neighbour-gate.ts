import type { BeginLook, ConnectReply, PingReply, ProbeTools, Turn } from '#core/probe.ts'
import { type ErrorCode, isOwnFault } from '#core/result/result.ts'
import { putAt } from '#lib/sketch/put-at.ts'
import type { Neighbour, Neighbours, Waiting } from './neighbours.ts'

/** Looks of many slots, one at a time each: pings in rounds, or connects. */
interface Looks<Request> {
  start(slot: number, request: Request): void
  cancel(slot: number): void
  close(): void
}

interface Ask {
  readonly address: string
  readonly timeoutMs: number
}

/**
 * Stands before looks of many slots: those at neighbours that do not answer wait for their turn. `ended` must be told of
 * the end of each look that was started.
 */
const createGate = <Request extends Ask>(
  neighbours: Neighbours,
  looks: Looks<Request>,
  begun: BeginLook = () => {},
) => {
  const requests: (Request | undefined)[] = []
  const versions: (number | undefined)[] = []
  /** Of each slot's host; undefined behind a router. */
  const hosts: (Neighbour | undefined)[] = []
  const waiting: (Waiting | undefined)[] = []
  const asking: (Neighbour | undefined)[] = []

  const hostOf = (slot: number, request: Request): Neighbour | undefined => {
    if (requests[slot] !== request || versions[slot] !== neighbours.version) {
      putAt(requests, slot, request)
      putAt(versions, slot, neighbours.version)
      putAt(hosts, slot, neighbours.of(request.address))
    }
    return hosts[slot]
  }

  const begin = (slot: number, request: Request, neighbour: Neighbour) => {
    putAt(asking, slot, neighbour)
    looks.start(slot, request)
  }

  const ended = (slot: number, answered: boolean | undefined) => {
    const neighbour = asking[slot]
    if (!neighbour) return
    asking[slot] = undefined
    neighbours.ended(neighbour, answered, requests[slot]!.timeoutMs)
  }

  const cancel = (slot: number) => {
    const waits = waiting[slot]
    waiting[slot] = undefined
    if (waits) neighbours.leave(waits)
    else looks.cancel(slot)
    // Nothing is known of it, and the kernel may still ask.
    const neighbour = asking[slot]
    asking[slot] = undefined
    if (neighbour) neighbours.ended(neighbour, undefined, 0)
  }

  return {
    ended,
    looks: {
      start: (slot: number, request: Request) => {
        const neighbour = hostOf(slot, request)
        if (!neighbour) return looks.start(slot, request)
        if (neighbours.admit(neighbour)) return begin(slot, request, neighbour)
        const waits = neighbours.wait(neighbour, () => {
          waiting[slot] = undefined
          begun(slot)
          begin(slot, request, neighbour)
        })
        putAt(waiting, slot, waits)
      },
      cancel,
      close: () => {
        for (const slot of requests.keys()) cancel(slot)
        looks.close()
      },
    } satisfies Looks<Request>,
  }
}

/** Resolves when the look is admitted, true, or is no longer wanted. */
const turnOf = (neighbours: Neighbours, neighbour: Neighbour, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    const abort = () => {
      neighbours.leave(waiting)
      resolve(false)
    }
    const waiting = neighbours.wait(neighbour, () => {
      signal.removeEventListener('abort', abort)
      resolve(true)
    })
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })

/** One look at an address. It ends at once by itself where `signal` is aborted before its turn comes. */
const behindGate = async <Reply>(
  neighbours: Neighbours,
  { address, timeoutMs }: Ask,
  signal: AbortSignal,
  look: () => Promise<Reply>,
  answered: (reply: Reply) => boolean | undefined,
): Promise<Reply> => {
  const neighbour = neighbours.of(address)
  const admitted = neighbour && (neighbours.admit(neighbour) || (await turnOf(neighbours, neighbour, signal)))
  const reply = await look()
  if (admitted) neighbours.ended(neighbour, answered(reply), timeoutMs)
  return reply
}

const anyOf = (rtts: ArrayLike<number>, count: number): boolean => {
  for (let packet = 0; packet < count; packet++) if (!Number.isNaN(rtts[packet]!)) return true
  return false
}

const pingAnswered = ({ rtts, ownFault }: PingReply) => (ownFault ? undefined : anyOf(rtts, rtts.length))

/** What is said where nothing came back; of everything else something did: a host that refuses is there. */
const SILENCES: ReadonlySet<ErrorCode> = new Set([
  'timeout',
  'unreachable',
  'time_exceeded',
  'no_route',
  'dns_not_found',
  'dns_failed',
  'bad_address',
])
const hasAnswered = (ok: boolean, code: ErrorCode): boolean | undefined =>
  ok || (isOwnFault(code) ? undefined : !SILENCES.has(code))

/** Turns of looks that ask for a host by other means than pings and connects. */
export const turnsOf =
  (neighbours: Neighbours, known: ProbeTools['known']): NonNullable<ProbeTools['turnAt']> =>
  (host): Turn | undefined => {
    const [address] = known(host, 0) ?? []
    const neighbour = address === undefined ? undefined : neighbours.of(address)
    return (
      neighbour && {
        take: () => neighbours.admit(neighbour),
        wait: (begin) => {
          const waiting = neighbours.wait(neighbour, begin)
          return () => neighbours.leave(waiting)
        },
        ended: (ok, code, agoMs) => neighbours.ended(neighbour, hasAnswered(ok, code), agoMs),
      }
    )
  }

type Bulk = Pick<ProbeTools, 'pingRounds' | 'connects'>

/** Pings and connects, one at a time and in bulk, that spare the kernel's neighbour table. */
export const gated = (
  neighbours: Neighbours,
  { ping, connect, pingRounds, connects }: Pick<ProbeTools, 'ping' | 'connect'> & Bulk,
): Pick<ProbeTools, 'ping' | 'connect'> & Bulk => ({
  ping: (request, signal) => behindGate(neighbours, request, signal, () => ping(request, signal), pingAnswered),
  connect: (address, port, options) =>
    behindGate(
      neighbours,
      { address, timeoutMs: options.timeoutMs },
      options.signal,
      () => connect(address, port, options),
      (reply: ConnectReply) => hasAnswered(reply.ok, reply.ok ? 'ok' : reply.code),
    ),
  pingRounds:
    pingRounds &&
    ((report, begun) => {
      const gate = createGate(
        neighbours,
        pingRounds((slot, rtts, count, fault) => {
          gate.ended(slot, fault?.ownFault ? undefined : anyOf(rtts, count))
          report(slot, rtts, count, fault)
        }),
        begun,
      )
      return gate.looks
    }),
  connects:
    connects &&
    ((report, begun) => {
      const gate = createGate(
        neighbours,
        connects((slot, ok, ms, code, cause) => {
          gate.ended(slot, hasAnswered(ok, code))
          report(slot, ok, ms, code, cause)
        }),
        begun,
      )
      return gate.looks
    }),
})
