import type { ProbeTools } from '#core/probe.ts'
import { type AddressPolicy, forbiddenReason } from '#lib/forbidden-address.ts'

/**
 * The engine's tools for monitors that people made by hand: what a name resolves to is checked each time, so that
 * neither a name nor a redirect leads where the address itself would be refused.
 */
export const guardedTools = (tools: ProbeTools, policy: AddressPolicy): ProbeTools => {
  const fine = (address: string) => forbiddenReason(address, policy) === undefined
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
      const reason = forbiddenReason(found.addresses[0] ?? host, policy) ?? `${host} has no address`
      return { code: 'bad_address', message: `${reason}: monitors made by hand do not look there` }
    },
  }
}
