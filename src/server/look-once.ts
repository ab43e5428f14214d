import { toolsFor } from '#core/monitor/guarded-tools.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { ProbeOutcome } from '#core/result/result.ts'
import type { ScheduledMonitor } from '#engine/schedule/scheduled-monitor.ts'
import { createProbeTools } from '#engine/tools.ts'
import type { Timing } from '#lib/time/timing.ts'
import type { Names } from '#names/names.ts'
import { probeTypes } from '#probes/index.ts'

export interface LookDeps {
  readonly names: Names
  readonly timing: Timing
  readonly now: () => number
}

/** A look by hand may take so much longer than its time-outs. */
const GRACE_MS = 2000

/**
 * Looks once, with sockets of its own and the names that looks by hand share: whoever waits for it holds nothing up. `allowed` as for the looks of the
 * schedule. Undefined for a monitor that only waits to be called.
 */
export const lookOnce = async (
  { type: name, options, timeoutMs }: Monitor,
  allowed: ScheduledMonitor['allowed'],
  { names, timing, now }: LookDeps,
): Promise<ProbeOutcome | undefined> => {
  const type = probeTypes.get(name)
  if (!type?.run) return undefined
  const tools = createProbeTools({ names, timing, now })
  const patience = timeoutMs + (type.roundMs?.(options as never) ?? 0) + GRACE_MS
  try {
    const context = { timeoutMs, signal: AbortSignal.timeout(patience), tools: toolsFor(tools, allowed), trace: true }
    return await type.run(options as never, context)
  } finally {
    tools.close()
  }
}
