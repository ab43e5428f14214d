import {
  afterChange,
  calmAt,
  FLAP_POLICY,
  type FlapState,
  NOT_FLAPPING,
  stillFlapping,
} from '#core/monitor/flapping.ts'
import type { Transition } from '#core/monitor/transition.ts'

/** A monitor that flapped and then stays down is told of after this; a look that finds it well begins the wait anew. */
const STAYS_DOWN_MS = 300_000

export interface UnrestDeps {
  readonly isDown: (monitorId: number) => boolean
  /** False where a monitor's own settings say that it never flaps. */
  readonly mayFlap: (monitorId: number) => boolean
  /** True when a look at the monitor that began at or after `since` found it well. */
  readonly seenWellSince: (monitorId: number, since: number) => boolean
  /** Since when monitors are looked at, ms; null while they are not. */
  readonly lookingSince: () => number | null
  /** How long the calm of one above still explains unrest below, ms. */
  readonly graceMs: number
}

/** Who flaps, in memory: the latest changes of every monitor, and when those that flapped were calm again. Times in ms. */
export const createUnrest = ({ isDown, mayFlap, seenWellSince, lookingSince, graceMs }: UnrestDeps) => {
  const flapping = new Map<number, FlapState>()
  const calmedAt = new Map<number, number>()

  const flaps = (id: number): boolean => (flapping.get(id)?.since ?? null) !== null

  /**
   * One that answers now and then, though never for long enough to count as up, is as restless as one whose state changes:
   * each answer counts as a change.
   */
  const noteWell = (id: number, state: FlapState, now: number) => {
    if (isDown(id) && seenWellSince(id, state.changes.at(-1)! + 1))
      flapping.set(id, afterChange(state, FLAP_POLICY, now))
  }

  const calmTime = (id: number, state: FlapState, now: number): number => {
    if (!isDown(id)) return calmAt(state, FLAP_POLICY, now) ?? Number.POSITIVE_INFINITY
    return Math.max(state.changes.at(-1)!, lookingSince() ?? now) + STAYS_DOWN_MS
  }

  return {
    /** Takes in a change of state. */
    note: ({ monitorId, from, to, at }: Transition): void => {
      if (from === 'unknown' || to === 'unknown' || (from !== 'down' && to !== 'down')) return
      if (!mayFlap(monitorId)) return
      const before = flapping.get(monitorId) ?? NOT_FLAPPING
      // A change that could not be stored is taken in again.
      if (before.changes.at(-1) !== at) flapping.set(monitorId, afterChange(before, FLAP_POLICY, at))
    },

    /** These flapped when a server ran before; of these others that are down it had told that they stay so. */
    restore: (restless: readonly number[], told: readonly number[], now: number): void => {
      const flapped = new Set(restless)
      for (const id of told) if (flaps(id) && isDown(id) && !flapped.has(id)) flapping.delete(id)
      for (const id of restless) flapping.set(id, stillFlapping(flapping.get(id) ?? NOT_FLAPPING, now))
    },

    /** Since when a monitor flaps, and how often it changed; undefined while it does not. */
    of: (id: number): { readonly since: number; readonly changes: number } | undefined => {
      const state = flapping.get(id)
      return state && state.since !== null ? { since: state.since, changes: state.changes.length } : undefined
    },

    /** What explains that a monitor flaps: something above it does, or did until shortly before its own latest change. */
    explainedBy: (id: number, above: readonly number[]): readonly number[] => {
      if (!flaps(id)) return []
      const changedAt = flapping.get(id)!.changes.at(-1)!
      return above.filter((one) => flaps(one) || changedAt < (calmedAt.get(one) ?? 0) + graceMs)
    },

    /** Those that have calmed down by now; each is named once. */
    calmed: (now: number): readonly number[] => {
      for (const [id, state] of flapping) if (state.since !== null) noteWell(id, state, now)
      const restless = [...flapping].filter(([id]) => flaps(id))
      const calm = restless.filter(([id, state]) => calmTime(id, state, now) <= now).map(([id]) => id)
      for (const id of calm) {
        flapping.delete(id)
        calmedAt.set(id, now)
      }
      return calm
    },

    /** The clock is set by so much: what is remembered moves with it. */
    shift: (byMs: number): void => {
      for (const [id, at] of calmedAt) calmedAt.set(id, at + byMs)
      for (const [id, { changes, since }] of flapping)
        flapping.set(id, { changes: changes.map((at) => at + byMs), since: since === null ? null : since + byMs })
    },

    /** Nothing is known any more of other monitors than these. */
    forgetAllBut: (kept: ReadonlySet<number>): void => {
      for (const known of [flapping, calmedAt]) for (const id of known.keys()) if (!kept.has(id)) known.delete(id)
    },
  }
}
