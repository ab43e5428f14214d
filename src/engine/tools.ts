import type { ProbeTools } from '#core/probe.ts'
import { type Clock, systemClock } from '#lib/time/clock.ts'
import { systemTiming, type Timing } from '#lib/time/timing.ts'
import { createNames, type Names } from '#names/names.ts'
import { createIcmpRounds, type IcmpRounds } from './icmp/icmp-rounds.ts'
import { type Family, openIcmpSocket, type SocketKind } from './icmp/icmp-socket.ts'
import { createPingCommand } from './icmp/ping-command.ts'
import { createPing, createPingRounds, type PingSockets } from './icmp/pings.ts'
import { foreignSource } from './icmp/send-errors.ts'
import { createSourceSockets } from './icmp/source-sockets.ts'
import { loadNative } from './native.ts'
import { gated, turnsOf } from './neighbours/neighbour-gate.ts'
import { createNeighbours, type NeighbourOptions, type Neighbours } from './neighbours/neighbours.ts'
import { createPacer, type Pacing } from './schedule/pacer.ts'
import { tcpConnect } from './tcp/tcp.ts'
import { createTcpConnector } from './tcp/tcp-native.ts'

export interface ProbeToolsOptions {
  /** Only this way of pinging, for tests and for who distrusts the others. */
  readonly ping?: SocketKind | 'command'
  readonly pacing?: Pacing
  readonly neighbours?: NeighbourOptions
  /** A resolver that is shared with others, and closed by them; absent: one of its own. */
  readonly names?: Names
  /** The system's by default. */
  readonly timing?: Timing | undefined
  readonly now?: Clock['now'] | undefined
}

export interface EngineTools extends ProbeTools {
  /** The shared ICMP sockets, for who looks at their figures. */
  readonly sockets: PingSockets
  readonly neighbours: Neighbours
  readonly names: Names
  close(): void
}

/** The sockets and caches that the probes of this process share. Opens nothing before it is needed but the ICMP sockets. */
export const createProbeTools = ({
  ping: only,
  pacing,
  neighbours: sparing,
  names: shared,
  timing = systemTiming,
  now = systemClock.now,
}: ProbeToolsOptions = {}): EngineTools => {
  const native = only === 'command' ? undefined : loadNative()
  const pacer = createPacer(pacing)
  const open = (family: Family): IcmpRounds | undefined => {
    const socket = native && openIcmpSocket(native, family, only === 'command' ? undefined : only)
    return native && socket && createIcmpRounds(native, socket, pacer, timing)
  }
  const sourced = native && createSourceSockets(native, pacer, only === 'command' ? undefined : only, timing)
  const sockets: PingSockets = {
    4: open(4),
    6: open(6),
    from: (source) => sourced?.from(source) ?? { ownFault: foreignSource(source) },
  }
  const command = createPingCommand()
  const tcp = native && createTcpConnector(native, timing)
  const names = shared ?? createNames(timing)
  const neighbours = createNeighbours({ ...timing, ...sparing })

  return {
    pingMethod: sockets[4]?.kind ?? 'command',
    sockets,
    neighbours,
    ...gated(neighbours, {
      ping: createPing(sockets, command, pacer),
      pingRounds: sockets[4] || sockets[6] ? createPingRounds(sockets, command, pacer) : undefined,
      connect: tcp?.connect ?? ((address, port, options) => tcpConnect(address, port, options, timing)),
      connects: tcp?.connects,
    }),
    names,
    now,
    timers: timing.timers,
    resolve: names.resolve,
    known: names.known,
    nameServer: names.server,
    turnAt: turnsOf(neighbours, names.known),
    close: () => {
      sockets[4]?.close()
      sockets[6]?.close()
      sourced?.close()
      tcp?.close()
      neighbours.close()
      if (!shared) names.close()
    },
  }
}
