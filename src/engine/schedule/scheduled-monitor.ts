import type { Monitor, State } from '#core/monitor/monitor.ts'
import type { StatePolicy } from '#core/monitor/state.ts'
import type { ProbeType, Signal } from '#core/probe.ts'
import type { ForbiddenKind } from '#lib/net/forbidden-address.ts'

/** The part of a monitor that probing needs. */
export type ProbedMonitor = StatePolicy & Pick<Monitor, 'id' | 'type' | 'options' | 'timeoutMs' | 'paused'>

/** A monitor with what storage remembers of it. */
export interface ScheduledMonitor {
  readonly monitor: ProbedMonitor
  readonly remembered?: { readonly state: State; readonly beneath: State; readonly since: number }
  readonly lastSignal?: Signal
  /** Of a passive monitor that was called: since when its silence counts, ms. */
  readonly silentSince?: number
  /** When the way to it was last seen while it was well, ms since the epoch. */
  readonly pathAt?: number
  /** Kinds of addresses that it may look at although they are forbidden to others; absent: it is trusted. */
  readonly allowed?: readonly ForbiddenKind[]
}

/** A passive monitor's grace is its patience: one missed call is the verdict. */
const ONE = { count: 1, of: 1 } as const
const POLICIES_KEPT = 1000

const policyOf = (monitor: ProbedMonitor, type: ProbeType): StatePolicy => ({
  failures: type.judge ? ONE : monitor.failures,
  successes: type.judge ? ONE : monitor.successes,
  intervalMs: monitor.intervalMs,
  retryIntervalMs: monitor.retryIntervalMs,
  recoveryIntervalMs: monitor.recoveryIntervalMs,
  resetFailures: monitor.resetFailures,
  ...(monitor.degraded && { degraded: monitor.degraded }),
})

/** The policies of monitors. Most of them share one of a few: each is kept once. */
export const createPolicies = () => {
  const policies = new Map<string, StatePolicy>()
  return (monitor: ProbedMonitor, type: ProbeType): StatePolicy => {
    const policy = policyOf(monitor, type)
    const key = JSON.stringify(policy)
    const known = policies.get(key)
    if (known) return known
    if (policies.size >= POLICIES_KEPT) policies.clear()
    policies.set(key, policy)
    return policy
  }
}
