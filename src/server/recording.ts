import type { Logger } from 'pino'
import type { MonitorPath } from '#core/path.ts'
import type { Transition } from '#core/transition.ts'
import { createTurns } from '#lib/turns.ts'
import { createLastHops } from '#pipeline/last-hop.ts'
import type { Persistence } from '#pipeline/persistence.ts'
import { type RecordDeps, recordTransitions } from '#pipeline/record.ts'
import { probeTypes } from '#probes/index.ts'
import type { Faults } from './faults.ts'
import { type Live, publishEvents } from './live-event.ts'

export interface RecordingDeps {
  readonly looking: RecordDeps
  readonly persistence: Persistence
  readonly live: Live
  /** Something new is in the outbox. */
  readonly wake: () => void
  /** Looks at these monitors at once. */
  readonly hurry: (monitorIds: readonly number[]) => void
  readonly faults: Faults
  readonly log: Pick<Logger, 'info' | 'debug'>
}

/** What the engine found becomes part of the record. */
export interface Recording {
  /** Commits one batch after the other, in the order in which the engine decided them. */
  record(transitions: readonly Transition[]): void
  /** Ways to hosts as they were just seen. */
  paths(paths: readonly MonitorPath[]): void
  /** Does work between what was handed over before and what is handed over later. */
  between(work: () => Promise<void>): Promise<void>
  /** The monitors are others now. */
  renew(): void
  /** Resolves when everything that was handed over until now is stored, or given up. */
  settled(): Promise<void>
}

export const createRecording = (deps: RecordingDeps): Recording => {
  const { looking, persistence, live, wake, hurry, faults, log } = deps
  const { storage, registry, network } = looking
  const lastHops = createLastHops({
    storage,
    monitors: registry.monitors,
    hostsOf: ({ type, options }) => probeTypes.get(type)?.hosts?.(options) ?? [],
  })
  const inTurn = createTurns()
  let keepingPaths: Promise<void> = Promise.resolve()

  const tell = ({ monitorId, from, to, cause }: Transition) => {
    const name = registry.monitor(monitorId)?.monitor.name
    // A monitor that is seen for the first time and is well is no news.
    const level = from === 'unknown' && to === 'up' ? 'debug' : 'info'
    log[level]({ monitor: name, from, to, ...(cause && { cause }) }, 'state changed')
  }

  const store = async (transitions: readonly Transition[]) => {
    const events = await persistence.write(async () => recordTransitions(await lastHops.place(transitions), looking))
    wake()
    const suspects = network.suspects()
    if (suspects.length > 0) hurry(suspects)
    publishEvents(live, events)
  }

  return {
    record: (transitions) => {
      for (const transition of transitions) tell(transition)
      inTurn(() => store(transitions)).catch(faults.bug)
    },
    paths: (paths) => {
      lastHops.note(paths)
      // What is lost while the store takes no writes is seen again another day.
      if (persistence.trouble()) return
      keepingPaths = storage.transaction((store) => store.paths.save(paths)).catch(faults.passing)
    },
    between: (work) => inTurn(work),
    renew: lastHops.renew,
    settled: async () => {
      await inTurn(async () => {})
      await keepingPaths
    },
  }
}
