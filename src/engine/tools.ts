import { isIPv6 } from 'node:net'
import type { PingReply, PingRequest, ProbeTools } from '#core/probe.ts'
import { createIcmp, type Icmp } from './icmp.ts'
import { type Family, openIcmpSocket, type SocketKind } from './icmp-socket.ts'
import { loadNative } from './native.ts'
import { createPingCommand } from './ping-command.ts'
import { createResolver } from './resolve.ts'
import { tcpConnect } from './tcp.ts'
import { createTcpConnector } from './tcp-native.ts'

export interface ProbeToolsOptions {
  /** Only this way of pinging, for tests and for who distrusts the others. */
  readonly ping?: SocketKind | 'command'
}

export interface EngineTools extends ProbeTools {
  close(): void
}

/** The sockets and caches that the probes of this process share. Opens nothing before it is needed but the ICMP sockets. */
export const createProbeTools = ({ ping: only }: ProbeToolsOptions = {}): EngineTools => {
  const native = only === 'command' ? undefined : loadNative()
  const open = (family: Family): Icmp | undefined => {
    const socket = native && openIcmpSocket(native, family, only === 'command' ? undefined : only)
    return native && socket && createIcmp(native, socket)
  }
  const sockets: Record<Family, Icmp | undefined> = { 4: open(4), 6: open(6) }
  const command = createPingCommand()
  const tcp = native && createTcpConnector(native)

  const ping = (request: PingRequest, signal: AbortSignal): Promise<PingReply> => {
    const socket = sockets[isIPv6(request.address.split('%')[0]!) ? 6 : 4]
    return socket ? socket.ping(request, signal) : command(request, signal)
  }

  return {
    pingMethod: sockets[4]?.kind ?? 'command',
    ping,
    connect: tcp?.connect ?? tcpConnect,
    resolve: createResolver(),
    close: () => {
      sockets[4]?.close()
      sockets[6]?.close()
      tcp?.close()
    },
  }
}
