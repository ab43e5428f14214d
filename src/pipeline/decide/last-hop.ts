import type { Monitor } from '#core/monitor/monitor.ts'
import { monitorsByAddress } from '#core/monitor/monitors-by-address.ts'
import { lastHopOf, type MonitorPath } from '#core/monitor/path.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { createBoundedMap } from '#lib/sketch/bounded-map.ts'
import type { Storage } from '#storage/index.ts'

/** Where single failures are forgiven, trouble may have begun long before its present run: no further back counts, ms. */
const BEFORE_MS = 5000
const ROUTERS_KEPT = 20_000

export interface LastHopDeps {
  readonly storage: Pick<Storage, 'paths'>
  readonly monitors: () => readonly { readonly monitor: Monitor }[]
  /** Hosts that a monitor contacts. */
  readonly hostsOf: (monitor: Monitor) => readonly string[]
}

/** Says where outages broke: from what was seen of the way, of each and of others at the same moment. */
export const createLastHops = (deps: LastHopDeps) => {
  /** When each router last answered anybody, ms. */
  const heard = createBoundedMap<string, number>(ROUTERS_KEPT)
  let watching: ReadonlyMap<string, Monitor> | undefined

  return {
    /** The monitors are others now. */
    renew: (): void => {
      watching = undefined
    },

    /** Takes in ways that were just seen. */
    note: (paths: readonly MonitorPath[]): void => {
      for (const { hops, at, address, reached } of paths)
        for (const hop of reached ? [...hops, address] : hops)
          if (hop !== null) heard.set(hop, Math.max(at, heard.get(hop) ?? 0))
    },

    /** The same changes, with the last hop that answers where one is known. */
    place: async (transitions: readonly Transition[]): Promise<readonly Transition[]> => {
      const concerned = transitions.filter(({ path }) => path)
      if (concerned.length === 0) return transitions
      const usual = await deps.storage.paths.well(concerned.map(({ monitorId }) => monitorId))
      const wellOf = new Map(usual.map((path) => [path.monitorId, path]))
      watching ??= monitorsByAddress(
        deps.monitors().map(({ monitor }) => monitor),
        deps.hostsOf,
      )
      return transitions.map((transition) => {
        const { path, ...rest } = transition
        if (!path) return rest
        // Before it broke everybody answered.
        const from = Math.max(rest.since, path.at - BEFORE_MS)
        const found = lastHopOf(path, wellOf.get(rest.monitorId), (hop) => (heard.get(hop) ?? 0) >= from)
        if (!found) return rest
        const name = watching?.get(found.address)?.name
        const lastHop = { ...found, ...(name !== undefined && { name }) }
        return { ...rest, facts: { ...rest.facts, lastHop } }
      })
    },
  }
}
