import { type AddressPolicy, type ForbiddenKind, forbiddenKind } from '#lib/net/forbidden-address.ts'
import { because, type Cause, type CauseCode } from '../cause/cause.ts'
import type { ProbeTools } from '../probe.ts'

const WHAT: Readonly<Record<ForbiddenKind | 'not_an_address', Cause>> = {
  metadata: because('metadata_service'),
  loopback: because('loopback'),
  unspecified: because('unspecified_address'),
  link_local: because('link_local'),
  multicast: because('multicast_or_broadcast'),
  not_an_address: because('not_an_address'),
}

/** Who does not look there. */
type Guard = Extract<CauseCode, 'not_by_hand' | 'not_by_probe_path' | 'not_by_probe_path_for_viewers'>

/**
 * Tools for targets that nobody vouches for: what a name resolves to is checked each time, so that neither a name nor
 * a redirect leads where the address itself would be refused. `guard` ends the sentence that says so.
 */
export const guardedTools = (tools: ProbeTools, policy: AddressPolicy, guard: Guard = 'not_by_hand'): ProbeTools => {
  const fine = (address: string) => forbiddenKind(address, policy) === undefined
  return {
    ...tools,
    known: (host, family) => {
      const known = tools.known(host, family)
      // What is refused goes the long way, which says so.
      return known?.every(fine) ? known : undefined
    },
    resolve: async (host, family, signal) => {
      const found = await tools.resolve(host, family, signal)
      if ('code' in found) return found
      const addresses = found.addresses.filter(fine)
      if (addresses.length > 0) return { ...found, addresses }
      const address = found.addresses[0] ?? host
      const what = WHAT[forbiddenKind(address, policy) ?? 'not_an_address']
      return { code: 'bad_address', cause: because('forbidden_target', { address, what, why: because(guard) }) }
    },
  }
}

/**
 * What the looks of one monitor are lent, by the schedule and by hand alike. `allowed`: kinds of addresses open to who
 * is not trusted; undefined for a monitor that a file names.
 */
export const toolsFor = (tools: ProbeTools, allowed: readonly ForbiddenKind[] | undefined): ProbeTools =>
  allowed ? guardedTools(tools, { allowed }) : tools
