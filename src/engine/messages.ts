import type { MessagePort } from 'node:worker_threads'
import type { Cause } from '#core/cause/cause.ts'
import type { MonitorPath } from '#core/monitor/path.ts'
import type { Transition } from '#core/monitor/transition.ts'
import type { Signal } from '#core/probe.ts'
import type { LiveBatch } from '#core/result/result-batch.ts'
import type { IcmpCounters } from './icmp/icmp-rounds.ts'
import type { NameReport } from './name-report.ts'
import type { NeighbourFigures } from './neighbours/neighbours.ts'
import type { ScheduledMonitor } from './schedule/scheduled-monitor.ts'
import type { SchedulerStats } from './schedule/scheduler.ts'
import type { StallFigures } from './schedule/stall-watch.ts'

/** What the main thread tells the engine's thread. */
export type ToEngine =
  | { readonly kind: 'configure'; readonly upsert: readonly ScheduledMonitor[]; readonly remove: readonly number[] }
  /** Where results are kept: they cross to that thread at once. */
  | { readonly kind: 'history'; readonly port: MessagePort }
  /** The clock stands so far ahead of the monotonic one; what is under way moves by `byMs`. */
  | { readonly kind: 'clock'; readonly offset: number; readonly byMs: number }
  | { readonly kind: 'hurry'; readonly monitorIds: readonly number[] }
  | { readonly kind: 'signal'; readonly monitorId: number; readonly signal: Signal }
  | { readonly kind: 'stop' }

export interface EngineStats extends SchedulerStats {
  readonly stalls: StallFigures
  /** Why this machine reaches nobody; undefined while it does. */
  readonly cutOff: Cause | undefined
  readonly names: NameReport
  /** Of the ICMP socket of each family that there is. */
  readonly icmp: readonly (IcmpCounters & { readonly family: 4 | 6; readonly method: 'raw' | 'dgram' })[]
  /** Hosts of our own networks that do not answer, by IP version. */
  readonly neighbours: readonly NeighbourFigures[]
}

/** What the engine's thread tells the main thread. */
export type FromEngine =
  | { readonly kind: 'ready'; readonly pingMethod: string }
  | { readonly kind: 'transitions'; readonly transitions: readonly Transition[] }
  | { readonly kind: 'results'; readonly batch: LiveBatch; readonly stats: EngineStats }
  | { readonly kind: 'paths'; readonly paths: readonly MonitorPath[] }
  /** What was decided before the clock was set has been handed over. */
  | { readonly kind: 'clock' }
