import type { Span } from '#core/monitor/uptime.ts'
import type { Signal } from '#core/probe.ts'
import type { KnownMonitor } from '#pipeline/decide/registry.ts'
import { probeTypes } from '#probes/index.ts'
import type { StoredState } from '#storage/states.ts'

type Watched = KnownMonitor['monitor']

/** Since when the silence of a passive monitor counts, ms: neither a pause nor our own absence is held against it. */
export const silentSinceOf = ({ type, options }: Watched, last: Signal, absences: readonly Span[]): number => {
  const from = Math.max(last.at, last.countsFrom ?? 0)
  return probeTypes.get(type)?.silentSince?.(from, absences, options as never) ?? from
}

/**
 * The last calls with what pauses make of them: one that was made before a pause is marked while it lasts, and counts
 * from its end. Those that change are to be stored.
 */
export const acrossPauses = (
  monitors: readonly Watched[],
  states: ReadonlyMap<number, StoredState>,
  now: number,
): ReadonlyMap<number, Signal> => {
  const changed = new Map<number, Signal>()
  for (const { id, type, paused } of monitors) {
    const last = states.get(id)?.lastSignal
    if (!last || !probeTypes.get(type)?.silentSince || (last.paused ?? false) === paused) continue
    const { paused: _, ...rest } = last
    changed.set(id, paused ? { ...rest, paused } : { ...rest, countsFrom: now })
  }
  return changed
}
