import type { Transition } from '#core/monitor/transition.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { Storage } from '#storage/index.ts'
import type { StoredState } from '#storage/states.ts'
import { worded } from '#templates/said.ts'
import type { Recording } from './recording.ts'

export interface KnownStatesDeps {
  readonly storage: Storage
  readonly persistence: Pick<Persistence, 'trouble'>
  readonly recording: Pick<Recording, 'waiting'>
}

const changed = (stored: StoredState | undefined, transition: Transition): StoredState => {
  const { monitorId, from, to, since, code, cause, sentence } = worded(transition)
  return {
    monitorId,
    state: to,
    beneath: to === 'unknown' ? from : to,
    since,
    code,
    cause,
    sentence,
    lastSignal: stored?.lastSignal ?? null,
  }
}

/** The store for who shows it to people: while it takes no writes, states are what was decided and waits for it. */
export const createKnownStates = ({ storage, persistence, recording }: KnownStatesDeps): Storage => {
  const asDecided = (stored: StoredState[], concerns: (monitorId: number) => boolean): StoredState[] => {
    if (persistence.trouble() === undefined) return stored
    const states = new Map(stored.map((state) => [state.monitorId, state]))
    for (const change of recording.waiting())
      if (concerns(change.monitorId)) states.set(change.monitorId, changed(states.get(change.monitorId), change))
    return [...states.values()]
  }
  return {
    ...storage,
    states: {
      ...storage.states,
      all: async () => asDecided(await storage.states.all(), () => true),
      some: async (ids) => {
        const wanted = new Set(ids)
        return asDecided(await storage.states.some(ids), (id) => wanted.has(id))
      },
    },
  }
}
