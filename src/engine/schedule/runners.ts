import { toolsFor } from '#core/monitor/guarded-tools.ts'
import type { BeginLook, ProbeRunner, ProbeTools, ProbeType, ReportResult } from '#core/probe.ts'
import type { Timing } from '#lib/time/timing.ts'
import { createRunner } from './runner.ts'
import type { ScheduledMonitor } from './scheduled-monitor.ts'

/** What a monitor's looks are lent. */
export interface Lent {
  readonly tools: ProbeTools
  /** Undefined for a passive type. */
  readonly runner: ProbeRunner<unknown> | undefined
}

/** One runner for each type, and one more for each set of addresses that are allowed to who is not trusted. */
export const createRunners = (tools: ProbeTools, report: ReportResult, begun: BeginLook, timing: Timing) => {
  const runners = new Map<string, Lent>()
  return {
    of: (type: ProbeType, allowed: ScheduledMonitor['allowed']): Lent => {
      const key = allowed ? `${type.name} ${allowed.join()}` : type.name
      const known = runners.get(key)
      if (known) return known
      const lent = toolsFor(tools, allowed)
      const made = { tools: lent, runner: createRunner(type, lent, report, begun, timing) }
      runners.set(key, made)
      return made
    },
    close: (): void => {
      for (const { runner } of runners.values()) runner?.close()
    },
  }
}
