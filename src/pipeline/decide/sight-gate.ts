import { because } from '#core/cause/cause.ts'
import { foldTransitions } from '#core/monitor/fold-transitions.ts'
import { createSight, type SightPolicy } from '#core/monitor/sight.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { errorIndex } from '#core/result/result.ts'
import type { LiveBatch } from '#core/result/result-batch.ts'

export interface SightGateDeps {
  readonly policy: SightPolicy
  readonly now: () => number
  /** Stores changes of state. */
  readonly record: (transitions: readonly Transition[]) => void
  /** True when a look at the monitor at or after `since` failed. */
  readonly failedSince: (monitorId: number, since: number) => boolean
  /** Hears that sight was lost, and how many witnesses do not answer. */
  readonly onBlind: (since: number, failing: number) => void
  /**
   * Hears that sight has returned, once failures count again: by then it is known what fails of what fell meanwhile
   * (`fallen`). Sight that is lost again before that is the same blindness, and told once.
   */
  readonly onSight: (blindSince: number, returnedAt: number, fallen: readonly number[]) => void
}

/** A verdict that waits for the witnesses, since `at`, ms. */
interface Waiting {
  readonly transition: Transition
  readonly at: number
}

/** What a gate leaves to the one that takes its place. */
export interface Remains {
  /** Since when we are blind, ms, while the end of it has not been told; null otherwise. */
  readonly blindSince: number | null
  readonly waiting: readonly Waiting[]
  readonly hidden: ReadonlyMap<number, Transition>
}

/** Of a server that ran before: what it had hidden is unknown to the new one as well, and is found anew. */
export const blindBefore = (since: number | null): Remains => ({ blindSince: since, waiting: [], hidden: new Map() })

/** Stands between the engine's verdicts and what is recorded of them. */
export interface SightGate {
  /** Changes of state as the engine found them. */
  take(transitions: readonly Transition[]): void
  /** Looks as they came, those at witnesses among them. */
  results(batch: Pick<LiveBatch, 'count' | 'monitorIds' | 'at' | 'codes'>): void
  /** A look at a witness. */
  witness(monitorId: number, ok: boolean, at: number): void
  /** Lets go of what has waited too long, tells that sight has returned, and what is still down after that. */
  tick(): void
  /** The clock is set by so much: what is kept back moves with it. */
  shift(byMs: number): void
  /** Since when we are blind, ms, while the end of it has not been told; null otherwise. */
  blindSince(): number | null
  /** True while what the engine found of a monitor is kept back. */
  holds(monitorId: number): boolean
  remains(): Remains
}

const NOT_RESOLVED = errorIndex('resolver_silent')

/** A verdict waits this long for the witnesses; then it is believed. */
const PATIENCE_MS = 10_000

const isTrouble = ({ to }: Transition): boolean => to === 'down' || to === 'degraded'

const moved = (transition: Transition, byMs: number): Transition => ({
  ...transition,
  at: transition.at + byMs,
  since: transition.since + byMs,
  previousSince: transition.previousSince + byMs,
})

/** Nothing is known of the target: the trouble is on our side. */
const unseen = (transition: Transition): Transition => ({
  ...transition,
  to: 'unknown',
  code: 'witnesses_down',
  cause: because('witnesses_silent'),
  facts: {},
})

/**
 * Keeps our own blindness from being taken for outages. A monitor that falls while we cannot see becomes unknown, its
 * time is left out of availability, and nothing is told of it; when sight has returned and it still fails, it falls then.
 */
export const createSightGate = (
  { policy, now, record, failedSince, onBlind, onSight }: SightGateDeps,
  before: Remains = blindBefore(null),
): SightGate => {
  const sight = createSight(policy, before.blindSince)
  const witnesses = new Set(policy.witnesses)
  /** Verdicts that wait for the witnesses, by monitor, in the order in which they came: all may fall at once. */
  const waiting = new Map(before.waiting.map((one) => [one.transition.monitorId, one]))
  /** What the engine believes of monitors that are recorded as unknown. */
  const hidden = new Map(before.hidden)
  /** Since when we are blind, or were and have not told the end of it. */
  let untold = before.blindSince

  const through = (transition: Transition): Transition => {
    const before = hidden.get(transition.monitorId)
    hidden.delete(transition.monitorId)
    return before ? { ...transition, from: 'unknown', previousSince: before.since } : transition
  }

  const hide = (transition: Transition): Transition[] => {
    const already = hidden.has(transition.monitorId)
    hidden.set(transition.monitorId, transition)
    return already ? [] : [unseen(transition)]
  }

  /** What can be recorded of a verdict now; undefined: it must wait. */
  const settle = (transition: Transition, patient: boolean): Transition[] | undefined => {
    if (witnesses.has(transition.monitorId) || !isTrouble(transition)) return [through(transition)]
    const verdict = sight.judge(transition.since, now())
    if (verdict === 'blind') return hide(transition)
    return verdict === 'see' || !patient ? [through(transition)] : undefined
  }

  const settleWaiting = () => {
    const settled = [...waiting.values()].flatMap(({ transition, at }) => {
      const found = settle(transition, now() - at < PATIENCE_MS)
      if (found) waiting.delete(transition.monitorId)
      return found ?? []
    })
    if (settled.length > 0) record(settled)
  }

  const take = (transitions: readonly Transition[]) => {
    const settled = transitions.flatMap((latest) => {
      const held = waiting.get(latest.monitorId)
      // It changed again before anybody could say whose fault the first change was, which nobody has recorded.
      if (held) waiting.delete(latest.monitorId)
      const [transition] = held ? foldTransitions([held.transition, latest]) : [latest]
      if (!transition) return []
      const found = settle(transition, true)
      if (!found) waiting.set(transition.monitorId, { transition, at: now() })
      return found ?? []
    })
    if (settled.length > 0) record(settled)
  }

  /** When sight returned, once that is long enough ago for failures to count. */
  const trusted = (): number | undefined => {
    const returned = sight.returnedAt()
    if (returned === null || sight.blindSince() !== null || now() < returned + policy.holdMs) return undefined
    return returned
  }

  const tellSight = (returned: number) => {
    if (untold === null) return
    const since = untold
    untold = null
    onSight(
      since,
      returned,
      [...hidden.keys()].filter((id) => failedSince(id, returned)),
    )
  }

  /**
   * Whether trouble that was hidden is there after failures count again: an outage by a look that failed since, a bad
   * line by nothing better being said of it until its window has filled anew.
   */
  const isThere = ({ monitorId, to, facts }: Transition, trustedAt: number): boolean =>
    to === 'down' ? failedSince(monitorId, trustedAt) : now() >= trustedAt + (facts.over_ms ?? 0)

  const reveal = (returned: number) => {
    if (hidden.size === 0) return
    const fallen = [...hidden].filter(([, transition]) => isThere(transition, returned + policy.holdMs))
    record(
      fallen.map(([, transition]) =>
        // Before that nothing was known, so it counts from when it could be seen.
        through({ ...transition, at: now(), since: returned }),
      ),
    )
  }

  const witness = (id: number, ok: boolean, at: number) => {
    if (sight.result(id, ok, at) === 'began' && untold === null) {
      untold = sight.blindSince()!
      onBlind(untold, sight.failing())
    }
    if (waiting.size > 0) settleWaiting()
  }

  return {
    take,
    witness,
    results: ({ count, monitorIds, at, codes }) => {
      for (let index = 0; index < count; index++)
        // Whose name nobody resolves was not looked at: that says nothing of our connection.
        if (witnesses.has(monitorIds[index]!) && codes[index] !== NOT_RESOLVED)
          witness(monitorIds[index]!, codes[index] === 0, at[index]!)
    },
    tick: () => {
      if (waiting.size > 0) settleWaiting()
      const returned = trusted()
      if (returned === undefined) return
      tellSight(returned)
      reveal(returned)
    },
    shift: (byMs) => {
      sight.shift(byMs)
      for (const [id, { transition, at }] of waiting)
        waiting.set(id, { transition: moved(transition, byMs), at: at + byMs })
      for (const [id, transition] of hidden) hidden.set(id, moved(transition, byMs))
      if (untold !== null) untold += byMs
    },
    blindSince: () => untold,
    holds: (monitorId) => hidden.has(monitorId) || waiting.has(monitorId),
    remains: () => ({ blindSince: untold, waiting: [...waiting.values()], hidden }),
  }
}
