import { type AddressPolicy, type ForbiddenKind, forbiddenKind } from '#lib/net/forbidden-address.ts'
import { because } from '../cause/cause.ts'
import { forbiddenTarget, type TargetRule } from '../cause/forbidden-target.ts'
import type { ProbeTools } from '../probe.ts'

/**
 * Tools for targets that nobody vouches for: what a name resolves to is checked each time, so that neither a name nor
 * a redirect leads where the address itself would be refused. `rule` ends the sentence that says so.
 */
export const guardedTools = (
  tools: ProbeTools,
  policy: AddressPolicy,
  rule: TargetRule = 'not_by_hand',
): ProbeTools => {
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
      const cause = forbiddenTarget(found.addresses[0] ?? host, policy, rule) ?? because('no_address', { host })
      return { code: 'bad_address', cause }
    },
  }
}

/**
 * What the looks of one monitor are lent, by the schedule and by hand alike. `allowed`: kinds of addresses open to who
 * is not trusted; undefined for a monitor that a file names.
 */
export const toolsFor = (tools: ProbeTools, allowed: readonly ForbiddenKind[] | undefined): ProbeTools =>
  allowed ? guardedTools(tools, { allowed }) : tools
