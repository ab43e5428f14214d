import { type CutOff, cutOffBy, type Fall } from '#core/monitor/cut-off.ts'
import type { Topology } from '#core/monitor/topology.ts'

export interface CutOffView {
  /** Who is cut off by whom; worked out when somebody asks, and kept until something changes. */
  now(): CutOff
  /** A state has changed. */
  renew(): void
}

export interface CutOffViewDeps {
  /** Another object after each change of what is configured. */
  readonly topology: () => Topology
  /** Who is down, by monitor id. */
  readonly falls: () => Iterable<readonly [id: number, fall: Fall]>
}

export const createCutOffView = ({ topology, falls }: CutOffViewDeps): CutOffView => {
  let kept: { readonly of: Topology; readonly cutOff: CutOff } | undefined
  return {
    now: () => {
      const of = topology()
      if (kept?.of !== of) kept = { of, cutOff: cutOffBy(of, new Map(falls())) }
      return kept.cutOff
    },
    renew: () => {
      kept = undefined
    },
  }
}
