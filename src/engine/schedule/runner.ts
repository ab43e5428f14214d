import { because } from '#core/cause/cause.ts'
import type { BeginLook, ProbeRunner, ProbeTools, ProbeType, ReportResult, Turn } from '#core/probe.ts'
import type { ErrorCode } from '#core/result/result.ts'
import { systemTiming, type Timing } from '#lib/time/timing.ts'
import { socketsWithin } from '../descriptors.ts'

/** Probes of one type under way at once, where the type brings no bulk runner of its own. */
const CONCURRENCY = 1024
/** Those of a type may take one in so many descriptors. */
const SHARE = 10

interface Look<Options> {
  readonly slot: number
  readonly options: Options
  readonly timeoutMs: number
  readonly turn: Turn | undefined
}

/**
 * Runs a type's `run` for many slots: bounded at once, first come first served, each with a time-out that holds even
 * where the probe forgets its own. Looks at silent hosts of our own networks wait for their turn before.
 */
const promiseRunner = <Options>(
  type: ProbeType & { run: NonNullable<ProbeType['run']> },
  tools: ProbeTools,
  report: ReportResult,
  begun: BeginLook | undefined,
  { monotonic, timers }: Timing,
): ProbeRunner<Options> => {
  const most = socketsWithin(CONCURRENCY, SHARE)
  const running = new Map<number, AbortController>()
  const queue: Look<Options>[] = []
  /** What calls off the waiting of a slot for its turn. */
  const waiting = new Map<number, () => void>()

  const launch = async ({ slot, options, timeoutMs, turn }: Look<Options>) => {
    const controller = new AbortController()
    running.set(slot, controller)
    const patience = timeoutMs + (type.roundMs?.(options as never) ?? 0) + 50
    const timer = timers.after(patience, () => controller.abort())
    const started = monotonic()
    let ended: { readonly ok: boolean; readonly code: ErrorCode } = { ok: false, code: 'internal' }
    try {
      const outcome = await type.run(options as never, { timeoutMs, signal: controller.signal, tools, trace: false })
      ended = { ok: outcome.ok, code: outcome.error?.code ?? 'ok' }
      if (running.get(slot) !== controller) return
      const latency = outcome.latencyMs ?? (outcome.ok ? monotonic() - started : Number.NaN)
      report(slot, outcome.ok, latency, ended.code, outcome.error?.cause, outcome.metrics)
    } catch (error) {
      if (running.get(slot) === controller)
        report(slot, false, Number.NaN, 'internal', because('as_said', { words: String(error) }))
    } finally {
      timers.clear(timer)
      if (running.get(slot) === controller) running.delete(slot)
      turn?.ended(ended.ok, ended.code, monotonic() - started)
      const next = queue.shift()
      if (next) {
        begun?.(next.slot)
        void launch(next)
      }
    }
  }

  const lineUp = (look: Look<Options>) => {
    if (running.size < most) void launch(look)
    else queue.push(look)
  }

  return {
    start: (slot, options, timeoutMs) => {
      const [host] = (tools.turnAt && type.hosts?.(options as never)) ?? []
      const turn = host === undefined ? undefined : tools.turnAt!(host)
      const look = { slot, options, timeoutMs, turn }
      if (!turn || turn.take()) lineUp(look)
      else
        waiting.set(
          slot,
          turn.wait(() => {
            waiting.delete(slot)
            begun?.(slot)
            lineUp(look)
          }),
        )
      return true
    },
    cancel: (slot) => {
      waiting.get(slot)?.()
      waiting.delete(slot)
      running.get(slot)?.abort()
      running.delete(slot)
      const place = queue.findIndex((look) => look.slot === slot)
      // Nothing was asked for: `internal` says nothing of the host.
      if (place >= 0) queue.splice(place, 1)[0]!.turn?.ended(false, 'internal', 0)
    },
    close: () => {
      for (const callOff of waiting.values()) callOff()
      waiting.clear()
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
  timing = systemTiming,
): ProbeRunner<unknown> | undefined => {
  if (!type.run) return undefined
  const single = promiseRunner({ ...type, run: type.run }, tools, report, begun, timing)
  const bulk = type.createRunner?.(tools, report, begun)
  return (bulk ? bulkFirst(bulk, single) : single) as ProbeRunner<unknown>
}
