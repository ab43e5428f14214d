import { BLACKHOLE, isBlackholed } from '#core/monitor/local-route.ts'
import type { RoundFault } from '#core/probe.ts'
import type { ErrorCode, ProbeError } from '#core/result/result.ts'

/** What a failed send means: for the target, or for this machine. */
const SEND_ERRORS: Readonly<Record<string, { code: ErrorCode; own: boolean; words: string }>> = {
  EPERM: { code: 'no_permission', own: true, words: 'a firewall on this machine does not let echo requests out' },
  EACCES: {
    code: 'no_permission',
    own: true,
    words:
      'this machine does not let that address be sent to: a rule forbids it, or it is the broadcast address of a network',
  },
  ENETUNREACH: { code: 'no_route', own: false, words: 'no route to that network' },
  ENETDOWN: { code: 'local_network_down', own: true, words: 'the network interface is down' },
  EHOSTUNREACH: { code: 'unreachable', own: false, words: 'no route to that host' },
  ENOBUFS: { code: 'local_loss', own: true, words: 'the send queue of this machine is full' },
  EAGAIN: { code: 'local_loss', own: true, words: 'the send queue of this machine is full' },
  EADDRNOTAVAIL: { code: 'local_network_down', own: true, words: 'no source address for that network' },
  EINVAL: { code: 'bad_address', own: false, words: 'no address that can be sent to from here' },
  EMSGSIZE: { code: 'internal', own: true, words: 'the packet is larger than the network of this machine takes' },
}

/** That an address to send from is not, or no longer, one of this machine's. */
export const foreignSource = (source: string): ProbeError => ({
  code: 'local_network_down',
  message: `source: ${source} is no address of this machine at present; ip addr shows those that are`,
})

/**
 * The fault of a round whose packet to `address` the system refused to send, by the name of its error; `source` was asked
 * for.
 */
export const sendFault = (errorName: string, address: string, source?: string): RoundFault => {
  // Nothing else can be wrong with a packet whose target was fit: its own address is gone.
  if (source !== undefined && ['EINVAL', 'EADDRNOTAVAIL'].includes(errorName))
    return { ownFault: foreignSource(source) }
  if (isBlackholed(errorName, address)) return { ownFault: { code: 'no_permission', message: BLACKHOLE } }
  const known = SEND_ERRORS[errorName] ?? { code: 'internal', own: true, words: `sending failed with ${errorName}` }
  return known.own
    ? { ownFault: { code: known.code, message: known.words } }
    : { icmpError: { code: known.code, from: known.code === 'bad_address' ? known.words : 'this machine' } }
}
