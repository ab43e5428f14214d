import type { Monitor } from '#core/monitor/monitor.ts'

/** A recovery that happened while nobody looked is seen within this, ms. */
export const firstLooksMs = ({ intervalMs, recoveryIntervalMs, timeoutMs, successes }: Monitor): number =>
  intervalMs + successes.of * (recoveryIntervalMs + timeoutMs)
