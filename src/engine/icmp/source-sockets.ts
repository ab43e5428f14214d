import { because } from '#core/cause/cause.ts'
import type { RoundFault } from '#core/probe.ts'
import type { Timing } from '#lib/time/timing.ts'
import type { Native } from '../native.ts'
import type { Pacer } from '../schedule/pacer.ts'
import { addressBytes } from './icmp-packet.ts'
import { createIcmpRounds, type IcmpRounds } from './icmp-rounds.ts'
import { openIcmpSocket, type SocketKind } from './icmp-socket.ts'
import { foreignSource } from './send-errors.ts'
import { socketAddress } from './socket-address.ts'

/** Each takes a descriptor and a buffer; no machine has so many addresses that matter. */
const MOST_SOURCES = 64

/**
 * ICMP sockets that send from one address each, opened when the first monitor asks for it. An address that is not ours is
 * tried again at every look: its interface may be away for a while.
 */
export const createSourceSockets = (native: Native, pacer: Pacer, only: SocketKind | undefined, timing: Timing) => {
  const opened = new Map<string, IcmpRounds>()

  const open = (source: string): IcmpRounds | RoundFault => {
    const bytes = addressBytes(source)
    if (!bytes) return { ownFault: foreignSource(source) }
    if (opened.size >= MOST_SOURCES) {
      const cause = because('too_many_sources', { source, number: MOST_SOURCES + 1, most: MOST_SOURCES })
      return { ownFault: { code: 'internal', cause } }
    }
    const socket = openIcmpSocket(native, bytes.length === 4 ? 4 : 6, only)
    // The shared socket could be opened, so this one may be.
    if (!socket) return { ownFault: { code: 'no_descriptors', cause: because('too_many_open_files') } }
    if (native.bind(socket.fd, socketAddress(bytes)) < 0) {
      native.close(socket.fd)
      return { ownFault: foreignSource(source) }
    }
    const rounds = createIcmpRounds(native, { ...socket, source }, pacer, timing)
    opened.set(source, rounds)
    return rounds
  }

  return {
    from: (source: string): IcmpRounds | RoundFault => opened.get(source) ?? open(source),
    close: (): void => {
      for (const rounds of opened.values()) rounds.close()
    },
  }
}
