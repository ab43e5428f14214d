import { doubled } from '#lib/sketch/doubled.ts'

/** Packets per second; Infinity for no bound. */
export interface Pacing {
  readonly perSecond: number
  /** To one /24 of IPv4 or one /64 of IPv6. */
  readonly perSubnet: number
}

const DEFAULT_PACING: Pacing = { perSecond: 50_000, perSubnet: 1000 }

/** How much of a second's packets may leave at once. */
const BURST_MS = 20
/** The subnet of addresses that need no pacing. */
export const UNPACED = -1
const SUBNETS_KEPT = 1_000_000

const isLoopback = (bytes: Uint8Array): boolean =>
  bytes.length === 4 ? bytes[0] === 127 : bytes.every((byte, index) => byte === (index === 15 ? 1 : 0))

/** For packets that their sender spaces itself: they take no moment away from probes. */
export const unpaced: Pick<Pacer, 'subnetOf'> = { subnetOf: () => UNPACED }

/**
 * Spaces packets so that neither the network nor one small part of it sees a burst: a reservation per subnet and one for
 * all, each a theoretical arrival time (GCRA, ITU-T I.371). Loopback is not paced.
 */
export const createPacer = ({ perSecond, perSubnet }: Pacing = DEFAULT_PACING) => {
  const numbers = new Map<string, number>()
  let arrival = new Float64Array(64)
  let all = 0

  return {
    /** Number of the subnet of an address, for `reserve`. */
    subnetOf: (bytes: Uint8Array): number => {
      if (isLoopback(bytes)) return UNPACED
      const key = bytes.subarray(0, bytes.length === 4 ? 3 : 8).join('.')
      const known = numbers.get(key)
      if (known !== undefined) return known
      // Beyond the bound the first ones share: paced more strictly than need be, never less.
      const number = numbers.size % SUBNETS_KEPT
      numbers.set(key, number)
      if (number >= arrival.length) arrival = doubled(arrival)
      return number
    },
    /** Takes the next free moment for a packet; ms, `now` or later. */
    reserve: (subnet: number, now: number): number => {
      if (subnet === UNPACED) return now
      const ofSubnet = Math.max(arrival[subnet]!, now)
      const ofAll = Math.max(all, now)
      arrival[subnet] = ofSubnet + 1000 / perSubnet
      all = ofAll + 1000 / perSecond
      return Math.max(now, ofSubnet - BURST_MS, ofAll - BURST_MS)
    },
  }
}
export type Pacer = ReturnType<typeof createPacer>
