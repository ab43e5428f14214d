import { nextInterval } from '#core/monitor/state.ts'
import type { ProbeTools, ProbeType, ReportResult, Signal } from '#core/probe.ts'
import { systemTimers, type Timers } from '#lib/time/timers.ts'
import { versionOf } from '#probes/fields.ts'
import { type ConclusionDeps, createConclusion } from './conclude.ts'
import { createEntry, type Entry, isFaster, isSlower, sameTarget, shiftEntry, takePolicy } from './entry.ts'
import { createLateness, type LatenessFigures } from './lateness.ts'
import { createPassive, DEAF_FROM_MS } from './passive.ts'
import { createRunners } from './runners.ts'
import { createPolicies, type ScheduledMonitor } from './scheduled-monitor.ts'
import { createTurns } from './turns.ts'

export interface SchedulerDeps extends ConclusionDeps {
  readonly tools: ProbeTools
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  /** The system's by default. */
  readonly timers?: Timers | undefined
}

export interface SchedulerStats {
  readonly monitors: number
  readonly inFlight: number
  /** Probes that were still under way when their next turn came. */
  readonly overruns: number
  /** Results so far, and how many of them were failures of the target or of this machine. */
  readonly results: { readonly total: number; readonly failed: number; readonly unknown: number }
  readonly lateness: LatenessFigures
}

export interface Scheduler {
  configure(change: { readonly upsert: readonly ScheduledMonitor[]; readonly remove: readonly number[] }): void
  /** Looks at these monitors at once, out of their turn. */
  hurry(monitorIds: readonly number[]): void
  /** A passive monitor was called. */
  signal(monitorId: number, signal: Signal): void
  /** Called each second: knows whether we stood still. */
  beat(): void
  /** Goes over the hosts that are looked at, with the IP version that is asked for. */
  eachHost(visit: (host: string, family: 0 | 4 | 6) => void): void
  /** The clock is about to be set by so much: what is under way moves with it. */
  shift(byMs: number): void
  stats(): SchedulerStats
  close(): void
}

/** A probe that begins later than this may be late because we stood still, ms. */
const DOUBTFUL_MS = 500

/** Where a monitor stands in a change. */
interface Placing {
  readonly order: number
  /** How many begin to be looked at, or are looked at anew or more often. */
  readonly starting: number
  readonly upserted: number
}

/** Starts each monitor's probes when its turn comes and plans the next one by what they found. */
export const createScheduler = (deps: SchedulerDeps): Scheduler => {
  const { clock, tools, probeTypes, paths, stalls, timers = systemTimers } = deps
  const entries: (Entry | undefined)[] = []
  const slotOf = new Map<number, number>()
  const freeSlots: number[] = []
  const lateness = createLateness(clock.monotonic)
  const policyOf = createPolicies()
  const { conclude, concludeLook, counts } = createConclusion(deps)
  let inFlight = 0

  const finish: ReportResult = (slot, ok, latencyMs, code, cause, metrics) => {
    const entry = entries[slot]
    if (!entry?.busy) return
    entry.busy = false
    inFlight--
    concludeLook(entry, ok, latencyMs, code, cause, metrics)
    turns.plan(slot, entry, nextInterval(entry.state, entry.policy, entry.quality?.inDoubt()))
  }

  /** A look that had to wait says what was so when it was made. */
  const noteBegun = (slot: number) => {
    const entry = entries[slot]
    if (!entry?.busy) return
    entry.startedAt = clock.now()
    entry.beganAt = clock.monotonic()
  }

  /** A sleep of this machine, or a stopped process, is no fault of the schedule. */
  const noteLateness = (late: number, due: number) => {
    if (late < DOUBTFUL_MS || (stalls?.during(due) ?? 0) < DEAF_FROM_MS) lateness.add(late)
  }

  const onDue = (slot: number, due: number) => {
    const entry = entries[slot]
    if (!entry) return
    if (entry.type.judge) return passive.judgeInTime(slot, entry)
    const now = clock.monotonic()
    noteLateness(now - due, due)
    entry.due = due
    // After a long stop all of them are due: each waits for its next turn, which lies where it always did.
    if (now - due >= entry.policy.intervalMs) return turns.plan(slot, entry, entry.policy.intervalMs)
    entry.beganAt = now
    entry.busy = true
    entry.startedAt = clock.now()
    inFlight++
    entry.runner!.start(slot, entry.options, entry.timeoutMs)
  }

  const passive = createPassive({ clock, stalls, entries, conclude, schedule: (slot, at) => turns.schedule(slot, at) })
  const turns = createTurns({ monotonic: clock.monotonic, onDue, timers })
  const runners = createRunners(tools, finish, noteBegun, { monotonic: clock.monotonic, timers })

  const drop = (slot: number) => {
    const entry = entries[slot]
    if (!entry) return
    turns.cancel(slot)
    if (entry.busy) {
      entry.runner?.cancel(slot)
      inFlight--
    }
    paths?.forget(entry)
    slotOf.delete(entry.id)
    turns.uncount(entry.policy.intervalMs)
    entries[slot] = undefined
    freeSlots.push(slot)
  }

  const add = (scheduled: ScheduledMonitor, order: number, starting: number, turn?: number) => {
    const { monitor, allowed } = scheduled
    const type = probeTypes.get(monitor.type)
    if (!type) return
    const slot = freeSlots.pop() ?? entries.length
    const due = turn ?? turns.first(order, starting, monitor.intervalMs, type.together)
    const policy = policyOf(monitor, type)
    const entry = createEntry(scheduled, { type, policy, lent: runners.of(type, allowed), due, now: clock.now() })
    entries[slot] = entry
    paths?.follow(entry)
    slotOf.set(monitor.id, slot)
    turns.schedule(slot, due)
  }

  /** Another target is another monitor. */
  const replace = (entry: Entry, slot: number, scheduled: ScheduledMonitor, order: number, starting: number) => {
    const { intervalMs } = scheduled.monitor
    drop(slot)
    turns.count(intervalMs)
    add(scheduled, order, starting, turns.afterChange(entry, intervalMs, order, starting))
  }

  /** Takes over new settings without losing the turn or the state. */
  const update = (entry: Entry, slot: number, scheduled: ScheduledMonitor, { order, starting, upserted }: Placing) => {
    const { monitor, allowed } = scheduled
    if (!sameTarget(entry, monitor)) return replace(entry, slot, scheduled, order, starting)
    const [faster, slower] = [isFaster(entry, monitor), isSlower(entry, monitor)]
    turns.uncount(entry.policy.intervalMs)
    turns.count(monitor.intervalMs)
    entry.timeoutMs = monitor.timeoutMs
    takePolicy(entry, policyOf(monitor, entry.type))
    if (!entry.busy) Object.assign(entry, runners.of(entry.type, allowed))
    // The places of a short interval lie close together in a longer one.
    if (slower) entry.place = turns.first(order, upserted, monitor.intervalMs, entry.type.together)
    if (faster && !entry.busy) {
      entry.due = turns.afterChange(entry, monitor.intervalMs, order, starting)
      entry.place = entry.due
      turns.schedule(slot, entry.due)
    }
  }

  return {
    configure: ({ upsert, remove }) => {
      for (const id of remove) {
        const slot = slotOf.get(id)
        if (slot !== undefined) drop(slot)
      }
      let starting = 0
      for (const { monitor } of upsert) {
        if (monitor.paused || !probeTypes.has(monitor.type)) continue
        const slot = slotOf.get(monitor.id)
        // Known before the first is placed, so that all of them agree on the marks.
        if (slot === undefined) turns.count(monitor.intervalMs)
        const entry = slot === undefined ? undefined : entries[slot]!
        if (!entry || isFaster(entry, monitor) || !sameTarget(entry, monitor)) starting++
      }
      for (const [order, scheduled] of upsert.entries()) {
        const slot = slotOf.get(scheduled.monitor.id)
        if (scheduled.monitor.paused) {
          if (slot !== undefined) drop(slot)
        } else if (slot === undefined) add(scheduled, order, starting)
        else update(entries[slot]!, slot, scheduled, { order, starting, upserted: upsert.length })
      }
    },
    hurry: (monitorIds) => {
      const now = clock.monotonic()
      for (const id of monitorIds) {
        const slot = slotOf.get(id)
        const entry = slot === undefined ? undefined : entries[slot]
        // One that is being looked at answers soon anyway.
        if (slot !== undefined && entry && !entry.busy && !entry.type.judge) turns.schedule(slot, now)
      }
    },
    signal: (monitorId, signal) => {
      const slot = slotOf.get(monitorId)
      const entry = slot === undefined ? undefined : entries[slot]
      if (slot === undefined || !entry?.type.judge) return
      entry.lastSignal = signal
      passive.judge(slot, entry)
    },
    beat: passive.beat,
    eachHost: (visit) => {
      for (const entry of entries)
        for (const host of entry?.type.hosts?.(entry.options as never) ?? []) visit(host, versionOf(entry!.options))
    },
    shift: (byMs) => {
      for (const entry of entries) if (entry) shiftEntry(entry, byMs)
    },
    stats: () => ({
      monitors: slotOf.size,
      inFlight,
      overruns: turns.overruns(),
      results: counts(),
      lateness: lateness.figures(),
    }),
    close: () => {
      turns.close()
      runners.close()
    },
  }
}
