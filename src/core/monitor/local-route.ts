import { parseAddress } from '#lib/net/cidr.ts'

/** Without a zone, the kernel takes a link-local address for no address at all. */
const LINK_LOCAL = /^fe[89ab][0-9a-f]:/i

/**
 * True when the kernel's refusal of an address is a blackhole route of this machine, for which it has no name of its own:
 * it says EINVAL, as of an address that cannot be sent to. What a route that says "unreachable" refuses, or no route at
 * all, is not told apart from a host that is away: on a router it is what remains when the better route is gone.
 */
export const isBlackholed = (errorName: string, address: string): boolean =>
  errorName === 'EINVAL' && parseAddress(address) !== undefined && (!LINK_LOCAL.test(address) || address.includes('%'))
