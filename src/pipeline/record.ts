import type { VigiaEvent } from '#core/event.ts'
import { monitorEvent } from '#core/monitor-event.ts'
import type { Transition } from '#core/transition.ts'
import { evaluate, newFindings } from './evaluate.ts'
import { type IngestDeps, lookersOf, storeFindings } from './ingest.ts'

export type RecordDeps = Pick<IngestDeps, 'storage' | 'registry' | 'quiets' | 'now' | 'tooOldMs'>

/**
 * Commits changes of state together with everything that follows from them: transition, event, alert, notifications,
 * in one transaction, so that a crash leaves either all of it or none, and the change is found again by probing. Returns
 * the events.
 */
export const recordTransitions = async (
  transitions: readonly Transition[],
  deps: RecordDeps,
): Promise<readonly VigiaEvent[]> =>
  deps.storage.transaction(async (repositories) => {
    const findings = newFindings()
    const events: VigiaEvent[] = []
    for (const transition of transitions) {
      const known = deps.registry.monitor(transition.monitorId)
      if (!known) continue
      await repositories.transitions.insert(transition)
      await repositories.states.save(transition)
      const event = await repositories.events.insert({
        ...monitorEvent(known.monitor, transition, known.target),
        receivedAt: deps.now(),
      })
      events.push(event)
      await evaluate(lookersOf(event, deps), findings, repositories)
    }
    await storeFindings(findings, deps.now(), repositories)
    return events
  })
