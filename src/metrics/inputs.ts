import type { Monitor, State } from '#core/monitor/monitor.ts'
import type { PortSamples } from '#core/port/port-sample.ts'
import type { ErrorCode } from '#core/result/result.ts'

/** The last result of a monitor. */
export interface LastResult {
  /** ms since the epoch. */
  readonly at: number
  readonly state: State
  readonly code: ErrorCode
  /** NaN: none. */
  readonly latencyMs: number
  /** Share of lost packets, 0 to 1; NaN: nothing counts packets. */
  readonly loss: number
}

export type MeasuredMonitor = Pick<Monitor, 'id' | 'name' | 'type' | 'labels' | 'paused'>

/** How the server itself does; what is not known is left out. */
export interface OwnHealth {
  readonly ready: boolean
  /** How often each thread ended by itself and was started again. */
  readonly restarts?: Readonly<Record<string, number>>
  /** Start of the probes of the last minute after their due time, ms. */
  readonly lateness?: { readonly p50: number; readonly p99: number; readonly max: number }
  readonly probesStarted?: number
  readonly probesInFlight?: number
  /** Probes that were still under way when their next turn came. */
  readonly overruns?: number
  /** ICMP packets by IP version and by what became of them. */
  readonly icmp?: readonly { readonly family: 4 | 6; readonly packets: Readonly<Record<string, number>> }[]
  /** Notifications in the outbox by status: pending, held. */
  readonly outbox?: Readonly<Record<string, number>>
  /** How long the oldest of them has been due, ms. */
  readonly oldestDueMs?: number
  /** Room on the disk that holds the data. */
  readonly disk?: { readonly freeBytes: number; readonly sizeBytes: number }
}

/** What the metrics are made of; each is asked at a scrape, none of it is copied. */
export interface MetricsInputs {
  readonly monitors: () => readonly { readonly monitor: MeasuredMonitor }[]
  readonly monitor: (id: number) => { readonly monitor: MeasuredMonitor } | undefined
  /** Another number whenever monitors may have changed; absent: they never do. */
  readonly generation?: () => number
  /** By monitor id. */
  readonly latest: { get(monitorId: number): LastResult | undefined }
  /** When the certificate that a monitor saw ends, ms since the epoch, by monitor id. */
  readonly certificates?: ReadonlyMap<number, number>
  readonly health?: () => Promise<OwnHealth>
  /** The last look at the ports; undefined where nobody looks, without samples where they could not be read. */
  readonly ports?: () => { readonly latest: PortSamples | undefined } | undefined
}
