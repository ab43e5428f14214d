import { because, type Cause } from '#core/cause/cause.ts'
import { isBlackholed } from '#core/monitor/local-route.ts'
import type { RoundFault } from '#core/probe.ts'
import type { ErrorCode, ProbeError } from '#core/result/result.ts'

/** What keeps this machine from sending. */
const OWN_ERRORS: Readonly<Record<string, ProbeError>> = {
  EPERM: { code: 'no_permission', cause: because('ping_firewalled') },
  EACCES: { code: 'no_permission', cause: because('sending_forbidden') },
  ENETDOWN: { code: 'local_network_down', cause: because('sending_interface_down') },
  ENOBUFS: { code: 'local_loss', cause: because('send_queue_full') },
  EAGAIN: { code: 'local_loss', cause: because('send_queue_full') },
  EADDRNOTAVAIL: { code: 'local_network_down', cause: because('no_source_address') },
  EMSGSIZE: { code: 'internal', cause: because('packet_too_large') },
}

/** What this machine says of the way to the target. */
const WAY_ERRORS: Readonly<Record<string, ErrorCode>> = { ENETUNREACH: 'no_route', EHOSTUNREACH: 'unreachable' }

/** That an address cannot be pinged; `what` it is instead. */
export const unfitFault = (what: Cause): RoundFault => ({ icmpError: { code: 'bad_address', what } })

/** That an address to send from is not, or no longer, one of this machine's. */
export const foreignSource = (source: string): ProbeError => ({
  code: 'local_network_down',
  cause: because('foreign_source', { source }),
})

/**
 * The fault of a round whose packet to `address` the system refused to send, by the name of its error; `source` was asked
 * for.
 */
export const sendFault = (errorName: string, address: string, source?: string): RoundFault => {
  // Nothing else can be wrong with a packet whose target was fit: its own address is gone.
  if (source !== undefined && ['EINVAL', 'EADDRNOTAVAIL'].includes(errorName))
    return { ownFault: foreignSource(source) }
  if (isBlackholed(errorName, address)) return { ownFault: { code: 'no_permission', cause: because('blackholed') } }
  if (errorName === 'EINVAL') return unfitFault(because('unsendable_address'))
  const code = WAY_ERRORS[errorName]
  if (code !== undefined) return { icmpError: { code } }
  const failed = () => ({ code: 'internal', cause: because('sending_failed', { error: errorName }) }) as const
  return { ownFault: OWN_ERRORS[errorName] ?? failed() }
}
