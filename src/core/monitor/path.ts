/** The way to a target as it was seen at one moment, by packets whose time to live ends on the way. */
export interface PathSnapshot {
  /** When the looking began, ms since the epoch. */
  readonly at: number
  readonly address: string
  /** Who answered at each distance, from 1 on, before the target; null where nobody did. Ends with one that answered, or before the target. */
  readonly hops: readonly (string | null)[]
  /** The target itself answered. */
  readonly reached: boolean
}

/** `well`: while its monitor was up; `failing`: between its first failure and some time after the verdict. */
export type PathKind = 'well' | 'failing'

export interface MonitorPath extends PathSnapshot {
  readonly monitorId: number
  readonly kind: PathKind
}

/** How far towards a target that does not answer the network still does. */
export interface LastHop {
  readonly address: string
  /** The monitor that watches this address, by name. */
  readonly name?: string
  /** The target itself answers echo requests. */
  readonly reached?: true
  /** True when it was not on the way while all was well; absent where that cannot be told. */
  readonly changed?: boolean
}

/** Whether a router has answered anybody since the trouble began. */
export type HeardSince = (address: string) => boolean

const lastAnswering = (hops: readonly (string | null)[]): number => hops.findLastIndex((hop) => hop !== null)

/** True when two ways name different routers at one distance: silence is no difference. */
const differ = (one: readonly (string | null)[], other: readonly (string | null)[]): boolean =>
  one.some((hop, index) => hop !== null && (other[index] ?? null) !== null && hop !== other[index])

/**
 * The last hop that answers. Routers limit how often they say that a packet's time is over (RFC 1812, 4.3.2.8), so in
 * a large outage one that is silent here may have told another: a hop of the usual way that was heard since counts.
 * Undefined when nobody on the way answered.
 */
export const lastHopOf = (
  failing: PathSnapshot,
  well: PathSnapshot | undefined,
  heardSince: HeardSince,
): LastHop | undefined => {
  if (failing.reached) return { address: failing.address, reached: true }
  const usual = well && well.address === failing.address ? well.hops : undefined
  let distance = lastAnswering(failing.hops)
  let address = failing.hops[distance] ?? undefined
  if (usual && !differ(failing.hops, usual)) {
    const further = usual.findLastIndex((hop, index) => index > distance && hop !== null && heardSince(hop))
    if (further >= 0) {
      distance = further
      address = usual[further]!
    }
  }
  if (address === undefined) return undefined
  const known = usual !== undefined && (usual[distance] !== null || usual.includes(address))
  return { address, ...(known && { changed: !usual.includes(address) }) }
}

/** A last hop as people read it: `core-2 (10.0.0.2)`. */
export const lastHopText = ({ address, name }: LastHop): string =>
  name === undefined || name === address ? address : `${name} (${address})`
