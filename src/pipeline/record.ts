import type { Monitor } from '#core/monitor.ts'
import { monitorEvent } from '#core/monitor-event.ts'
import type { Rule } from '#core/rule.ts'
import type { Transition } from '#core/transition.ts'
import type { Storage } from '#storage/index.ts'
import { evaluate } from './evaluate.ts'

export interface RecordDeps {
  readonly storage: Storage
  readonly now: () => number
  /** The monitor of an id, with its target for people; undefined when it was removed meanwhile. */
  readonly monitorOf: (
    id: number,
  ) => { readonly monitor: Monitor; readonly target: string; readonly rule: Rule } | undefined
}

/**
 * Commits changes of state together with everything that follows from them: transition, event, alert, notifications,
 * in one transaction, so that a crash leaves either all of it or none, and the change is found again by probing.
 */
export const recordTransitions = async (
  transitions: readonly Transition[],
  { storage, now, monitorOf }: RecordDeps,
): Promise<void> =>
  storage.transaction(async (repositories) => {
    for (const transition of transitions) {
      const known = monitorOf(transition.monitorId)
      if (!known) continue
      await repositories.transitions.insert(transition)
      await repositories.states.save(transition)
      const event = await repositories.events.insert({
        ...monitorEvent(known.monitor, transition, known.target),
        receivedAt: now(),
      })
      const rules = known.rule.channelIds.length > 0 ? [known.rule] : []
      await evaluate({ event, rules, monitor: known.monitor, now: now() }, repositories)
    }
  })
