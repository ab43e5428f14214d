import { plainAddress } from '#lib/text/plain-address.ts'
import type { Monitor } from './monitor.ts'

/** Which monitor watches an address: where there are several, the first that pings it, else the first. */
export const monitorsByAddress = <Watching extends Pick<Monitor, 'type'>>(
  monitors: readonly Watching[],
  hostsOf: (monitor: Watching) => readonly string[],
): ReadonlyMap<string, Watching> => {
  const found = new Map<string, Watching>()
  const pinging = monitors.filter(({ type }) => type === 'icmp')
  for (const monitor of [...pinging, ...monitors])
    for (const host of hostsOf(monitor)) {
      const address = plainAddress(host)
      if (address !== undefined && !found.has(address)) found.set(address, monitor)
    }
  return found
}
