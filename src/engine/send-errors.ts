import type { RoundFault } from '#core/probe.ts'
import type { ErrorCode } from '#core/result.ts'

/** What a failed send means: for the target, or for this machine. */
const SEND_ERRORS: Readonly<Record<string, { code: ErrorCode; own: boolean; words: string }>> = {
  EPERM: { code: 'no_permission', own: true, words: 'a firewall on this machine does not let echo requests out' },
  EACCES: { code: 'no_permission', own: true, words: 'this process may not send to that address' },
  ENETUNREACH: { code: 'no_route', own: false, words: 'no route to that network' },
  ENETDOWN: { code: 'local_network_down', own: true, words: 'the network interface is down' },
  EHOSTUNREACH: { code: 'unreachable', own: false, words: 'no route to that host' },
  ENOBUFS: { code: 'local_loss', own: true, words: 'the send queue of this machine is full' },
  EAGAIN: { code: 'local_loss', own: true, words: 'the send queue of this machine is full' },
  EADDRNOTAVAIL: { code: 'local_network_down', own: true, words: 'no source address for that network' },
  EINVAL: { code: 'bad_address', own: false, words: 'the address cannot be sent to from here' },
  EMSGSIZE: { code: 'internal', own: true, words: 'the packet is larger than the network of this machine takes' },
}

/** The fault of a round whose packet the system refused to send, by the name of its error. */
export const sendFault = (errorName: string): RoundFault => {
  const known = SEND_ERRORS[errorName] ?? { code: 'internal', own: true, words: `sending failed with ${errorName}` }
  return known.own
    ? { ownFault: { code: known.code, message: known.words } }
    : { icmpError: { code: known.code, from: 'this machine' } }
}
