import type { BeginLook, ProbeRunner, ProbeTools, ProbeType, ReportResult } from '#core/probe.ts'
import { socketsWithin } from './descriptors.ts'

/** Probes of one type under way at once, where the type brings no bulk runner of its own. */
const CONCURRENCY = 1024
/** Those of a type may take one in so many descriptors. */
const SHARE = 10

/**
 * Runs a type's `run` for many slots: bounded at once, first come first served, each with a time-out that holds even
 * where the probe forgets its own.
 */
const promiseRunner = <Options>(
  type: ProbeType & { run: NonNullable<ProbeType['run']> },
  tools: ProbeTools,
  report: ReportResult,
  begun: BeginLook | undefined,
): ProbeRunner<Options> => {
  const most = socketsWithin(CONCURRENCY, SHARE)
  const running = new Map<number, AbortController>()
  const queue: { slot: number; options: Options; timeoutMs: number }[] = []

  const launch = async (slot: number, options: Options, timeoutMs: number) => {
    const controller = new AbortController()
    running.set(slot, controller)
    const patience = timeoutMs + (type.roundMs?.(options as never) ?? 0) + 50
    const timer = setTimeout(() => controller.abort(), patience)
    const started = performance.now()
    try {
      const outcome = await type.run(options as never, { timeoutMs, signal: controller.signal, tools, trace: false })
      if (running.get(slot) !== controller) return
      const latency = outcome.latencyMs ?? (outcome.ok ? performance.now() - started : Number.NaN)
      report(slot, outcome.ok, latency, outcome.error?.code ?? 'ok', outcome.error?.message, outcome.metrics)
    } catch (error) {
      if (running.get(slot) === controller) report(slot, false, Number.NaN, 'internal', String(error))
    } finally {
      clearTimeout(timer)
      if (running.get(slot) === controller) running.delete(slot)
      const waiting = queue.shift()
      if (waiting) {
        begun?.(waiting.slot)
        void launch(waiting.slot, waiting.options, waiting.timeoutMs)
      }
    }
  }

  return {
    start: (slot, options, timeoutMs) => {
      if (running.size < most) void launch(slot, options, timeoutMs)
      else queue.push({ slot, options, timeoutMs })
      return true
    },
    cancel: (slot) => {
      running.get(slot)?.abort()
      running.delete(slot)
      const waiting = queue.findIndex((entry) => entry.slot === slot)
      if (waiting >= 0) queue.splice(waiting, 1)
    },
    close: () => {
      queue.length = 0
      for (const controller of running.values()) controller.abort()
      running.clear()
    },
  }
}

/** A type's own runner in front of its `run`, which takes what cannot be looked at in bulk this time. */
const bulkFirst = <Options>(bulk: ProbeRunner<Options>, single: ProbeRunner<Options>): ProbeRunner<Options> => {
  /** Slots whose present look is a single one. */
  const singles = new Set<number>()
  return {
    start: (slot, options, timeoutMs) => {
      if (bulk.start(slot, options, timeoutMs)) return true
      singles.add(slot)
      return single.start(slot, options, timeoutMs)
    },
    cancel: (slot) => {
      if (singles.delete(slot)) single.cancel(slot)
      bulk.cancel(slot)
    },
    close: () => {
      bulk.close()
      single.close()
    },
  }
}

/** The runner of a type: in bulk where it can, else over its `run`; undefined for a passive type. */
export const createRunner = (
  type: ProbeType,
  tools: ProbeTools,
  report: ReportResult,
  begun?: BeginLook,
): ProbeRunner<unknown> | undefined => {
  if (!type.run) return undefined
  const single = promiseRunner({ ...type, run: type.run }, tools, report, begun)
  const bulk = type.createRunner?.(tools, report, begun)
  return (bulk ? bulkFirst(bulk, single) : single) as ProbeRunner<unknown>
}
