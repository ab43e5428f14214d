import type { PathSnapshot } from '#core/monitor/path.ts'
import { iso } from '#lib/time/iso.ts'

/** A way to a host, hop by hop. `nameOf` tells the monitor that watches an address. */
export const pathView = (
  path: PathSnapshot | undefined,
  nameOf: (address: string) => string | undefined = () => undefined,
) =>
  path
    ? {
        at: iso(path.at),
        address: path.address,
        reached: path.reached,
        hops: path.hops.map((address, index) => ({
          distance: index + 1,
          address,
          monitor: (address !== null && nameOf(address)) || null,
        })),
      }
    : null
