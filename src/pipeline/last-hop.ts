import { isIP } from 'node:net'
import type { Monitor } from '#core/monitor.ts'
import { lastHopOf, type MonitorPath } from '#core/path.ts'
import type { Transition } from '#core/transition.ts'
import { createBoundedMap } from '#lib/bounded-map.ts'
import { canonicalNetwork } from '#lib/canonical-network.ts'
import type { Storage } from '#storage/index.ts'

/** An answer of a router says that it answers for this long, ms. */
const HEARD_MS = 15_000
const ROUTERS_KEPT = 20_000

export interface LastHopDeps {
  readonly storage: Pick<Storage, 'paths'>
  readonly monitors: () => readonly { readonly monitor: Monitor }[]
  /** Hosts that a monitor contacts. */
  readonly hostsOf: (monitor: Monitor) => readonly string[]
}

/** An address as routers are written too; undefined for a name. */
export const plainAddress = (host: string): string | undefined => {
  const literal = host.split('%')[0]!
  const family = isIP(literal)
  return family === 6 ? canonicalNetwork(literal) : family === 4 ? literal : undefined
}

/** Which monitor watches an address, by name: where there are several, the one that pings it. */
export const monitorsByAddress = ({
  monitors,
  hostsOf,
}: Pick<LastHopDeps, 'monitors' | 'hostsOf'>): ReadonlyMap<string, string> => {
  const names = new Map<string, string>()
  const all = monitors().map(({ monitor }) => monitor)
  for (const monitor of [...all.filter(({ type }) => type === 'icmp'), ...all])
    for (const host of hostsOf(monitor)) {
      const address = plainAddress(host)
      if (address !== undefined && !names.has(address)) names.set(address, monitor.name)
    }
  return names
}

/** Says where outages broke: from what was seen of the way, of each and of others at the same moment. */
export const createLastHops = (deps: LastHopDeps) => {
  /** When each router last answered anybody, ms. */
  const heard = createBoundedMap<string, number>(ROUTERS_KEPT)
  let names: ReadonlyMap<string, string> | undefined
  const heardAbout = (address: string, at: number) => {
    const last = heard.get(address)
    return last !== undefined && Math.abs(last - at) <= HEARD_MS
  }

  return {
    /** The monitors are others now. */
    renew: (): void => {
      names = undefined
    },

    /** Takes in ways that were just seen. */
    note: (paths: readonly MonitorPath[]): void => {
      for (const { hops, at } of paths) for (const hop of hops) if (hop !== null) heard.set(hop, at)
    },

    /** The same changes, with the last hop that answers where one is known. */
    place: async (transitions: readonly Transition[]): Promise<readonly Transition[]> => {
      const concerned = transitions.filter(({ path }) => path)
      if (concerned.length === 0) return transitions
      const usual = await deps.storage.paths.well(concerned.map(({ monitorId }) => monitorId))
      const wellOf = new Map(usual.map((path) => [path.monitorId, path]))
      names ??= monitorsByAddress(deps)
      return transitions.map((transition) => {
        const { path, ...rest } = transition
        const found = path && lastHopOf(path, wellOf.get(transition.monitorId), heardAbout)
        if (!found) return rest
        const name = names?.get(found.address)
        const lastHop = { ...found, ...(name !== undefined && { name }) }
        return { ...rest, facts: { ...rest.facts, lastHop } }
      })
    },
  }
}
