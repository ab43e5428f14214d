import type { Clock } from '#lib/time/clock.ts'
import type { ConclusionDeps, createConclusion } from './conclude.ts'
import type { Entry } from './entry.ts'

/** Who stood still for so long may not have heard a call, ms. */
export const DEAF_FROM_MS = 5000
/** After it the calls that wait are heard within this time, ms. */
const DOOR_MS = 2000

interface PassiveDeps extends Pick<ConclusionDeps, 'stalls'> {
  readonly clock: Clock
  /** All that are scheduled, by their slots; only passive ones are touched. */
  readonly entries: readonly (Entry | undefined)[]
  readonly conclude: ReturnType<typeof createConclusion>['conclude']
  /** Sets when a slot is due, ms of the monotonic clock. */
  readonly schedule: (slot: number, at: number) => void
}

/** Passive monitors: judged by what was heard of them, and not for what could not be heard while we stood still. */
export const createPassive = ({ clock, stalls, entries, conclude, schedule }: PassiveDeps) => {
  /** We did not listen for so long, until then (monotonic), and it is not reckoned with yet. */
  let deaf: { readonly ms: number; readonly endedAt: number } | undefined

  const judge = (slot: number, entry: Entry) => {
    const now = clock.now()
    const { outcome, nextAt } = entry.type.judge!(entry.lastSignal, entry.silentSince, now, entry.options as never)
    if (outcome) {
      const { ok, latencyMs = Number.NaN, error } = outcome
      conclude(entry, ok, latencyMs, error?.code ?? 'ok', error?.cause, undefined, now)
    }
    // A wall-clock wait, re-checked every minute at least, so that a clock that is set cannot delay the verdict.
    schedule(slot, clock.monotonic() + Math.min(Math.max(nextAt - now, 10), 60_000))
  }

  /** While we stood still we heard nobody. Calls that came meanwhile wait at the door: they are heard first. */
  const stoodStill = (ms: number) => {
    if (ms < DEAF_FROM_MS) return
    deaf = { ms: ms + (deaf?.ms ?? 0), endedAt: clock.monotonic() }
    for (const [slot, entry] of entries.entries()) if (entry?.type.judge) schedule(slot, deaf.endedAt + DOOR_MS)
  }

  /** What we did not hear is not held against passive monitors. By now the clock has followed a sleep. */
  const forgive = ({ ms, endedAt }: NonNullable<typeof deaf>) => {
    const to = clock.now() - (clock.monotonic() - endedAt)
    for (const entry of entries) {
      if (!entry?.type.judge) continue
      const from = Math.max(entry.silentSince, entry.lastSignal?.at ?? 0)
      entry.silentSince = entry.type.silentSince?.(from, [{ from: to - ms, to }], entry.options as never) ?? from
    }
    deaf = undefined
  }

  const beat = () => stoodStill(stalls?.beat() ?? 0)

  const judgeInTime = (slot: number, entry: Entry) => {
    beat()
    if (deaf && clock.monotonic() < deaf.endedAt + DOOR_MS) return schedule(slot, deaf.endedAt + DOOR_MS)
    if (deaf) forgive(deaf)
    judge(slot, entry)
  }

  return {
    /** Concludes what its calls and its silence come to, and when to ask again. */
    judge,
    /** The same of one that is due, once all is heard that waited. */
    judgeInTime,
    /** Called each second: knows whether we stood still. */
    beat,
  }
}
